package chisq

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// TestScoresByTheirDefinitions: each margin is the difference of the two pairs'
// scores, computed from their joint distributions, and the log-likelihood one is
// the gain in Shannon's information plus a mean divergence; none is negative.
func TestScoresByTheirDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, c := drawRational(t)
		f := drawForest(t)
		s := c.Tokens()
		mu := c.Stationary()
		float := func(i, k int) [][]float64 { // P(s_k=a, s_i=b)
			m := make([][]float64, s)
			for a, row := range r.joint(f, k, i) {
				for _, p := range row {
					v, _ := p.Float64()
					m[a] = append(m[a], v)
				}
			}
			return m
		}
		for _, e := range f.Edges() {
			for k := range e.Child {
				if k == e.Parent {
					continue
				}
				got, err := CompareScores(f, c, e.Child, k)
				require.NoError(t, err)
				with, without := float(e.Child, e.Parent), float(e.Child, k)
				var squared, likelihood, gain, divergence float64
				for a := range s {
					row := 0.0
					for b := range s {
						squared += c.P(a, b) * (with[a][b] - without[a][b])
						likelihood += math.Log(c.P(a, b)) * (with[a][b] - without[a][b])
						gain += with[a][b]*math.Log(with[a][b]/(mu[a]*mu[b])) - without[a][b]*math.Log(without[a][b]/(mu[a]*mu[b]))
						row += without[a][b]
					}
					for b := range s {
						divergence += without[a][b] * math.Log(without[a][b]/row/c.P(a, b))
					}
				}
				// The definitions cancel: sums of 16 terms of size at most log 64, a few
				// roundings each.
				const cancelled = 16 * 5 * 8 * 0x1p-52
				require.NoError(t, close.Within(got.Squared, squared, 0, cancelled), "squared, row %d against %d on %v", e.Child, k, f)
				require.NoError(t, close.Within(got.LogLikelihood, likelihood, 0, cancelled), "log-likelihood, row %d against %d on %v", e.Child, k, f)
				require.NoError(t, close.Within(got.LogLikelihood, gain+divergence, 0, 2*cancelled), "two terms, row %d against %d on %v", e.Child, k, f)
				require.GreaterOrEqual(t, got.Squared, 0.0)
				require.GreaterOrEqual(t, got.LogLikelihood, -cancelled)
			}
		}
	})
}

// TestLogLikelihoodOfAnImpossibleToken is infinite.
func TestLogLikelihoodOfAnImpossibleToken(t *testing.T) {
	f, err := graph.Chain(5)
	require.NoError(t, err)
	c, err := markov.NewChain([][]float64{{0.5, 0.5}, {1, 0}})
	require.NoError(t, err)
	got, err := CompareScores(f, c, 3, 0)
	require.NoError(t, err)
	require.Equal(t, math.Inf(1), got.LogLikelihood)

	// Positions 0 and 2 of a chain that flips always hold the same token, so the
	// rows that would be infinitely far apart never meet.
	flip, err := markov.NewChain([][]float64{{0, 1}, {1, 0}})
	require.NoError(t, err)
	got, err = CompareScores(f, flip, 3, 0)
	require.NoError(t, err)
	require.Equal(t, Scores{}, got)
}

// TestAverageMargins: the mean margin is that of the mean signal, and the pairs
// add up to it.
func TestAverageMargins(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 1, -1, 3, 1})
	require.NoError(t, err)
	prior, err := markov.ParsePrior("orbit:1,7", 3)
	require.NoError(t, err)
	means, err := Average(f, prior, 0, 0)
	require.NoError(t, err)
	margins, err := AverageMargins(f, prior, 0, 0)
	require.NoError(t, err)
	require.Len(t, margins, 3) // of four edges the first has no earlier competitor
	for _, m := range margins {
		want := means.Signal[m.Child][m.Parent] - means.Signal[m.Child][m.Competitor]
		// Signals of size 1 averaged over six chains.
		require.NoError(t, close.Within(m.Scores.ChiSquare, want, 0, 64*0x1p-52), "row %d", m.Child)
		require.NoError(t, close.Within(Total(m.Pairs), want, 0, 64*0x1p-52), "pairs of row %d", m.Child)
	}
	roots, err := markov.ParseRoots("uniform")
	require.NoError(t, err)
	rooted, err := markov.WithRoots(prior, roots)
	require.NoError(t, err)
	_, err = AverageMargins(f, rooted, 0, 0)
	require.ErrorContains(t, err, "stationary distribution")
}
