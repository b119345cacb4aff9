package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLossDocument: a finite prior has no error, drawn chains have one, and the
// first level is that of the longest sequence.
func TestLossDocument(t *testing.T) {
	d := document(t, 0, "loss", "--prior", "orbit:1,7", "--alpha", "1", "--lengths", "8,16")
	require.Equal(t, "causalgrad/loss/1", d["schema"])
	require.NotContains(t, d, "stderr")
	lengths := d["lengths"].([]any)
	require.Len(t, lengths, 2)
	short, long := lengths[0].(map[string]any), lengths[1].(map[string]any)
	require.Equal(t, long["gap"], d["gap"])
	require.NotContains(t, short, "exponent")
	require.Negative(t, long["exponent"])
	require.Less(t, long["gap"], short["gap"])

	d = document(t, 0, "loss", "--length", "8", "--draws", "10")
	require.NotContains(t, d, "lengths")
	require.EqualValues(t, 10, d["draws"])
	require.Positive(t, d["stderr"].(map[string]any)["gap"])
}

func TestLossRefuses(t *testing.T) {
	for want, arguments := range map[string][]string{
		"alpha = 0":       {"--alpha", "0"},
		"draws = 1":       {"--draws", "1"},
		"give one of":     {"--length", "8", "--lengths", "8,16"},
		"ascending":       {"--lengths", "16,8"},
		"want 3 to 4096":  {"--lengths", "16,8193"},
		"several parents": {"--graph", "trigram-half"},
	} {
		answer := ask(append([]string{"loss"}, arguments...)...)
		require.Equal(t, 2, answer.code, "%v", arguments)
		require.Contains(t, answer.err, want)
	}
}
