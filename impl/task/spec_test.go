package task

import (
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
)

// A spec has the graph that it names, a forest or a DAG, and not both.
func TestSpecGraph(t *testing.T) {
	parents, lists := []int{graph.Root, 0}, [][]int{{}, {}, {0, 1}, {0}}
	forest, err := graph.NewForest(parents)
	require.NoError(t, err)
	dag, err := graph.NewDAG(lists)
	require.NoError(t, err)
	got, err := Spec{Parents: parents}.Graph()
	require.NoError(t, err)
	require.Equal(t, forest, got)
	got, err = Spec{DAG: lists}.Graph()
	require.NoError(t, err)
	require.Equal(t, dag, got)
	_, err = Spec{Parents: parents, DAG: lists}.Graph()
	require.EqualError(t, err, "task: has both parents and dag, want one")
}

// A spec has the prior that it names, and a task only where sizes agree.
func TestSpecPriorAndSizes(t *testing.T) {
	rows := [][]float64{{0.5, 0.5}, {0.25, 0.75}}
	spec := Spec{Tokens: 2, Length: 3, Parents: []int{graph.Root, 0}, Chain: rows}
	prior, err := spec.Prior()
	require.NoError(t, err)
	require.Equal(t, rows[1], prior.(markov.Point).Chain.Row(1))
	for want, s := range map[string]Spec{"dirichlet:0.5": {Tokens: 2, Alpha: 0.5}, "floor:0.5,0.25": {Tokens: 2, Alpha: 0.5, Gamma: 0.25}} {
		parsed, err := markov.ParsePrior(want, 2)
		require.NoError(t, err)
		got, err := s.Prior()
		require.NoError(t, err)
		require.Equal(t, parsed, got)
	}
	built, err := spec.Task()
	require.NoError(t, err)
	require.Equal(t, []int{2, 3}, []int{built.Tokens(), built.SequenceLength()})
	for want, change := range map[string]func(s *Spec){
		"task: length = 4, but the graph has sequence length 3": func(s *Spec) { s.Length = 4 },
		"task: tokens = 3, but the chain has 2":                 func(s *Spec) { s.Tokens = 3 },
		"task: has both chain and alpha, want one":              func(s *Spec) { s.Alpha = 1 },
		"task: has both parents and dag, want one":              func(s *Spec) { s.DAG = [][]int{} },
	} {
		bad := spec
		change(&bad)
		_, err := bad.Task()
		require.EqualError(t, err, want)
	}
}
