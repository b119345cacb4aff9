package chisq

import (
	"errors"
	"fmt"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// RowPair is what two rows of the transition matrix, A < C, contribute to a margin:
// Weight times Distance.
type RowPair struct {
	A, C int
	// Weight is half the probability that the parent's token is one of the two and
	// the competitor's the other.
	Weight float64
	// Distance is sum_b (pi[A][b] - pi[C][b])^2 / mu[b], 0 where the rows agree.
	Distance float64
}

// Value is the pair's part of the margin, at least 0.
func (p RowPair) Value() float64 { return float64(p.Weight * p.Distance) }

// Decompose writes the margin g_ip - g_ik of child i's parent p over an earlier
// position k != p as a sum over pairs of rows,
//
//	1/2 sum_{a,c} R(a,c) sum_b (pi[a][b] - pi[c][b])^2 / mu[b], R(a,c) = P(s_k=a, s_p=c),
//
// an identity for every chain with stationary roots (theory/README.md, section 11).
// No term is negative and nothing cancels, so a small margin is explained by the
// rows that agree. A child without a parent, or a k that is no competitor, is an
// error.
func Decompose(f graph.Forest, c *markov.Chain, i, k int) ([]RowPair, error) {
	if i < 0 || i >= f.Positions() || f.Parent(i) == graph.Root {
		return nil, fmt.Errorf("margin of position %d: it has no parent", i)
	}
	if !c.StationaryRoots() {
		return nil, errors.New("margin: roots do not have the stationary distribution, for which alone it is a sum over pairs of rows")
	}
	p := f.Parent(i)
	if k < 0 || k >= i || k == p {
		return nil, fmt.Errorf("margin of position %d against %d: want an earlier position other than its parent %d", i, k, p)
	}
	joint := jointDistribution(f, c, k, p)
	s, mu := c.Tokens(), c.Stationary()
	var pairs []RowPair
	for a := range s {
		for b := a + 1; b < s; b++ {
			pair := RowPair{A: a, C: b, Weight: (joint[a*s+b] + joint[b*s+a]) / 2}
			for n, w := range mu {
				difference := c.P(a, n) - c.P(b, n)
				pair.Distance += float64(difference*difference) / w
			}
			pairs = append(pairs, pair)
		}
	}
	return pairs, nil
}

// jointDistribution is P(s_i = a, s_k = b), row-major, as sums of products of
// probabilities.
func jointDistribution(f graph.Forest, c *markov.Chain, i, k int) []float64 {
	s, mu := c.Tokens(), c.Stationary()
	_, p, q, related := f.CommonAncestor(i, k)
	if !related {
		joint := make([]float64, s*s)
		for a := range s {
			for b := range s {
				joint[a*s+b] = float64(mu[a] * mu[b])
			}
		}
		return joint
	}
	return transposedProduct(scaledRows(transitions(c, p), mu), transitions(c, q), s)
}

// transitions is pi^n.
func transitions(c *markov.Chain, n int) []float64 {
	s := c.Tokens()
	power := make([]float64, s*s)
	for a := range s {
		power[a*s+a] = 1
	}
	for range n {
		power = product(power, c.Flat(), s)
	}
	return power
}

// scaledRows is diag(w) m.
func scaledRows(m, w []float64) []float64 {
	scaled, s := make([]float64, len(m)), len(w)
	for i, v := range m {
		scaled[i] = float64(v * w[i/s])
	}
	return scaled
}

// Total is the margin that the pairs add up to.
func Total(pairs []RowPair) float64 {
	sum := 0.0
	for _, p := range pairs {
		sum += p.Value()
	}
	return sum
}
