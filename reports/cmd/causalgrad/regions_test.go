package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A certificate is written, confirmed, and refused with the cell's name once a
// verdict in it is turned round.
func TestCertificates(t *testing.T) {
	file := filepath.Join(t.TempDir(), "chain.cert")
	found := document(t, 0, "regions", "--graph", "parents:-1,0,1", "--cells", "300", "--certificate", file)
	confirmed := document(t, 0, "regions", "--check", file)
	require.Equal(t, "causalgrad/certificate-check/1", confirmed["schema"])
	require.Equal(t, "parents:-1,0,1", confirmed["graph"])
	require.Regexp(t, `^Confirmed: all \d+ cells of the certificate hold in exact arithmetic`, confirmed["answer"])
	require.Contains(t, found["answer"], "On average over a chain's relabellings the parent is ahead of every position, itself included: proved for ")
	questions := confirmed["questions"].([]any)
	require.Len(t, questions, 8)
	for i, q := range questions {
		question, region := q.(map[string]any), found["regions"].([]any)[i].(map[string]any)
		for _, field := range []string{"tokens", "self", "orbit", "certified", "refuted"} {
			require.Equal(t, region[field], question[field], "%d: %s", i, field)
		}
	}
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	spoil := func(old, by string) {
		require.Contains(t, string(text), old)
		require.NoError(t, os.WriteFile(file, []byte(strings.Replace(string(text), old, by, 1)), 0o600))
	}
	spoil(`"holds","bound":0`, `"holds","bound":7`) // no number is claimed there
	a := ask("regions", "--check", file)
	require.Equal(t, 2, a.code)
	require.Contains(t, a.err, "want holds with a positive bound (0 where no number is claimed)")
	spoil(`"fails","bound":0`, `"holds","bound":1`)
	a = ask("regions", "--check", file)
	require.Equal(t, 1, a.code, a.err)
	require.Contains(t, a.err, "chain.cert: the certificate is not confirmed: S = 2, one chain, k <= i")

	a = ask("regions", "--check", filepath.Join(t.TempDir(), "none"))
	require.Equal(t, 2, a.code)
	a = ask("regions", "--check", file, "--graph", "icl")
	require.Equal(t, 2, a.code)
	require.Contains(t, a.err, "--graph icl: it plays no part with --check")
	a = ask("regions", "--graph", "icl", "--cells", "1", "--certificate", filepath.Join(file, "under-a-file"))
	require.Equal(t, 2, a.code)
}
