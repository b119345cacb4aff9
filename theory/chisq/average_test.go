package chisq

import (
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// A finite prior's mean is over its support, another's over the chains of the
// stated streams.
func TestAverageIsTheMeanOfItsChains(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 0, 2})
	require.NoError(t, err)
	orbit, err := markov.ParsePrior("orbit:1,7", 3)
	require.NoError(t, err)
	dirichlet := markov.Dirichlet{Size: 3, Alpha: 1}
	var drawn []*markov.Chain
	for d := range uint64(5) {
		c, err := markov.DrawChain(dirichlet, stream.Key{Seed: 9, Purpose: stream.Prior, Step: d})
		require.NoError(t, err)
		drawn = append(drawn, c)
	}
	for _, c := range []struct {
		prior  markov.Prior
		draws  int
		chains []*markov.Chain
	}{{orbit, 0, orbit.(markov.Finite).Support()}, {dirichlet, 5, drawn}, {dirichlet, 1, drawn[:1]}} {
		got, err := Average(f, c.prior, c.draws, 9)
		require.NoError(t, err)
		for i := range f.Positions() {
			for k := range i + 1 {
				signal, information := 0.0, 0.0
				for _, chain := range c.chains {
					m := Compute(f, chain)
					signal += m.Signal[i][k] / float64(len(c.chains))
					information += m.Information[i][k] / float64(len(c.chains))
				}
				// At most 6 terms of size at most 2: a dozen roundings.
				require.NoError(t, close.Within(got.Signal[i][k], signal, 0, 24*0x1p-53), "mean signal of %d and %d over %v", i, k, c.prior)
				require.NoError(t, close.Within(got.Information[i][k], information, 0, 24*0x1p-53), "mean information of %d and %d over %v", i, k, c.prior)
			}
		}
	}
	_, err = Average(f, dirichlet, 0, 9)
	require.EqualError(t, err, "draws = 0, want at least 1")
	_, err = Average(f, markov.Dirichlet{Size: 3, Alpha: 1e-4}, 100, 9)
	require.ErrorContains(t, err, "drawing a chain: chain: numerically reducible")
}
