package evidence

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// benchmarkFile is one of repetitions of two benchmarks.
func benchmarkFile(t *testing.T, machine string, times map[string][]float64) Benchmarks {
	t.Helper()
	var text strings.Builder
	fmt.Fprintf(&text, "machine: %s\n", machine)
	for _, name := range []string{"Step/S=3", "Exp/avx2"} {
		for _, v := range times[name] {
			fmt.Fprintf(&text, "Benchmark%s-2 10 %v ns/op\n", name, v)
		}
	}
	b, err := ParseBenchmarks(text.String())
	require.NoError(t, err)
	return b
}

// Six repetitions that are all slower are a regression (p = 2/C(12,6)); those that
// lie among the ones before are none; another machine is not compared.
func TestRegressionsAreNamed(t *testing.T) {
	before := benchmarkFile(t, "one", map[string][]float64{"Step/S=3": {1, 2, 3, 4, 5, 6}, "Exp/avx2": {1, 2, 3, 4, 5, 6}})
	now := benchmarkFile(t, "one", map[string][]float64{"Step/S=3": {7, 8, 9, 10, 11, 12}, "Exp/avx2": {1.5, 2.5, 3.5, 4.5, 5.5, 0.5}})
	changes, warning := now.Changes(before)
	require.Empty(t, warning)
	require.Len(t, changes, 2)
	require.True(t, changes[0].Slower())
	require.InDelta(t, 2.0/924, changes[0].P, 1e-12)
	require.False(t, changes[1].Slower())
	changed := now.ChangeTable(before)
	require.NoError(t, changed.Check())
	require.Len(t, changed.Rows, 1)
	require.Equal(t, "Step/S=3", changed.Rows[0][0].String())
	require.Contains(t, changed.Notes[0], "1 of 2 benchmarks are slower and 0 are faster")
	require.Equal(t, "faster", before.ChangeTable(now).Rows[0][5].String())

	other := benchmarkFile(t, "two", map[string][]float64{"Step/S=3": {1, 2, 3, 4, 5, 6}})
	require.Empty(t, now.ChangeTable(other).Rows)
	require.Contains(t, now.ChangeTable(other).Notes[0], "not compared: measured on one, and before on two")

	few := benchmarkFile(t, "one", map[string][]float64{"Step/S=3": {1, 2}})
	_, warning = few.Changes(few)
	require.Contains(t, warning, "samples")
}
