package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJUnit(t *testing.T) {
	t.Setenv("GITHUB_STEP_SUMMARY", "")
	out := filepath.Join(t.TempDir(), "new", "tests.xml")
	good := file(t, "good.json", `{"Action":"run","Package":"a","Test":"TestX"}`+"\n"+`{"Action":"pass","Package":"a","Test":"TestX"}`+"\n")
	a := ask("junit", good, "--out", out)
	require.Zero(t, a.code, a.err)
	require.Contains(t, a.out, "1 passed, 0 failed, 0 skipped in 1 packages")
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Contains(t, string(text), `<testcase classname="a" name="TestX">`)
	bad := file(t, "bad.json", `{"Action":"run","Package":"a","Test":"TestX"}`+"\n")
	summary := filepath.Join(t.TempDir(), "summary.md")
	t.Setenv("GITHUB_STEP_SUMMARY", summary)
	a = ask("junit", bad, "--out", out)
	require.Equal(t, 1, a.code, a.err)
	require.Empty(t, a.out)
	text, err = os.ReadFile(summary)
	require.NoError(t, err)
	require.Contains(t, string(text), "<code>a TestX</code> did not end")
	requireRefused(t, ask("junit", file(t, "none.json", "ok"), "--out", out), "none.json", "no event of go test -json")
}

func TestConformJUnit(t *testing.T) {
	laws := filepath.Join(t.TempDir(), "laws.xml")
	require.Zero(t, ask("conform", "--law", "stationary-balance", "--draws", "2", "--junit", laws).code)
	text, err := os.ReadFile(laws)
	require.NoError(t, err)
	require.Contains(t, string(text), `<testsuite name="laws on builtin" tests="1" failures="0"`)
	requireRefused(t, ask("conform", "--junit", t.TempDir()), "writing ")
}
