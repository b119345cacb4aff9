package evidence

import (
	"fmt"
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"

	"github.com/stretchr/testify/require"
)

// TestShiftedPoolsManyRuns: runs of one experiment become one row, whose
// standard error is that over runs; an experiment of a single run stays.
func TestShiftedPoolsManyRuns(t *testing.T) {
	var records []experiment.Record
	for i := range shownRuns {
		r := experiment.Record{Spec: experiment.Spec{ID: fmt.Sprintf("many-graphs-%02d", i)}}
		r.Shifted = []measure.Losses{{Prior: "dirichlet:1", Loss: measure.Mean{Value: float64(i % 2), StdErr: 7}}}
		records = append(records, r)
	}
	rows, pooled := shiftedRows(records)
	require.False(t, pooled)
	require.Len(t, rows, shownRuns)
	alone := experiment.Record{Spec: experiment.Spec{ID: "single"}, Shifted: []measure.Losses{{Prior: "dirichlet:1", Loss: measure.Mean{Value: 3, StdErr: 2}}}}
	rows, pooled = shiftedRows(append(records, alone))
	require.True(t, pooled)
	require.Len(t, rows, 2)
	require.Equal(t, "many-graphs, 12 runs", rows[0].name)
	require.InEpsilon(t, 0.5, rows[0].losses.Loss.Value, 1e-14) // 12 roundings of terms of 1/12
	// Deviations of 1/2 each: 12/4 over 11, over 12.
	require.InEpsilon(t, 3.0/11/12, rows[0].losses.Loss.StdErr*rows[0].losses.Loss.StdErr, 1e-13)
	require.Equal(t, shiftedRow{"single", alone.Shifted[0]}, rows[1])
	// Runs of other lengths are not pooled with these.
	longer := records[3]
	longer.Spec.Steps = 9
	rows, _ = shiftedRows(append(records, longer))
	require.Len(t, rows, 2)
	require.Equal(t, []string{"many-graphs, 0 steps, 12 runs", "many-graphs, 9 steps"}, []string{rows[0].name, rows[1].name})
}
