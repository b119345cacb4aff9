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
type correlator struct {
	*plan
	tilted *tilted

	indicator []bool    // [S]: A_s
	weight    []float64 // [S][width]: pi[q][s] z^(1[q=s]), what a token q at k contributes
	scale     []float64 // [width]: quadrature weight, normalising constant, sign

	// One step along an edge, applied to the indicator and to the weight:
	// [T-1][S][width], given the parent's token (down) or the child's (up).
	downIndicator, downWeight, upIndicator, upWeight []float64

	left, right []float64   // [places][S][width]: the two factors of a pair, given the separator's token
	kernel      [][]float64 // [places]: [S][S][width], from the separator's token to the place's
	kernels     []float64   // memory for kernel
	sum         []float64   // [S][width], scratch

	pairs  []float64 // [T][T]: W on and below the diagonal
	column []float64 // [T]: sums of W over all i
}

// dominantProbability is the stationary probability above which A_s is the
// complement of s. Below it {s} loses a digit at most; and the complement pays
// for a count of 0, which is rare only for a token that dominates.
const dominantProbability = 0.9

func newCorrelator(p *plan) *correlator {
	n, s, w := p.forest.Positions(), p.tokens, p.width
	site, t := n*s*w, p.forest.SequenceLength()
	return &correlator{
		plan: p, tilted: newTilted(n, s, w),
		indicator: make([]bool, s), weight: make([]float64, s*w), scale: make([]float64, w),
		downIndicator: make([]float64, site), downWeight: make([]float64, site),
		upIndicator: make([]float64, site), upWeight: make([]float64, site),
		left: make([]float64, site), right: make([]float64, site),
		kernel: make([][]float64, n), kernels: make([]float64, site*s), sum: make([]float64, s*w),
		pairs: make([]float64, t*t), column: make([]float64, t),
	}
}

// correlate computes pairs and column for one chain.
func (c *correlator) correlate(chain *markov.Chain) {
	clear(c.pairs)
	clear(c.column)
	for s := range c.tokens {
		for from := 0; from < len(c.rule.node); from += c.width {
			c.block(chain, s, from, min(from+c.width, len(c.rule.node)))
		}
	}
}

// block adds the contribution of one token and the quadrature nodes from..to-1.
func (c *correlator) block(chain *markov.Chain, s, from, to int) {
	z := make([]float64, c.width) // padded with z = 1, weight 0
	fill(z, 1)
	copy(z, c.rule.node[from:to])
	c.tilted.set(c.forest, chain, s, z)
	sign := 1.0
	if chain.Stationary()[s] > dominantProbability {
		sign = -1
	}
	clear(c.scale)
	for j := range to - from {
		c.scale[j] = sign * c.rule.weight[from+j] / z[j] * c.tilted.total[j]
	}
	for q := range c.tokens {
		c.indicator[q] = (q == s) == (sign > 0)
		fill(c.at(c.weight, 0, q), chain.P(q, s))
	}
	multiply(c.at(c.weight, 0, s), z)

	c.steps()
	c.singles()
	for i := range c.separators {
		c.separate(&c.separators[i])
	}
}

// at is the slice of a token at a place of a [places][S][width] table.
func (c *correlator) at(table []float64, v, q int) []float64 { return c.tilted.at(table, v, q) }

// steps applies every edge's two kernels to the indicator and the weight.
func (c *correlator) steps() {
	for v := range c.forest.Positions() {
		if c.forest.Parent(v) == graph.Root {
			continue
		}
		for a := range c.tokens {
			c.step(c.tilted.down, v, a, c.at(c.downIndicator, v, a), c.at(c.downWeight, v, a))
			c.step(c.tilted.up, v, a, c.at(c.upIndicator, v, a), c.at(c.upWeight, v, a))
		}
	}
}

// step writes E[1[b in A]] and E[weight of b], b drawn from row a of v's kernel.
func (c *correlator) step(kernel []float64, v, a int, indicator, weight []float64) {
	clear(indicator)
	clear(weight)
	for b, in := range c.indicator {
		p := c.tilted.pair(kernel, v, a, b)
		if in {
			add(indicator, p)
		}
		addProduct(weight, p, c.at(c.weight, 0, b))
	}
}

// singles adds what needs one position only: pairs in different trees, k = i,
// and the last position, which holds q itself.
func (c *correlator) singles() {
	n, w, t := c.forest.Positions(), c.width, c.forest.SequenceLength()
	every, inside := c.sum[:w], make([]float64, w) // sums over q of the weight
	clear(every)
	for q, in := range c.indicator {
		add(every, c.at(c.weight, 0, q))
		if in {
			add(inside, c.at(c.weight, 0, q))
		}
	}
	both := make([]float64, w)
	for place, v := range c.trees.positions {
		left, right := c.left[place*w:][:w], c.right[place*w:][:w]
		clear(left)
		clear(right)
		clear(both)
		for q, in := range c.indicator {
			law := c.at(c.tilted.law, v, q)
			addProduct(right, law, c.at(c.weight, 0, q))
			if in {
				add(left, law)
				addProduct(both, law, c.at(c.weight, 0, q))
			}
		}
		multiply(left, c.scale)
		same := dot(both, c.scale)
		c.pairs[v*t+v] += same
		c.pairs[n*t+v] += same // s_T = q = s_v
		c.column[v] += same + same
		c.column[n] += dot(left, every)
	}
	last := dot(inside, c.scale)
	c.pairs[n*t+n] += last
	c.column[n] += last
	c.cross(&c.trees, w)
}
