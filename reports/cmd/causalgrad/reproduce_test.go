package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causalgrad/golden/reference"
	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"

	"github.com/stretchr/testify/require"
)

// TestReproduceManyGraphs trains one published forest at the quick size: the
// document has the comparison, the CSV every edge, the text only those that one
// side did not learn. The later calls read the record of the first.
func TestReproduceManyGraphs(t *testing.T) {
	args := []string{"reproduce", "many-graphs-02", "--quick", "--cores", "1", "--records", t.TempDir()}
	d := document(t, 0, args...)
	require.ElementsMatch(t, []string{"answer", "schema", "records", "transfer", "many_graphs"}, keys(t, d))
	require.Equal(t, "causalgrad/reproduction/1", d["schema"])
	require.Len(t, d["records"], 1)
	require.Equal(t, "Of 1 run 0 learned every edge, 1 have hardly begun to learn.", d["answer"])
	many := d["many_graphs"].(map[string]any)
	require.ElementsMatch(t, []string{"published_steps", "forests", "edges", "mean", "output", "code"}, keys(t, many))
	require.Len(t, many["edges"], 7)
	forest := many["forests"].([]any)[0].(map[string]any)
	require.Equal(t, []any{2.0, 256.0, "not comparable"}, []any{forest["trial"], forest["steps"], forest["place"]})

	csv := ask(append(args, "--format", "csv")...)
	require.Zero(t, csv.code)
	_, edges, ok := strings.Cut(csv.out, "# Published edges: weight of the position block")
	require.True(t, ok)
	require.Contains(t, edges, "\n2,256,")
	text := ask(args...)
	require.Zero(t, text.code)
	require.Contains(t, text.out, "Published edges that one side did not learn")
	require.Contains(t, text.out, "Mean deficit over the published forests")
	require.Contains(t, text.out, "Transfer of trained models to chains of other spectra")
}

// TestReproduceWithoutManyGraphs has no comparison.
func TestReproduceWithoutManyGraphs(t *testing.T) {
	document, tables, err := reproduced(nil, nil, false)
	require.NoError(t, err)
	require.Nil(t, document.ManyGraphs)
	for _, table := range tables {
		require.NotContains(t, table.ID, "many-graphs")
	}
}

// TestReproduceFails: records of the official size whose mean deficit is 0.2
// above the published one end in exit code 1, those that agree in 0. The records
// are made by hand, so that nothing trains.
func TestReproduceFails(t *testing.T) {
	published, err := reference.ManyGraphs()
	require.NoError(t, err)
	for more, want := range map[float64]int{0: 0, 0.2: 1} {
		folder := t.TempDir()
		store, err := experiment.OpenStore(folder)
		require.NoError(t, err)
		for _, trial := range published.Trials {
			edges := measure.Edges{Mean: 1 - trial.Mean - more + 0.01*float64(trial.Trial%2)}
			for _, e := range trial.Edges {
				edges.Weights = append(edges.Weights, measure.EdgeWeight{Child: e.Child, Parent: e.Parent, Weight: e.Weight()})
			}
			r := experiment.Record{Schema: experiment.Schema, Spec: experiment.ManyGraph(trial.Trial, trial.Forest.Parents()),
				Edges: experiment.EdgeReport{PositionBlock: &edges, Attention: edges}}
			require.NoError(t, store.Put(r, []float64{0}))
		}
		require.NoError(t, os.RemoveAll(filepath.Join(folder, "weights")))
		a := ask("reproduce", "many-graphs", "--full", "--seeds", "1", "--records", folder)
		require.Equal(t, want, a.code, a.err)
	}
}
