package dynamics

import (
	"fmt"
	"math"

	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Unigram is -dL/dA2 at A1 = A2 = 0, where the model predicts the frequencies of
// the tokens: S x S (theory/README.md, section 13).
func Unigram(f graph.Forest, c *markov.Chain, eps float64) ([][]float64, error) {
	uniform, err := Attention(Zero(f.SequenceLength()))
	if err != nil {
		return nil, err
	}
	return firststep.SecondLayer(f, c, eps, uniform)
}

// UnigramLimit is the limit of T/log T times Unigram on the chain graph, at
// eps = 0:
//
//	1/S mu[r] sum_s pi[q][s]/mu[s] Z[r][s],   Z = sum over d >= 0 of (pi^d - 1 mu').
//
// It is the sum of the large-T form of H over the distances d between i and k:
// 1/(S T) sum_i 1/i sum_d gives log T/(S T) of it, and everything else, the
// fluctuation of the frequencies among it, is of the order 1/T. A chain so near
// to a reducible one that Z is not finite is an error.
func UnigramLimit(c *markov.Chain) ([][]float64, error) {
	s, mu := c.Tokens(), c.Stationary()
	z, err := deviations(c)
	if err != nil {
		return nil, err
	}
	limit := square(s)
	for q, row := range limit {
		for r := range row {
			for t := range s {
				row[r] += float64(c.P(q, t) / mu[t] * z[r][t])
			}
			row[r] *= mu[r] / float64(s)
		}
	}
	return limit, nil
}

// deviations is the sum over d >= 0 of pi^d - 1 mu', which is the inverse of
// I - pi + 1 mu' less 1 mu': Gauss and Jordan with partial pivoting.
func deviations(c *markov.Chain) ([][]float64, error) {
	s, mu := c.Tokens(), c.Stationary()
	a := make([][]float64, s) // the matrix and the identity beside it
	for i := range a {
		a[i] = make([]float64, 2*s)
		for j := range s {
			a[i][j] = mu[j] - c.P(i, j)
		}
		a[i][i]++
		a[i][s+i] = 1
	}
	for n := range s {
		pivot := n
		for i := n; i < s; i++ {
			if math.Abs(a[i][n]) > math.Abs(a[pivot][n]) {
				pivot = i
			}
		}
		a[n], a[pivot] = a[pivot], a[n]
		if math.Abs(a[n][n]) < 1e-12 {
			return nil, fmt.Errorf("unigram limit: the chain forgets nothing (pivot %g)", a[n][n])
		}
		for i := range a {
			if factor := a[i][n] / a[n][n]; i != n {
				for j := n; j < 2*s; j++ {
					a[i][j] -= float64(factor * a[n][j])
				}
			}
		}
	}
	z := square(s)
	for i := range z {
		for j := range z[i] {
			z[i][j] = a[i][s+j]/a[i][i] - mu[j]
		}
	}
	return z, nil
}

// Norm is the Frobenius norm.
func Norm(m [][]float64) float64 {
	sum := 0.0
	for _, row := range m {
		for _, v := range row {
			sum += float64(v * v)
		}
	}
	return math.Sqrt(sum)
}
