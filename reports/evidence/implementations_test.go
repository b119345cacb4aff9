package evidence

import (
	"encoding/json"
	"strings"
	"testing"

	"causalgrad/golden/runs"

	"github.com/stretchr/testify/require"
)

// TestFindingsAreNoFailures: what the authors' code fails is shown, all of it, and
// judged only where the run is not whole.
func TestFindingsAreNoFailures(t *testing.T) {
	c := made()
	c.Subject = "official float32"
	for _, whole := range []bool{true, false} {
		if whole {
			c.Counts.Error = 0
		} else {
			c.Unjudged = 3
		}
		text, err := json.Marshal(c)
		require.NoError(t, err)
		results, err := Implementations([]runs.Conformance{{Name: "conform/official-float32.json", Data: text}})
		require.NoError(t, err)
		require.Len(t, results, 4)
		require.Empty(t, results[0].Table.Rows, "it is not among those that should fail nothing")
		require.Equal(t, "findings-official-float32", results[1].Table.ID)
		require.Len(t, results[1].Table.Rows, 2)
		require.Equal(t, whole, results[1].Holds)
		require.NoError(t, results[1].Table.Check())
	}
}

// TestRecordedImplementations: the right ones fail nothing, those with a planted mistake do.
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
		require.Contains(t, row[0].String(), " with planted mistake ")
	}

	broken := append([]runs.Conformance{}, recorded...)
	for i, r := range broken { // a mistake that its name does not tell is a failure
		broken[i].Data = []byte(strings.ReplaceAll(string(r.Data), planted, " without fault "))
	}
	results, err = Implementations(broken)
	require.NoError(t, err)
	require.False(t, results[0].Holds)
	broken[0].Data = []byte("{")
	_, err = Implementations(broken)
	require.ErrorContains(t, err, broken[0].Name)
}
