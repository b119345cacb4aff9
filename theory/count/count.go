// Package count computes the population loss of the count estimator exactly,
// without sampling a sequence (theory/README.md, section 10).
//
// The logarithm of the estimator's prediction splits into two counts, of the
// edges that leave a token and of those that go from one token to another, and
// each count has a distribution that messages along the forest give in
// polynomial time. All sums have non-negative terms, so nothing cancels.
//
// Tokens and positions are 0-based, losses are in nats. The package trains
// nothing and knows no model; package impl/task estimates the same loss from
// sequences.
package count

import (
	"fmt"
	"math"

	"causalgrad/theory/detmath"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Edges is the distribution of the number M of edges of the forest whose
// tokens (a at the parent, b at the child) are counted, counted[a][b]: the
// entry n is P(M = n), for n up to the number of edges. Roots have the
// chain's own distribution of them. Time T^2 S^2 on T-1 positions.
func Edges(f graph.Forest, c *markov.Chain, counted func(a, b int) bool) []float64 {
	s := c.Tokens()
	total := []float64{1}
	// below[j][a] is the distribution of the counted edges below position j,
	// given that its token is a; nil stands for no edge.
	below := make([][][]float64, f.Positions())
	for j := f.Positions() - 1; j >= 0; j-- { // children before parents
		if below[j] == nil {
			below[j] = certain(s)
		}
		p := f.Parent(j)
		if p < 0 {
			mixed := make([]float64, len(below[j][0]))
			for a, mu := range c.Roots() {
				addScaled(mixed, mu, below[j][a])
			}
			total = convolve(total, mixed)
		} else {
			if below[p] == nil {
				below[p] = certain(s)
			}
			for a := range s {
				edge := make([]float64, len(below[j][0])+1)
				for b, transition := range c.Row(a) {
					shift := 0
					if counted(a, b) {
						shift = 1
					}
					addScaled(edge[shift:], transition, below[j][b])
				}
				below[p][a] = convolve(below[p][a], edge)
			}
		}
		below[j] = nil
	}
	return total
}

// certain are s distributions of a count that is 0.
func certain(s int) [][]float64 {
	all := make([][]float64, s)
	for a := range all {
		all[a] = []float64{1}
	}
	return all
}

// addScaled adds w p to sum, which may be longer.
func addScaled(sum []float64, w float64, p []float64) {
	for n, v := range p {
		sum[n] += float64(w * v)
	}
}

// convolve is the distribution of the sum of two independent counts.
func convolve(p, q []float64) []float64 {
	if len(p) == 1 && p[0] == 1 {
		return q
	}
	sum := make([]float64, len(p)+len(q)-1)
	for n, v := range p {
		addScaled(sum[n:], v, q)
	}
	return sum
}

// Loss is the population cross entropy of the count estimator with alpha
// pseudo-counts on one chain, in nats:
//
//	1/S sum_q ( E log(M_q + S alpha) - sum_s pi[q][s] E log(M_qs + alpha) ),
//
// M_q the number of edges that leave token q and M_qs of those from q to s. An
// alpha that is not positive and finite is an error: a pair that was never seen
// would then have probability 0.
func Loss(f graph.Forest, c *markov.Chain, alpha float64) (float64, error) {
	if !(alpha > 0) || math.IsInf(alpha, 1) {
		return 0, fmt.Errorf("alpha = %v, want a positive number", alpha)
	}
	s := c.Tokens()
	loss := 0.0
	for q := range s {
		loss += expectedLog(Edges(f, c, func(a, _ int) bool { return a == q }), float64(float64(s)*alpha))
		for b, transition := range c.Row(q) {
			if transition > 0 {
				loss -= float64(transition * expectedLog(Edges(f, c, func(a, next int) bool { return a == q && next == b }), alpha))
			}
		}
	}
	return loss / float64(s), nil
}

// expectedLog is E log(M + offset) for a count M with that distribution.
func expectedLog(distribution []float64, offset float64) float64 {
	sum := 0.0
	for n, p := range distribution {
		sum += float64(p * detmath.Log(float64(n)+offset)) // the offset is above 0
	}
	return sum
}

// Irreducible is the mean entropy of the chain's rows in nats: L* of the task
// whose prior is this chain, since the last token is uniform.
func Irreducible(c *markov.Chain) float64 {
	sum := 0.0
	for a := range c.Tokens() {
		for _, p := range c.Row(a) {
			if p > 0 {
				sum -= float64(p * detmath.Log(p))
			}
		}
	}
	return sum / float64(c.Tokens())
}
