package evidence

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causalgrad/golden/runs"
	"causalgrad/reports/table"

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

// TestGoldenFindings: the documents beside the records of the authors' code are what
// conform --report writes of them. CAUSALGRAD_GOLDEN=write rewrites them.
func TestGoldenFindings(t *testing.T) {
	recorded, err := runs.Conformances()
	require.NoError(t, err)
	documents := 0
	for _, r := range recorded {
		c, err := ReadConformance(r.Name, r.Data)
		require.NoError(t, err)
		if !strings.HasPrefix(c.Subject, authors) {
			continue
		}
		documents++
		want, err := c.Report(table.FormatMarkdown)
		require.NoError(t, err)
		name := filepath.Join("..", "..", "golden", "runs", strings.TrimSuffix(r.Name, ".json")+".md")
		if os.Getenv("CAUSALGRAD_GOLDEN") == "write" {
			require.NoError(t, os.WriteFile(name, []byte(want), 0o644))
			continue
		}
		got, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, want, string(got), "%s: make golden rewrites it", name)
	}
	require.NotZero(t, documents)
}

// TestRecordedImplementations: the right ones fail nothing, those with a planted mistake do.
func TestRecordedImplementations(t *testing.T) {
	recorded, err := runs.Conformances()
	require.NoError(t, err)
	results, err := Implementations(recorded)
	require.NoError(t, err)
	require.Len(t, results, 4)
	for _, r := range results {
		require.True(t, r.Holds, r.Table.Title)
		require.NotEmpty(t, r.Table.Rows)
	}
	require.Equal(t, "findings-official", results[1].Table.ID)
	for _, row := range results[0].Table.Rows {
		require.NotContains(t, row[0].String(), planted)
		require.Equal(t, "0", row[3].String())
	}
	for _, row := range results[2].Table.Rows {
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
