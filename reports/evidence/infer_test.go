package evidence

import (
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/graph"
	"causalgrad/theory/infer"
	"causalgrad/theory/markov"
)

func recover(t *testing.T, o InferOptions, sequences ...int) []RecoveryPoint {
	t.Helper()
	o.Level, o.Confidence = 0.05, 0.95
	points, err := Recovery(RecoveryOptions{Sequences: sequences, Forests: 10, Length: 10, Tokens: 3, Prior: "dirichlet:0.1", Seed: 1, Infer: o})
	require.NoError(t, err)
	return points
}

// Random forests are recovered at the rate that the table states. The seed is
// fixed, so the counts are too; the bounds leave room for other exact
// arithmetic. Four of the 39 edges end at position 1, which the plain weight
// cannot decide: 35 is all that it can find.
func TestInferRecoversRandomForests(t *testing.T) {
	plain := recover(t, InferOptions{Weight: infer.Plain}, 100, 4000)
	require.Equal(t, []int{39, 41}, []int{plain[1].Edges, plain[1].Roots})
	require.Less(t, plain[0].Recovered, plain[1].Recovered, "more sequences recover more")
	require.Equal(t, 35, plain[1].Recovered)
	require.Zero(t, plain[1].WrongParent)
	// Each of 41 roots is called with probability at most 0.05, the largest
	// threshold of Benjamini and Hochberg: 8 or more with probability below 0.001.
	require.LessOrEqual(t, plain[1].FalseEdges, 7)

	paper := recover(t, InferOptions{Weight: infer.Gradient}, 4000)
	require.Equal(t, 39, paper[0].Recovered)
	require.Greater(t, paper[0].FalseEdges, plain[1].FalseEdges, "the bias of the paper's weight at a finite T shows")

	shared := recover(t, InferOptions{Shared: true}, 4000)
	// One Dirichlet(0.1) chain for a whole forest may be nearly of rank one.
	require.GreaterOrEqual(t, shared[0].Recovered, 25)
	require.Zero(t, shared[0].WrongParent)
	require.GreaterOrEqual(t, shared[0].ChowLiu, 25, "one chain: Chow-Liu works")
	require.Less(t, plain[1].ChowLiu, 10, "a chain for each sequence: it does not")
}

// Where the answer comes from another chain, or chains have rank one, there is
// no signal: no edge, and the notes say so. With 8 rows, no false discovery at
// level 0.001 fails with probability at most 0.001; the seed is fixed.
func TestInferFindsNothingWithoutASignal(t *testing.T) {
	f, err := graph.Chain(10)
	require.NoError(t, err)
	o := InferOptions{Weight: infer.Plain, Level: 0.001, Confidence: 0.95}
	s, err := Simulate(f, markov.RankOne{Size: 3, Alpha: 0.1}, 3000, false, 1, 0)
	require.NoError(t, err)
	d, err := Infer(s, o)
	require.NoError(t, err)
	requireNoEdge(t, d)
	s, err = Simulate(f, markov.Dirichlet{Size: 3, Alpha: 0.1}, 3000, false, 1, 0)
	require.NoError(t, err)
	first := s.Row(0)[s.Columns-1]
	for n := range s.N - 1 { // every answer moves to another sequence
		s.Row(n)[s.Columns-1] = s.Row(n + 1)[s.Columns-1]
	}
	s.Row(s.N - 1)[s.Columns-1] = first
	d, err = Infer(s, o)
	require.NoError(t, err)
	requireNoEdge(t, d)
}

func requireNoEdge(t *testing.T, d Inferred) {
	t.Helper()
	for _, r := range d.Rows {
		require.Equal(t, graph.Root, r.Parent)
		require.Equal(t, "undecided", r.Verdict)
	}
	require.Contains(t, d.Notes[0], "no edge is shown")
}
