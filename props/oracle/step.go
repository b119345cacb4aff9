package oracle

import (
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// FirstStep is the definition: with 1-based i,
// G_ik = 1/(S T i) sum_q E[c_i(q) (1[s_k=q] - (1/i) sum_{l<=i} 1[s_l=q]) | s_T=q].
func FirstStep(f graph.Forest, c *markov.Chain, eps float64) [][]float64 {
	length, size := f.SequenceLength(), c.Tokens()
	g := make([][]float64, length)
	for i := range g {
		g[i] = make([]float64, length)
	}
	ForEachSequence(f, c, func(tokens []int, probability float64) {
		q := tokens[length-1]
		frequency := make([]float64, size)
		for _, v := range tokens {
			frequency[v] += 1 / float64(length)
		}
		seen := 0.0 // 1[s_l=q] summed over l <= i
		for i, held := range tokens {
			response := 0.0 // c_i(q)
			for v, m := range frequency {
				if m > 0 {
					response += c.P(q, v) / (m + eps) * (Indicator(held == v) - m)
				}
			}
			seen += Indicator(held == q)
			weight := probability * response / float64(size*length*(i+1))
			for k := range i + 1 {
				g[i][k] += weight * (Indicator(tokens[k] == q) - seen/float64(i+1))
			}
		}
	})
	return g
}

// ForEachSequence visits every sequence with the probability of its prefix:
// the last token is given.
func ForEachSequence(f graph.Forest, c *markov.Chain, visit func(tokens []int, probability float64)) {
	tokens := make([]int, f.SequenceLength())
	var extend func(i int, probability float64)
	extend = func(i int, probability float64) {
		if i == len(tokens) {
			visit(tokens, probability)
			return
		}
		for v := range c.Tokens() {
			p := 1.0
			if i < f.Positions() {
				p = c.Stationary()[v]
				if parent := f.Parent(i); parent != graph.Root {
					p = c.P(tokens[parent], v)
				}
			}
			tokens[i] = v
			extend(i+1, probability*p)
		}
	}
	extend(0, 1)
}
