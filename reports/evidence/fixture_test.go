package evidence

import (
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/reports/table"

	"github.com/stretchr/testify/require"
)

// at is the cell of a row in the column of that name.
func at(t *testing.T, shown table.Table, row int, column string) table.Cell {
	t.Helper()
	require.NoError(t, shown.Check())
	require.Less(t, row, len(shown.Rows))
	for i, c := range shown.Columns {
		if c.Name == column {
			return shown.Rows[row][i]
		}
	}
	require.FailNow(t, "no such column", column)
	return table.Cell{}
}

// requireValue requires the unrounded number of a cell, bit for bit: a table
// computes nothing but stated differences and products.
func requireValue(t *testing.T, want float64, c table.Cell) {
	t.Helper()
	got, ok := c.Value()
	require.True(t, ok, "%q is no number", c)
	require.Equal(t, want, got)
}

func requireMean(t *testing.T, want measure.Mean, c table.Cell) {
	t.Helper()
	requireValue(t, want.Value, c)
	got, ok := c.StandardError()
	require.True(t, ok)
	require.Equal(t, want.StdErr, got)
}

// losses has another number in every field, so that no two can be confused.
func losses(prior string, base float64) measure.Losses {
	next := base
	mean := func() measure.Mean {
		next++
		return measure.Mean{Value: next, StdErr: next / 64}
	}
	return measure.Losses{Prior: prior, Sequences: 300, Loss: mean(), Irreducible: mean(), Gap: mean(), Count: mean(), TrainingCount: mean(),
		OverCount: mean(), OverTraining: mean(), SupError: mean(), CountSup: mean(),
		Calibration: mean(), CountCalibration: mean()}
}

func record(id string) experiment.Record {
	block := measure.Edges{Mean: 0.75, Min: 0.25, Accuracy: 0.5}
	return experiment.Record{Spec: experiment.Spec{ID: id, Steps: 12}, Final: losses("final", 10),
		Edges:      experiment.EdgeReport{PositionBlock: &block, Attention: measure.Edges{Mean: 0.625}},
		Shifted:    []measure.Losses{losses("dirichlet:1", 30), losses("sticky:0.9,1", 50)},
		Provenance: experiment.Provenance{WallSeconds: 1.5}}
}
