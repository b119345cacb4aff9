package firststep

import (
	"errors"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// SecondLayer is Tensor.SecondLayer without the tensor: the gradient in the
// second layer, -dL/dA2 at A2 = 0 (S x S), where the first layer's attention is
// a (T x T, its lower triangle used; rows should sum to 1). It costs one to two
// times as much as Gradient, and has its accuracy and its errors.
func SecondLayer(f graph.Forest, c *markov.Chain, eps float64, attention [][]float64) ([][]float64, error) {
	if c == nil {
		return nil, errors.New("second layer: no chain")
	}
	p, balance, err := newContraction(f, c.Tokens(), eps, attention)
	if err != nil {
		return nil, err
	}
	return newTensorCorrelator(p).sumUp(balance).secondLayer(c), nil
}

// AverageSecondLayer is the mean of SecondLayer over a prior, as Average is
// that of Gradient, over the same chains: S x S.
func AverageSecondLayer(f graph.Forest, prior markov.Prior, eps float64, attention [][]float64, o Options) (Estimate, error) {
	if prior == nil {
		return Estimate{}, errors.New("second layer: no prior")
	}
	p, balance, err := newContraction(f, prior.Tokens(), eps, attention)
	if err != nil {
		return Estimate{}, err
	}
	rows := make([]int, prior.Tokens())
	for q := range rows {
		rows[q] = prior.Tokens()
	}
	return average(rows, prior, o, func(int) evaluator {
		k := newTensorCorrelator(p).sumUp(balance)
		return func(c *markov.Chain, dst [][]float64) {
			for q, row := range k.secondLayer(c) {
				copy(dst[q], row)
			}
		}
	})
}

// newContraction returns what the chains share: beside the plan, the factor
// that an attention gives each pair of positions.
//
// With c_i = (1[s_i in A] - mean over all positions) the sum over i and k of
// a[i][k] c_i 1[s_k=r] is that of b[i][k] 1[s_i in A] 1[s_k=r] over all i and k,
// b[i][k] = a[i][k] - (column sum of a at k)/T.
func newContraction(f graph.Forest, tokens int, eps float64, attention [][]float64) (*plan, [][]float64, error) {
	p, err := newPlan(f, tokens, eps)
	if err != nil {
		return nil, nil, err
	}
	t := f.SequenceLength()
	if err := checkAttention(attention, t); err != nil {
		return nil, nil, err
	}
	balance := square(t)
	for b := range t {
		sum := 0.0
		for i := b; i < t; i++ {
			sum += attention[i][b]
		}
		for i := range t {
			balance[i][b] = -sum / float64(t)
			if i >= b {
				balance[i][b] += attention[i][b]
			}
		}
	}
	return p, balance, nil
}

// sumUp makes the correlator add up all pairs, each with its factor.
func (k *tensorCorrelator) sumUp(balance [][]float64) *tensorCorrelator {
	k.balance = balance
	k.sums, k.gathered = make([]float64, k.weights), make([]float64, k.forest.Positions()*k.tokens*k.width)
	return k
}

// contract adds what cross would keep apart, each pair with its factor: first
// the left factors that each place meets, then one product with its right one.
func (c *correlator) contract(s *separator, width int) {
	gathered := c.gathered[:len(s.positions)*width]
	clear(gathered)
	for x := range len(s.starts) - 1 {
		for p := s.starts[x]; p < s.starts[x+1]; p++ {
			v := s.positions[p]
			left, sum := c.left[p*width:][:width], gathered[p*width:][:width]
			for o := s.starts[x+1]; o < len(s.positions); o++ {
				u := s.positions[o]
				addScaled(sum, c.balance[u][v], c.left[o*width:][:width])
				addScaled(gathered[o*width:][:width], c.balance[v][u], left)
			}
		}
	}
	for p := range s.positions {
		dots(c.sums, gathered[p*width:][:width], c.right[p*c.weights*width:][:c.weights*width])
	}
}

// secondLayer is the gradient of one chain.
func (k *tensorCorrelator) secondLayer(chain *markov.Chain) [][]float64 {
	n, r := k.forest.Positions(), k.weights
	flat := make([]float64, k.tokens*k.tokens)
	for s := range k.tokens {
		k.correlate(chain, s)
		for q := range k.tokens {
			m, last := 0, 0.0 // last: 1[s_T in A_s]
			if q == s {
				m = 1
			}
			if k.indicator[q] {
				last = 1
			}
			for at := range k.tokens {
				x := m*k.tokens + at
				sum := k.sums[x]
				for v := range n {
					sum += float64(last * float64(k.balance[n][v]*k.held[v*r+x]))
				}
				if at == q { // s_T = q; balance[i][n] is the same for every i < n
					sum += float64(k.balance[0][n]*k.inside[m]) + float64(k.balance[n][n]*float64(last*k.total[m]))
				}
				flat[q*k.tokens+at] += float64(chain.P(q, s) * sum)
			}
		}
	}
	// The quadrature gives 1/(T (muhat+eps)), which cancels the 1/T.
	return secondLayer(flat, k.tokens, float64(k.tokens))
}

// secondLayer makes an S x S matrix of its entries, divided by scale.
func secondLayer(flat []float64, tokens int, scale float64) [][]float64 {
	g := make([][]float64, tokens)
	for q := range g {
		g[q] = flat[q*tokens:][:tokens]
		for r := range g[q] {
			g[q][r] /= scale
		}
	}
	return g
}
