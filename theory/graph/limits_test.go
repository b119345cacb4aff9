package graph

import (
	"fmt"
	"testing"

	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

func TestLongestGraphs(t *testing.T) {
	for _, text := range []string{"chain", "trigram-half"} {
		g, err := Parse(text, MaxSequenceLength, 1)
		require.NoError(t, err, text)
		require.Equal(t, MaxSequenceLength, g.SequenceLength(), text)
		_, err = Parse(text, MaxSequenceLength+1, 1)
		require.ErrorContains(t, err, "sequence length T = 4097, want 3 to 4096", text)
	}
	_, err := Chain(MaxSequenceLength + 1)
	require.ErrorContains(t, err, "parents: 4096 positions, want 2 to 4095")
	_, err = TrigramHalf(MaxSequenceLength + 1)
	require.ErrorContains(t, err, "dag: 4098 lists, want 4 to 4097")
	for _, short := range []int{-3, 0, 1} { // a length below 1 has no position, and an entry for the target at most
		for _, family := range []func(int) (Forest, error){Chain, ICL, func(n int) (Forest, error) { return Random(n, 0.5, nil) }} {
			_, err := family(short)
			require.ErrorContains(t, err, "parents: 0 positions, want 2 to 4095", "length %d", short)
		}
		_, err = TrigramHalf(short)
		require.ErrorContains(t, err, fmt.Sprintf("dag: %d lists, want 4 to 4097", max(short+1, 0)), "length %d", short)
	}
}

func TestDAGNamesTheFault(t *testing.T) {
	six := []int{0, 1, 2, 3, 4, 5}
	g, err := NewDAG([][]int{{}, {}, {}, {}, {}, {}, {}, six})
	require.NoError(t, err)
	require.Equal(t, []int{MaxArity}, g.Arities())
	for want, lists := range map[string][][]int{
		"dag[7]: 7 parents, want at most 6":                    {{}, {}, {}, {}, {}, {}, {}, append(six, 6)},
		"dag[2][0] = 2, want an earlier position 0..1":         {{}, {}, {2}, {0}},
		"dag[3]: the target has no parents, want at least one": {{}, {}, {}, {}},
	} {
		_, err := NewDAG(lists)
		require.EqualError(t, err, want)
	}
}

// A position is a root where its uniform is below the root probability.
func TestRandomAtItsThresholds(t *testing.T) {
	key := stream.Key{Seed: 3, Purpose: stream.Graph}
	f, err := Random(3, stream.New(key).Float64(), stream.New(key))
	require.NoError(t, err)
	require.Equal(t, []int{Root, 0}, f.Parents())
	for text, edges := range map[string]int{"random:0": 8, "random:1": 0} {
		g, err := Parse(text, 10, 1)
		require.NoError(t, err, text)
		require.Len(t, g.(Forest).Edges(), edges, text)
	}
}
