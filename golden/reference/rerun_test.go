package reference

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOfficialRerun(t *testing.T) {
	r, err := OfficialRerun()
	require.NoError(t, err)
	published, err := ManyGraphs()
	require.NoError(t, err)
	require.Equal(t, published.Config.Steps, r.Config.Steps)
	var trials []int
	var means []float64
	for _, one := range r.Trials {
		trials, means = append(trials, one.Trial), append(means, one.Mean)
		require.Equal(t, published.Trials[one.Trial].Forest, one.Forest)
		require.Len(t, one.Edges, len(published.Trials[one.Trial].Edges))
	}
	require.Equal(t, []int{0, 15, 16, 18}, trials)
	require.Equal(t, []float64{0.1425, 0.2485, 0.2381, 0.2006}, means)
}

func TestTheRerunsRowsCanFail(t *testing.T) {
	const name = "official_many_graphs_cpu.json"
	require.Empty(t, failed(open(t, name).check(t, Options{})))
	for path, c := range map[string]struct {
		by  float64
		row string
	}{
		"trials.1.trajectory.15.mean_deficit": {0.001, "mean deficit of the checkpoints against their edges"},
		"trials.0.trajectory.3.edges.1.delta": {0.01, "mean deficit of the checkpoints against their edges"},
		"trials.3.trial":                      {-1, "forests are the published ones"},
		"trials.2.trajectory.15.step":         {-1, "steps of the last checkpoint"},
	} {
		d := open(t, name)
		d.add(t, path, c.by)
		require.Equal(t, []string{c.row}, failed(d.check(t, Options{})), path)
	}
}
