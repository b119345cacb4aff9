package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// answerTo runs a command line that writes JSON and decodes the answer.
func answerTo(t *testing.T, code int, args ...string) map[string]any {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.json")
	require.Equal(t, code, ask(append(args, "--format", "json", "--out", out)...).code)
	data, err := os.ReadFile(out)
	require.NoError(t, err)
	var document map[string]any
	require.NoError(t, json.Unmarshal(data, &document))
	return document
}

// Weights that a training saves are measured as the training's own record
// says, start another training, and are drawn.
func TestWeightsGoOutAndIn(t *testing.T) {
	folder := t.TempDir()
	first, second := filepath.Join(folder, "a.safetensors"), filepath.Join(folder, "b.npz")
	short := []string{"train", "--graph", "parents:-1,0,0", "--tokens", "2", "--steps", "4", "--batch", "32", "--test-sequences", "64", "--shifted", "dirichlet:1"}
	record := answerTo(t, 0, append(short, "--weights-out", first)...)
	again := answerTo(t, 0, append(short, "--weights-in", first, "--weights-out", second)...)
	require.Equal(t, record["weights_sha256"], again["spec"].(map[string]any)["initial_weights"])
	verify := []string{"verify", "--graph", "parents:-1,0,0", "--test-sequences", "64", "--shifted", "dirichlet:1", "--weights"}
	measured := answerTo(t, 0, append(verify, second, "--figures", folder)...)
	for _, field := range []string{"final", "edges", "ood", "weights_sha256"} {
		require.Equal(t, again[field], measured[field], field)
	}
	transfer := measured["transfer"].(map[string]any)
	require.Len(t, transfer["relabelling"], 2)
	defect := transfer["relabelling"].([]any)[0].(map[string]any)["equivariance_defect"].(map[string]any)
	require.Positive(t, defect["value"])
	require.Positive(t, defect["stderr"])
	require.NotEmpty(t, transfer["spectra"].(map[string]any)["bands"])
	text := ask(append(verify, second)...).out
	require.Contains(t, text, "Transfer of trained models to the same sequences")
	require.Contains(t, text, "Transfer of trained models to chains of other spectra")
	figures, err := filepath.Glob(filepath.Join(folder, "*.svg"))
	require.NoError(t, err)
	require.Len(t, figures, 3)
	require.Equal(t, 2, ask("verify", "--weights", second, "--graph", "chain", "--length", "9").code, "another length")
	require.Equal(t, 2, ask("verify", "--weights", filepath.Join(folder, "absent.npz")).code)
	require.Equal(t, 2, ask(append(short, "--weights-out", "w.bin")...).code)
	require.Equal(t, 2, ask(append(short, "--heads", "2,1", "--weights-in", first)...).code, "another model")
}

// infer reads back what its own simulation saved, with the same answer.
func TestInferReadsWhatItSimulated(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.csv")
	simulated := answerTo(t, 0, "infer", "--simulate", "500", "--graph", "parents:-1,0,1", "--save", file)
	read := answerTo(t, 0, "infer", file)
	require.Equal(t, simulated["matrix"], read["matrix"])
	require.Equal(t, "causalgrad/infer/1", read["schema"])
	require.Equal(t, 2, ask("infer").code)
	require.Equal(t, 2, ask("infer", file, "--simulate", "50").code)
	require.Equal(t, 2, ask("infer", file, "--tokens", "2").code)
	require.Equal(t, 2, ask("infer", file, "--q", "2").code)
	require.Equal(t, 2, ask("infer", "--simulate", "100,200").code)
	require.Equal(t, 2, ask("infer", filepath.Join(t.TempDir(), "absent.csv")).code)
	table := answerTo(t, 0, "infer", "--simulate", "100,200", "--forests", "2", "--length", "5", "--weight", "plain")
	require.Len(t, table["points"], 2)
}

// A gradient of hours is refused; sampling is there when it is asked for.
func TestGradientSaysWhenItIsNotAffordable(t *testing.T) {
	require.Equal(t, 2, ask("gradient", "--graph", "chain", "--length", "4096", "--tokens", "20", "--draws", "100000").code)
	d := answerTo(t, 0, "gradient", "--graph", "chain", "--length", "5", "--draws", "10", "--sample", "50")
	require.Equal(t, 50.0, d["draws"])
	require.NotNil(t, d["stderr"])
}
