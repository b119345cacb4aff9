package task

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// TestRootsOfAnotherDistribution: roots have the prior's own distribution and
// children still follow their parent's row.
func TestRootsOfAnotherDistribution(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, -1})
	require.NoError(t, err)
	c, err := markov.NewChain([][]float64{{0.5, 0.5}, {0.25, 0.75}})
	require.NoError(t, err)
	roots, err := markov.ParseRoots("[0.875,0.125]")
	require.NoError(t, err)
	prior, err := markov.WithRoots(markov.Point{Chain: c, Name: "chain"}, roots)
	require.NoError(t, err)
	problem, err := New(f, prior)
	require.NoError(t, err)
	const n = 1 << 16
	b := NewBatch(n, 4, 2)
	problem.NewSampler().Sample(stream.New(stream.Key{Seed: 1, Purpose: stream.Test}), b)
	var first, third, stayed float64
	for i := range n {
		tokens := b.Sequence(i)
		if tokens[0] == 0 {
			first++
			if tokens[1] == 0 {
				stayed++
			}
		}
		if tokens[2] == 0 {
			third++
		}
	}
	// Six standard errors of a share, fixed seed.
	share := func(count, of, p float64, what string) {
		require.NoError(t, close.Within(count/of, p, 0, 6*math.Sqrt(p*(1-p)/of)), what)
	}
	share(first, n, 0.875, "root 0 has token 0")
	share(third, n, 0.875, "root 2 has token 0")
	share(stayed, first, 0.5, "child 1 keeps token 0")
}
