package evidence

import (
	"strings"
	"testing"

	"causalgrad/golden/runs"

	"github.com/stretchr/testify/require"
)

// TestRecordedImplementations: the right ones fail nothing, those with a fault do.
func TestRecordedImplementations(t *testing.T) {
	recorded, err := runs.Conformances()
	require.NoError(t, err)
	results, err := Implementations(recorded)
	require.NoError(t, err)
	require.Len(t, results, 3)
	for _, r := range results {
		require.True(t, r.Holds, r.Table.Title)
		require.NotEmpty(t, r.Table.Rows)
	}
	for _, row := range results[0].Table.Rows {
		require.NotContains(t, row[0].String(), planted)
		require.Equal(t, "0", row[3].String())
	}
	for _, row := range results[1].Table.Rows {
		require.Contains(t, row[0].String(), planted)
	}

	broken := append([]runs.Conformance{}, recorded...)
	for i, r := range broken { // a fault that does not say so is a failure
		broken[i].Data = []byte(strings.ReplaceAll(string(r.Data), planted, " without fault "))
	}
	results, err = Implementations(broken)
	require.NoError(t, err)
	require.False(t, results[0].Holds)
	broken[0].Data = []byte("{")
	_, err = Implementations(broken)
	require.ErrorContains(t, err, broken[0].Name)
}
