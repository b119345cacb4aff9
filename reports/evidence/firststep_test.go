package evidence

import (
	"testing"

	"causalgrad/theory/chisq"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// The first row again, from the definitions: forests and chains of the stated
// streams, edges counted, the smallest margin kept.
func TestFirstStepCountsEdges(t *testing.T) {
	o := FirstStepOptions{Forests: 5, Length: 7, Tokens: 3, Seed: 4}
	measured, err := MeasureFirstStep(o)
	require.NoError(t, err)
	r := measured.Table()
	require.Len(t, r.Rows, 4)
	edges, recovered, smallest := 0, 0, 1.0
	for n := range uint64(5) {
		f, err := graph.Random(7, 0.5, stream.New(stream.Key{Seed: 4, Purpose: stream.Graph, Step: n}))
		require.NoError(t, err)
		c, err := markov.DrawChain(markov.Dirichlet{Size: 3, Alpha: 0.1}, stream.Key{Seed: n, Purpose: stream.Prior})
		require.NoError(t, err)
		signal := chisq.Compute(f, c).Signal
		for _, e := range f.Edges() {
			edges++
			margin := 1.0
			if e.Child > 1 { // there are other earlier positions
				for k := range e.Child {
					if k != e.Parent {
						margin = min(margin, signal[e.Child][e.Parent]-signal[e.Child][k])
					}
				}
			} else {
				margin = signal[e.Child][e.Parent]
			}
			if margin > 0 {
				recovered++
			}
			smallest = min(smallest, margin)
		}
	}
	require.Equal(t, 5, measured.Earlier[0].Forests)
	require.Equal(t, 5, measured.Earlier[0].ForestsRecovered)
	require.Less(t, measured.Self.ForestsRecovered, measured.Self.Forests)
	requireValue(t, float64(edges), at(t, r, 0, "edges"))
	requireValue(t, float64(recovered)/float64(edges), at(t, r, 0, "recovered"))
	requireValue(t, smallest, at(t, r, 0, "smallest margin"))
	for i, want := range []string{"k < i", "k < i", "k <= i", "k <= i"} {
		require.Equal(t, want, at(t, r, i, "competitors").String())
	}
	require.Equal(t, verdict.Holds, at(t, r, 0, "verdict").Verdict())
	require.Equal(t, "observed", at(t, r, 2, "verdict").String())
	require.Less(t, func() float64 { v, _ := at(t, r, 2, "recovered").Value(); return v }(), 1.0,
		"with the position itself competing single chains lose edges: the count can fall")
}

func TestFirstStepErrors(t *testing.T) {
	_, err := MeasureFirstStep(FirstStepOptions{Forests: 1, Length: 2, Tokens: 3})
	require.ErrorContains(t, err, "parents: 1 positions")
	_, err = MeasureFirstStep(FirstStepOptions{Forests: 1, Length: 5, Tokens: 1})
	require.ErrorContains(t, err, "1 tokens")
}
