package evidence

import (
	"testing"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

func TestRunTimesPoolsTheForests(t *testing.T) {
	run := func(id string, heads []int, steps int, seconds float64) experiment.Record {
		return experiment.Record{Spec: experiment.Spec{ID: id, Model: "disentangled", Tokens: 3, Length: 20, Heads: heads, Steps: steps},
			Provenance: experiment.Provenance{WallSeconds: seconds}}
	}
	r := RunTimeTable([]experiment.Record{run("many-graphs-01", []int{1, 1}, 1000, 30), run("other", []int{2, 1}, 10, 3600),
		run("many-graphs-00", []int{1, 1}, 1000, 10), run("many-graphs-00", []int{1, 1}, 1000, 20)})
	var rows [][]string
	for _, row := range r.Rows {
		var texts []string
		for _, c := range row {
			texts = append(texts, c.String())
		}
		rows = append(rows, texts)
	}
	require.Equal(t, [][]string{
		{"many-graphs", "S=3,T=20,heads=1-1", "1000", "3", "10", "0.02", "0.036"}, // 60 s; 43 s a run
		{"other", "S=3,T=20,heads=2-1", "10", "1", "3600", "1.00", "-"},
		{"all", "", "", "4", "", "1.02", "0.036"},
	}, rows)
}
