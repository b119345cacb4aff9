package firststep

import (
	"math/bits"
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawForest draws a random forest, or one of the extreme shapes.
func drawForest(t *rapid.T, least, most int) graph.Forest {
	n := rapid.IntRange(least, most).Draw(t, "length")
	parents := make([]int, n-1)
	shape := rapid.SampledFrom([]string{"random", "random", "chain", "star", "roots"}).Draw(t, "shape")
	s := stream.New(stream.Key{Seed: rapid.Uint64().Draw(t, "forest seed"), Purpose: stream.Law})
	for i := range parents {
		switch {
		case i == 0 || shape == "roots":
			parents[i] = graph.Root
		case shape == "chain":
			parents[i] = i - 1
		case shape == "star":
			parents[i] = 0
		default:
			parents[i] = s.IntN(i+2) - 1 // now and then the next line's root
			if parents[i] == i {
				parents[i] = graph.Root
			}
		}
	}
	f, err := graph.NewForest(parents)
	require.NoError(t, err)
	return f
}

func TestEveryPairIsSeparatedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawForest(t, 3, 60)
		n := f.Positions()
		met := square(n)
		parts := make([]int, n)
		for _, s := range separators(f) {
			reached := make([]bool, len(s.positions))
			for p, v := range s.positions {
				parts[v]++
				if p > 0 {
					u := s.positions[s.from[p]]
					require.True(t, f.Parent(v) == u || f.Parent(u) == v, "%d is not next to %d", v, u)
					reached[s.from[p]] = true
				}
			}
			require.Equal(t, reached, s.inner)
			for x := 1; x < len(s.starts)-1; x++ {
				require.LessOrEqual(t, s.starts[x+1]-s.starts[x], len(s.positions)/2, "branch %d", x)
			}
			meet(s, met)
		}
		meet(trees(f), met)
		for i := range n {
			// Each part is at most half of the one before.
			require.LessOrEqual(t, parts[i], bits.Len(uint(n)))
			for k := range i {
				require.Equal(t, 1.0, met[i][k], "pair %d, %d", i, k)
			}
		}
	})
}

// meet counts the pairs of positions in different branches of s.
func meet(s separator, met [][]float64) {
	branch := make([]int, len(s.positions))
	for x := range len(s.starts) - 1 {
		for p := s.starts[x]; p < s.starts[x+1]; p++ {
			branch[p] = x
		}
	}
	for p, v := range s.positions {
		for q, u := range s.positions {
			if branch[p] != branch[q] {
				met[v][u]++
			}
		}
	}
}
