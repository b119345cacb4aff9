package firststep

import (
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// correlator sums, over tokens s and powers of z, the two-point function
//
//	W[i][k] = sum_{s,q} pi[q][s] E[ h_s 1[s_i in A_s] 1[s_k = q] | s_T = q ],
//	h_s = 1/(muhat_s + eps) where muhat_s > 0,
//
// for every k <= i, and its mean over all i (not only i >= k), which is the
// term with muhat_s in place of the indicator. A_s is {s} or, with a minus
// sign, its complement: 1[s_i=s] - muhat_s is the same either way, and for a
// token that nearly every position holds the complement is the side that does
// not cancel. (With the complement muhat_s = 0 does not vanish by itself: h_s
// is then some finite number, and its term equals its mean.)
//
// What a token at k contributes is a weight. W has one, in which the tokens q
// are summed; the tensor (NewTensor) keeps them apart and has 2 S weights.
type correlator struct {
	*plan
	tilted  *tilted
	weights int // R, 1 or 2 S

	// powers tells that the weights are powers of z at single tokens: number
	// m S + r is z^m 1[s_k = r]. Kernels then are their own weights.
	powers bool

	z         []float64 // [width]: the nodes
	indicator []bool    // [S]: A_s
	weight    []float64 // [R][S][width]: what a token at k contributes; W: pi[q][s] z^(1[q=s])
	scale     []float64 // [width]: quadrature weight, normalising constant, sign

	// One step along an edge, applied to the indicator and to W's weight:
	// [T-1][S][width] both, given the parent's token (down) or the child's (up).
	downIndicator, downWeight, upIndicator, upWeight []float64

	left    []float64   // [places][S][width]: the factor of i in a pair, given the separator's token
	right   []float64   // [places][R][S][width]: the factor of k
	kernel  [][]float64 // [places]: from the separator's token to the place's
	kernels []float64   // memory for kernel
	columns []float64   // [S][S], scratch of compose
	same    []float64   // [T-1][R]: the pair of a position with itself
	sum     []float64   // [S][width], scratch

	// absolute leaves the sign of complements out: pairs and column are then the
	// sums of what they are made of without any cancelling, a measure of rounding.
	absolute bool

	pairs  []float64 // [T][T][R]: sums of products on and below the diagonal
	column []float64 // [T][R]: sums of pairs over all i

	crew []*correlator // that work for this one (see shared.go)
	late *addends      // what is kept back from column; nil where nothing is

	// In place of pairs and column where only one sum of all pairs is wanted
	// (SecondLayer); nil otherwise.
	balance  [][]float64 // [T][T]: the pair's factor in the sum
	gathered []float64   // [places][S][width], scratch
	sums     []float64   // [R]
}

// dominantProbability is the stationary probability above which A_s is the
// complement of s. Below it {s} loses a digit at most; and the complement pays
// for a count of 0, which is rare only for a token that dominates.
const dominantProbability = 0.9

// newCorrelator makes the correlator of W, with a crew of up to so many workers.
func newCorrelator(p *plan, workers int) *correlator {
	c := correlatorOf(p, 1)
	site := p.forest.Positions() * p.tokens * p.width
	c.downWeight, c.upWeight = make([]float64, site), make([]float64, site)
	return c.keepPairs().share(workers)
}

// correlatorOf makes a correlator of R weights, without room for their steps
// along edges and for pairs.
func correlatorOf(p *plan, weights int) *correlator {
	n, s, w := p.forest.Positions(), p.tokens, p.width
	site := n * s * w
	return &correlator{
		plan: p, tilted: newTilted(n, s, w), weights: weights, z: make([]float64, w),
		indicator: make([]bool, s), weight: make([]float64, weights*s*w), scale: make([]float64, w),
		downIndicator: make([]float64, site), upIndicator: make([]float64, site),
		left: make([]float64, site), right: make([]float64, weights*site),
		kernel: make([][]float64, n), kernels: make([]float64, site*s),
		columns: make([]float64, s*s), same: make([]float64, n*weights), sum: make([]float64, s*w),
	}
}

// keepPairs makes room for every pair.
func (c *correlator) keepPairs() *correlator {
	t := c.forest.SequenceLength()
	c.pairs, c.column = make([]float64, t*t*c.weights), make([]float64, t*c.weights)
	return c
}

// block adds the contribution of one token and some quadrature nodes, which are
// block number so and so of all.
func (c *correlator) block(chain *markov.Chain, number int) {
	s, from := number/c.blocksOfToken(), number%c.blocksOfToken()*c.width
	c.tilt(chain, s, from, min(from+c.width, len(c.rule.node)))
	for q := range c.tokens {
		fill(c.at(c.weight, 0, q), chain.P(q, s))
	}
	multiply(c.at(c.weight, 0, s), c.z)
	c.steps()
	c.singles()
	c.last()
	c.pairUp()
}

// tilt sets the nodes from..to-1 of the quadrature, and for them and one token
// the reweighted chain, the indicator and the scale.
func (c *correlator) tilt(chain *markov.Chain, s, from, to int) {
	fill(c.z, 1) // padded with z = 1, weight 0
	copy(c.z, c.rule.node[from:to])
	c.tilted.set(c.forest, chain, s, c.z)
	complement, sign := chain.Stationary()[s] > dominantProbability, 1.0
	if complement && !c.absolute {
		sign = -1
	}
	clear(c.scale)
	for j := range to - from {
		c.scale[j] = sign * c.rule.weight[from+j] / c.z[j] * c.tilted.total[j]
	}
	for q := range c.tokens {
		c.indicator[q] = (q == s) != complement
	}
}

// pairUp adds the pairs of two positions of the prefix.
func (c *correlator) pairUp() {
	c.cross(&c.trees, c.width)
	for i := range c.separators {
		c.separate(&c.separators[i])
	}
}

// at is the slice of a token at a place of a [places][S][width] table, or, with
// place R + weight for the place, of a [places][R][S][width] table.
func (c *correlator) at(table []float64, v, q int) []float64 { return c.tilted.at(table, v, q) }

// steps applies every edge's two kernels to the indicator and the weights.
func (c *correlator) steps() {
	for v := range c.forest.Positions() {
		if c.forest.Parent(v) == graph.Root {
			continue
		}
		for a := range c.tokens {
			c.step(c.tilted.down, v, a, c.downIndicator, c.downWeight)
			c.step(c.tilted.up, v, a, c.upIndicator, c.upWeight)
		}
	}
}

// step sets E[1[b in A]] and E[weight of b], b drawn from row a of v's kernel.
func (c *correlator) step(kernel []float64, v, a int, indicators, weights []float64) {
	indicator := c.at(indicators, v, a)
	clear(indicator)
	for b, in := range c.indicator {
		if in {
			add(indicator, c.tilted.pair(kernel, v, a, b))
		}
	}
	if c.powers {
		return
	}
	weight, row := c.at(weights, v, a), c.tokens*c.width
	clear(weight)
	addProductOfRows(weight, kernel[(v*c.tokens+a)*row:][:row], c.weight[:row])
}

// singles computes what needs one position of the prefix only: the two factors
// of pairs in different trees, and the pair of a position with itself.
func (c *correlator) singles() {
	w, t, r := c.width, c.forest.SequenceLength(), c.weights
	both := make([]float64, w)
	for place, v := range c.trees.positions {
		left := c.left[place*w:][:w]
		clear(left)
		for q, in := range c.indicator {
			if in {
				add(left, c.at(c.tilted.marginal, v, q))
			}
		}
		multiply(left, c.scale)
		for x := range r {
			right := c.right[(place*r+x)*w:][:w]
			clear(right)
			clear(both)
			for q, in := range c.indicator {
				marginal, weight := c.at(c.tilted.marginal, v, q), c.at(c.weight, x, q)
				addProduct(right, marginal, weight)
				if in {
					addProduct(both, marginal, weight)
				}
			}
			same := dot(both, c.scale)
			c.same[v*r+x] = same
			if c.balance == nil {
				c.pairs[(v*t+v)*r+x] += same
			}
		}
	}
}

// last adds what the last position, which holds q itself, has in W.
func (c *correlator) last() {
	n, w, t := c.forest.Positions(), c.width, c.forest.SequenceLength()
	every, inside := c.sum[:w], make([]float64, w) // sums over q of the weight
	clear(every)
	for q, in := range c.indicator {
		add(every, c.at(c.weight, 0, q))
		if in {
			add(inside, c.at(c.weight, 0, q))
		}
	}
	for place, v := range c.trees.positions {
		same := c.same[v]
		c.pairs[n*t+v] += same // s_T = q = s_v
		c.toColumn(v, same+same)
		c.toColumn(n, dot(c.left[place*w:][:w], every))
	}
	both := dot(inside, c.scale)
	c.pairs[n*t+n] += both
	c.toColumn(n, both)
}
