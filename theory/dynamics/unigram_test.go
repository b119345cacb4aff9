package dynamics

import (
	"math"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
)

// TestUnigramLimit: T times the gradient grows by the limit times log 2 at every
// doubling, up to terms of the order log T/T, which are below 12% of the largest
// entry from T = 64 to 128 and below 6% from there to 256 on chains that forget
// fast.
func TestUnigramLimit(t *testing.T) {
	for _, rows := range [][][]float64{
		{{0.659, 0.237, 0.104}, {0.373, 0.073, 0.554}, {0.585, 0.082, 0.333}},
		{{0.5, 0.3, 0.2}, {0.1, 0.6, 0.3}, {0.3, 0.3, 0.4}},
		{{0.6, 0.4}, {0.2, 0.8}},
	} {
		c, err := markov.NewChain(rows)
		require.NoError(t, err)
		limit, err := UnigramLimit(c)
		require.NoError(t, err)
		var before [][]float64
		for n, length := range []int{64, 128, 256} {
			f, err := graph.Chain(length)
			require.NoError(t, err)
			g, err := Unigram(f, c, 0)
			require.NoError(t, err)
			slope := square(len(rows))
			for q, row := range g {
				for r := range row {
					row[r] *= float64(length)
					if n > 0 {
						slope[q][r] = (row[r] - before[q][r]) / math.Ln2
					}
				}
			}
			if n > 0 {
				requireClose(t, slope, limit, 0.24/float64(int(1)<<n), "growth at a doubling")
			}
			t.Logf("T = %d: norm x T / log T = %.5f, limit %.5f", length, Norm(g)/math.Log(float64(length)), Norm(limit))
			before = g
		}
	}
}

// TestDeviations against the sum itself; a periodic chain has none.
func TestDeviations(t *testing.T) {
	c, err := markov.NewChain([][]float64{{0.1, 0.9, 0}, {0.25, 0.25, 0.5}, {0.5, 0.25, 0.25}})
	require.NoError(t, err)
	z, err := deviations(c)
	require.NoError(t, err)
	mu, sum := c.Stationary(), square(3)
	power := [][]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}
	for range 200 {
		next := square(3)
		for i := range 3 {
			for j := range 3 {
				sum[i][j] += power[i][j] - mu[j]
				for k := range 3 {
					next[i][j] += power[i][k] * c.P(k, j)
				}
			}
		}
		power = next
	}
	for i := range 3 {
		require.NoError(t, close.AllWithin(z[i], sum[i], 0, 1e-12))
	}
	slow, err := markov.NewChain([][]float64{{1 - 1e-13, 1e-13}, {1e-13, 1 - 1e-13}})
	require.NoError(t, err)
	_, err = UnigramLimit(slow)
	require.ErrorContains(t, err, "forgets nothing")
}
