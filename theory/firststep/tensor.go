package firststep

import (
	"errors"
	"fmt"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Tensor is the first-order landscape of the reduced model for one chain
// (theory/README.md, section 8): with 0-based positions and tokens,
//
//	H[i][k][q][r] = E[ c_i(q) 1[s_k=r] | s_T=q ],   k <= i,
//
// so that for every first layer, whose attention is a (rows summing to 1), the
// loss is L(0, 0) - 1/(S T) sum of a[i][k] A2[q][r] H[i][k][q][r] + O(|A2|^2).
type Tensor struct {
	length, tokens int
	entries        []float64 // [i(i+1)/2+k][q][r]
}

// MaxTensor bounds the entries of a tensor: 1 GiB.
const MaxTensor = 1 << 27

// NewTensor computes the tensor with the messages of Gradient, whose argument
// checks it shares; a tensor of more than 2^27 entries, T^2 S^2 / 2, is refused.
// Errors are below 1e-12, relative to the largest entry. The cost is that of
// Gradient times 2 to S. SecondLayer gives its sum with one attention without the
// tensor, in one to two times that of Gradient.
func NewTensor(f graph.Forest, c *markov.Chain, eps float64) (*Tensor, error) {
	if c == nil {
		return nil, errors.New("tensor: no chain")
	}
	p, err := newPlan(f, c.Tokens(), eps)
	if err != nil {
		return nil, err
	}
	t, s := f.SequenceLength(), c.Tokens()
	size := t * (t + 1) / 2 * s * s
	if size > MaxTensor {
		return nil, fmt.Errorf("tensor: T = %d and S = %d make %d entries, want at most %d", t, s, size, MaxTensor)
	}
	h := &Tensor{length: t, tokens: s, entries: make([]float64, size)}
	k := newTensorCorrelator(p)
	k.keepPairs()
	for token := range s {
		k.correlate(c, token)
		k.fold(c, token, h)
	}
	return h, nil
}

// SequenceLength is T.
func (h *Tensor) SequenceLength() int { return h.length }

// Tokens is S.
func (h *Tensor) Tokens() int { return h.tokens }

// At is H[i][k][q][r], k <= i.
func (h *Tensor) At(i, k, q, r int) float64 { return h.block(i, k)[q*h.tokens+r] }

// block is the S x S matrix of a pair of positions.
func (h *Tensor) block(i, k int) []float64 {
	square := h.tokens * h.tokens
	return h.entries[(i*(i+1)/2+k)*square:][:square]
}

// Payoffs returns F[i][k] = sum_q H[i][k][q][q], T x T, zero above the
// diagonal: what the attention of row i earns at k for A2 = I.
func (h *Tensor) Payoffs() [][]float64 {
	f := square(h.length)
	for i, row := range f {
		for k := range i + 1 {
			block := h.block(i, k)
			for q := range h.tokens {
				row[k] += block[q*h.tokens+q]
			}
		}
	}
	return f
}

// SecondLayer returns -dL/dA2 at A2 = 0 where the first layer's attention is
// a (T x T, its lower triangle used): 1/(S T) sum over i and k of a[i][k]
// H[i][k], an S x S matrix. An attention of another shape is an error.
func (h *Tensor) SecondLayer(attention [][]float64) ([][]float64, error) {
	if err := checkAttention(attention, h.length); err != nil {
		return nil, err
	}
	flat := make([]float64, h.tokens*h.tokens)
	for i, row := range attention {
		for k, a := range row[:i+1] {
			addScaled(flat, a, h.block(i, k))
		}
	}
	return secondLayer(flat, h.tokens, float64(h.tokens*h.length)), nil
}

func checkAttention(attention [][]float64, length int) error {
	if len(attention) != length {
		return fmt.Errorf("attention: %d rows, want %d", len(attention), length)
	}
	for i, row := range attention {
		if len(row) < i+1 {
			return fmt.Errorf("attention[%d]: %d entries, want at least %d", i, len(row), i+1)
		}
	}
	return nil
}

// tensorCorrelator keeps the tokens r at k, and whether the last position adds
// one to the count of s, apart: weight number m S + r is z^m 1[s_k = r].
type tensorCorrelator struct {
	*correlator
	power [2][]float64 // [width]: scale z^m

	// Sums over the nodes, of one token s.
	total  [2]float64 // of power[m]
	inside []float64  // [2]: the sum over i < T of E[1[s_i in A_s]]
	held   []float64  // [T-1][R]: E[1[s_k = r]]
}

func newTensorCorrelator(p *plan) *tensorCorrelator {
	r := 2 * p.tokens
	k := &tensorCorrelator{correlator: correlatorOf(p, r), inside: make([]float64, 2), held: make([]float64, p.forest.Positions()*r)}
	k.powers = true
	for m := range k.power {
		k.power[m] = make([]float64, p.width)
	}
	return k
}

// correlate sets pairs, column and the sums of single positions for one token.
func (k *tensorCorrelator) correlate(chain *markov.Chain, s int) {
	for _, sums := range [][]float64{k.pairs, k.column, k.sums, k.total[:], k.inside, k.held} {
		clear(sums)
	}
	for from := 0; from < len(k.rule.node); from += k.width {
		k.tilt(chain, s, from, min(from+k.width, len(k.rule.node)))
		clear(k.weight)
		for r := range k.tokens {
			fill(k.at(k.weight, r, r), 1)
			copy(k.at(k.weight, k.tokens+r, r), k.z)
		}
		copy(k.power[0], k.scale)
		product(k.power[1], k.scale, k.z)
		k.steps()
		k.singles()
		k.ends()
		k.pairUp()
	}
}

// ends adds what needs one position of the prefix or none.
func (k *tensorCorrelator) ends() {
	if k.balance == nil {
		add(k.column[:len(k.same)], k.same)
	} else {
		for v := range k.forest.Positions() {
			addScaled(k.sums, k.balance[v][v], k.same[v*k.weights:][:k.weights])
		}
	}
	for m, power := range k.power {
		for _, v := range power {
			k.total[m] += v
		}
		for v := range k.forest.Positions() {
			for r, in := range k.indicator {
				p := dot(k.at(k.tilted.marginal, v, r), power)
				k.held[v*k.weights+m*k.tokens+r] += p
				if in {
					k.inside[m] += p
				}
			}
		}
	}
}

// fold adds the sums of one token to the tensor. The last position holds q.
func (k *tensorCorrelator) fold(chain *markov.Chain, s int, h *Tensor) {
	n, t, r := k.forest.Positions(), float64(h.length), k.weights
	for q := range k.tokens {
		m, last := 0, 0.0 // last: 1[s_T in A_s]
		if q == s {
			m = 1
		}
		if k.indicator[q] {
			last = 1
		}
		scale := t * chain.P(q, s) // the quadrature gives 1/(T (muhat+eps))
		for at := range k.tokens {
			x := m*k.tokens + at
			for b := range n {
				held := k.held[b*r+x]
				mean := (k.column[b*r+x] + float64(last*held)) / t
				for i := b; i < n; i++ {
					h.block(i, b)[q*k.tokens+at] += float64(scale * (k.pairs[(i*h.length+b)*r+x] - mean))
				}
				h.block(n, b)[q*k.tokens+at] += float64(scale * (float64(last*held) - mean))
			}
		}
		inside := float64(last * k.total[m])
		h.block(n, n)[q*k.tokens+q] += float64(scale * (inside - (k.inside[m]+inside)/t))
	}
}
