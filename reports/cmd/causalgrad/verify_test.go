package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causalgrad/golden/reference"

	"github.com/stretchr/testify/require"
)

func TestVerifyTheShippedFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("short: the training runs compare 16384 sequences each")
	}
	d := document(t, 0, "verify")
	require.Equal(t, "causalgrad/verify/1", d["schema"])
	require.Equal(t, true, d["holds"])
	files := d["files"].([]any)
	require.Len(t, files, len(reference.Files()))
	for i, name := range reference.Files() {
		file := files[i].(map[string]any)
		require.Equal(t, name, file["file"])
		require.NotEmpty(t, file["rows"])
		for _, row := range file["rows"].([]any) {
			require.Subset(t, keys(t, row), []string{"quantity", "max_abs", "max_rel", "tolerance", "pass"})
		}
	}
}

// shippedFile is the content of a file of golden/reference.
func shippedFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "golden", "reference", name))
	require.NoError(t, err)
	return string(data)
}

// A copy under another name passes; one changed digit of it fails, and is
// named; a file of another kind is bad input.
func TestVerifyExitCodes(t *testing.T) {
	stationary := shippedFile(t, "vec_stationary.json")
	good := file(t, "copy.json", stationary)
	require.Zero(t, ask("verify", good).code)

	const value = `"mu_exact": [0.006199962824253672, `
	require.Equal(t, 1, strings.Count(stationary, value))
	broken := file(t, "broken.json", strings.Replace(stationary, value, `"mu_exact": [0.006199962834253672, `, 1))
	a := ask("verify", broken)
	require.Equal(t, 1, a.code)
	require.Empty(t, a.err, "the answer is the table")
	require.Contains(t, a.out, "FAIL")
	require.Equal(t, 1, ask("verify", good, broken).code, "one failing file fails all")
	require.Equal(t, false, document(t, 1, "verify", broken)["holds"])

	requireRefused(t, ask("verify", file(t, "half.json", stationary[:len(stationary)/2])), "half.json", "truncated")
	requireRefused(t, ask("verify", file(t, "foreign.json", `{"weights": [1, 2]}`)), "foreign.json", "not a reference file")
	requireRefused(t, ask("verify", file(t, "text.json", "hello")), "text.json")
	requireRefused(t, ask("verify", good, "absent.json"), "absent.json")
}
