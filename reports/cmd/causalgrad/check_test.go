package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A prior that meets every condition exits 0; one without the constant mean
// exits 1, with the condition that fails and the row that goes wrong.
func TestCheckExitCodes(t *testing.T) {
	good := document(t, 0, "check", "--graph", "parents:-1,0,1,2", "--prior", "orbit:1,7")
	for _, f := range good["findings"].([]any) {
		require.NotEqual(t, "fails", f.(map[string]any)["verdict"])
	}
	bad := document(t, 1, "check", "--graph", "parents:-1,0,1,2", "--chain", file(t, "pi.json", "[[0.9,0.1],[0.3,0.7]]"))
	verdicts := map[string]any{}
	for _, f := range bad["findings"].([]any) {
		finding := f.(map[string]any)
		verdicts[finding["id"].(string)] = finding["verdict"]
	}
	require.Equal(t, "fails", verdicts["A4"], "one chain's mean is the chain itself")
	require.Equal(t, "holds", verdicts["graph"])
}

func TestCheckDocument(t *testing.T) {
	d := document(t, 0, "check", "--graph", "parents:-1,0,1,2", "--prior", "orbit:1,7")
	require.Equal(t, "causalgrad/check/1", d["schema"])
	require.Subset(t, keys(t, d), []string{"schema", "graph", "prior", "findings", "predicted", "observed"})
	require.Equal(t, "parents:-1,0,1,2", d["graph"])
	require.Equal(t, "orbit:1,7", d["prior"])
	findings := d["findings"].([]any)
	require.NotEmpty(t, findings)
	for _, f := range findings {
		require.Subset(t, keys(t, f), []string{"id", "statement", "verdict", "number", "certainty"})
	}
	require.Len(t, d["predicted"], 3, "one row an edge")
	require.Len(t, d["observed"], 3)
	require.Subset(t, keys(t, d["predicted"].([]any)[0]), []string{"child", "parent", "margin"})
	require.Subset(t, keys(t, d["observed"].([]any)[0]), []string{"child", "parent", "argmax", "margin"})
	sampled := document(t, 1, "check", "--graph", "parents:-1,0,0", "--prior", "dirichlet:0.1", "--draws", "64")
	require.Contains(t, keys(t, sampled["observed"].([]any)[0]), "stderr")
}

func TestCheckFormats(t *testing.T) {
	for format, mark := range map[string]string{"text": "Hypotheses of theorem 1 on parents:-1,0,1", "markdown": "| condition ", "csv": "condition,verdict",
		"html": "<table", "latex": `\begin{tabular`} {
		a := ask("check", "--graph", "parents:-1,0,1", "--prior", "orbit:1,7", "--format", format)
		require.Zero(t, a.code, a.err)
		require.Contains(t, a.out, mark, format)
		for _, id := range []string{"A1", "A4-trace", "spectral-gap"} {
			require.Contains(t, a.out, id, format)
		}
		require.NotContains(t, strings.ToLower(a.out), "nan", format)
	}
}

// TestCheckEmbedding: orthogonal positions change no row and no step of stage 1,
// too few dimensions lose rows, and the answer says which vectors it is about.
func TestCheckEmbedding(t *testing.T) {
	ask12 := []string{"check", "--length", "12", "--prior", "orbit:1,7"}
	plain := document(t, 0, ask12...)
	require.NotContains(t, plain, "embedding")
	same := document(t, 0, append(ask12, "--embedding", "orthogonal")...)
	require.Equal(t, plain["observed"], same["observed"])
	require.Equal(t, plain["stage1"], same["stage1"])
	other := document(t, 1, append(ask12, "--embedding", "gaussian:64,1")...)
	require.Equal(t, "gaussian:64,1", other["embedding"])
	require.NotEqual(t, plain["stage1"], other["stage1"])
	text := ask(append(ask12, "--embedding", "gaussian:64,1")...)
	require.Contains(t, text.out, "embedding gaussian:64,1")
	margins := document(t, 0, "gradient", "--length", "12", "--prior", "orbit:1,7", "--embedding", "gaussian:64,1")["rows"].([]any)
	for _, r := range margins {
		rounding := r.(map[string]any)["rounding"].(float64)
		require.Positive(t, rounding)
		require.Less(t, rounding, 1e-12) // of margins of 1e-5 and more
	}
	bad := ask(append(ask12, "--embedding", "gaussian:64")...)
	require.Equal(t, 2, bad.code)
	require.Contains(t, bad.err, `embedding "gaussian:64": want orthogonal`)
}
