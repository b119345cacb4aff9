package firststep

import (
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// tilted is the distribution of the prefix reweighted by z^N, N the number of times one
// token occurs in it, for a block of values of z at once. It is again a Markov
// chain down the forest. Innermost index everywhere: the place in the block.
//
// Everything is a sum of products of non-negative numbers, so nothing cancels;
// the divisions normalise and lose one rounding each.
type tilted struct {
	tokens, width int // S, values of z in the block

	total    []float64 // [width]: E[z^N], the normalising constant
	marginal []float64 // [T-1][S][width]: marginal of s_v
	down     []float64 // [T-1][S][S][width]: [v][d][c] = P(s_v = c | s_parent = d); roots unused
	up       []float64 // [T-1][S][S][width]: [v][c][d] = P(s_parent = d | s_v = c); roots unused

	subtree []float64 // [T-1][S][width]: E[z^(N below and at v) | s_v = c]
	message []float64 // [width], scratch
}

func newTilted(positions, tokens, width int) *tilted {
	pairs := positions * tokens * tokens * width
	return &tilted{
		tokens: tokens, width: width,
		total: make([]float64, width), marginal: make([]float64, positions*tokens*width),
		down: make([]float64, pairs), up: make([]float64, pairs),
		subtree: make([]float64, positions*tokens*width), message: make([]float64, width),
	}
}

// at is the slice of one token at one position in marginal or subtree.
func (t *tilted) at(table []float64, v, c int) []float64 {
	return table[(v*t.tokens+c)*t.width:][:t.width]
}

// pair is the slice of one pair of tokens in down or up.
func (t *tilted) pair(table []float64, v, a, b int) []float64 {
	return table[((v*t.tokens+a)*t.tokens+b)*t.width:][:t.width]
}

// set computes the distribution with weight z on the token s.
func (t *tilted) set(f graph.Forest, c *markov.Chain, s int, z []float64) {
	fill(t.subtree, 1)
	for v := range f.Positions() {
		copy(t.at(t.subtree, v, s), z)
	}
	fill(t.total, 1)
	for v := f.Positions() - 1; v >= 0; v-- { // children before parents
		if f.Parent(v) == graph.Root {
			t.root(v, c.Roots())
		} else {
			t.condition(v, f.Parent(v), c)
		}
	}
	for v := range f.Positions() { // parents before children
		if f.Parent(v) != graph.Root {
			t.reverse(v, f.Parent(v))
		}
	}
}

// root finishes a tree: its share of the normalising constant and its root's marginal.
func (t *tilted) root(v int, mu []float64) {
	clear(t.message)
	for c, m := range mu {
		addScaled(t.message, m, t.at(t.subtree, v, c))
	}
	multiply(t.total, t.message)
	reciprocal(t.message)
	for c, m := range mu {
		scaledProduct(t.at(t.marginal, v, c), m, t.at(t.subtree, v, c), t.message)
	}
}

// condition finishes the kernel from the parent p to v and hands v's weight on.
func (t *tilted) condition(v, p int, chain *markov.Chain) {
	for d := range t.tokens {
		row := chain.Row(d)
		clear(t.message)
		for c, m := range row {
			addScaled(t.message, m, t.at(t.subtree, v, c))
		}
		multiply(t.at(t.subtree, p, d), t.message)
		reciprocal(t.message)
		for c, m := range row {
			scaledProduct(t.pair(t.down, v, d, c), m, t.at(t.subtree, v, c), t.message)
		}
	}
}

// reverse computes v's marginal and the kernel from v to its parent p.
func (t *tilted) reverse(v, p int) {
	s, w := t.tokens, t.width
	down, up := t.down[v*s*s*w:][:s*s*w], t.up[v*s*s*w:][:s*s*w]
	marginals := t.marginal[v*s*w:][:s*w]
	clear(marginals)
	for d := range s {
		parent := t.at(t.marginal, p, d)
		for c := range s {
			kernel, joint, sum := down[(d*s+c)*w:][:w], up[(c*s+d)*w:][:w], marginals[c*w:][:w]
			for z, m := range parent {
				x := float64(m * kernel[z])
				joint[z] = x
				sum[z] += x
			}
		}
	}
	for c := range s {
		copy(t.message, marginals[c*w:][:w])
		reciprocal(t.message)
		multiplyRows(up[c*s*w:][:s*w], t.message)
	}
}
