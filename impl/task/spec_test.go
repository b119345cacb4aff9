package task

import (
	"testing"

	"causalgrad/theory/graph"

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
