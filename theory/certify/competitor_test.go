package certify

import (
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestCompetitorsAgainstCommonAncestors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := stream.Key{Seed: rapid.Uint64().Draw(t, "seed"), Purpose: stream.Law}
		f, err := graph.Random(rapid.IntRange(3, 12).Draw(t, "length"), 0.3, stream.New(key))
		require.NoError(t, err)
		self := rapid.Bool().Draw(t, "self")
		want := map[competitor]bool{}
		for _, e := range f.Edges() {
			for k := range e.Child {
				_, q, p, ok := f.CommonAncestor(e.Child, k)
				switch {
				case k == e.Parent:
				case !ok:
					want[competitor{other: true}] = true
				default:
					want[competitor{p: p, q: q}] = true
				}
			}
			if self {
				want[competitor{}] = true
			}
		}
		got := map[competitor]bool{}
		for _, c := range competitors(f, self) {
			require.False(t, got[c], "twice")
			got[c] = true
		}
		require.Equal(t, want, got)
	})
}

func TestCompetitorsOfNamedForests(t *testing.T) {
	require.Equal(t, []competitor{{}, {q: 2}, {q: 3}, {q: 4}}, competitors(chainForest(t, 6), true))
	require.Equal(t, []competitor{{other: true}}, competitors(iclForest(t, 6), false))
	// The classes are collected in a map, whose order differs from run to run.
	for range 60 {
		require.Equal(t, []competitor{{p: 1, q: 1}, {q: 2}, {p: 1, q: 2}, {p: 2, q: 2}}, competitors(graph.Manual(), false))
	}
}
