package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// answer is what a command line gave.
type answer struct {
	code     int
	out, err string
}

func ask(args ...string) answer {
	var out, err bytes.Buffer
	code := run(args, &out, &err)
	return answer{code, out.String(), err.String()}
}

// document is the JSON answer of a command line that ends with code.
func document(t *testing.T, code int, args ...string) map[string]any {
	t.Helper()
	a := ask(append(args, "--format", "json")...)
	require.Equal(t, code, a.code, a.err)
	require.Empty(t, a.err)
	var d map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.out), &d))
	return d
}

// requireRefused requires exit code 2, nothing on standard output and one line
// on standard error that has all of the parts.
func requireRefused(t *testing.T, a answer, parts ...string) {
	t.Helper()
	require.Equal(t, 2, a.code, a.out)
	require.Empty(t, a.out)
	require.True(t, strings.HasPrefix(a.err, "causalgrad: "), a.err)
	require.Equal(t, 1, strings.Count(a.err, "\n"), a.err)
	require.True(t, strings.HasSuffix(a.err, "\n"), a.err)
	for _, part := range parts {
		require.Contains(t, a.err, part)
	}
}

// file writes a file into a folder of its own.
func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// keys lists the fields of an object, for require.ElementsMatch.
func keys(t *testing.T, object any) []string {
	t.Helper()
	fields, ok := object.(map[string]any)
	require.True(t, ok, "%v is no object", object)
	var names []string
	for name := range fields {
		names = append(names, name)
	}
	return names
}

// compare holds an answer against testdata/NAME, or rewrites that under
// CAUSALGRAD_GOLDEN=write.
func compare(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("CAUSALGRAD_GOLDEN") == "write" {
		require.Empty(t, os.Getenv("CI"), "CAUSALGRAD_GOLDEN=write is refused where CI is set")
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "if that is meant: make golden")
}
