package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// chains are small files as other programs write them.
const chains = "../../../theory/markov/testdata/"

func TestNotesGoToStandardError(t *testing.T) {
	a := ask("gradient", "--length", "4", "--chain", chains+"06_counts.json", "--normalise")
	require.Zero(t, a.code, a.err)
	require.Equal(t, "note: file "+chains+"06_counts.json: rows are divided by their sums\n", a.err)
	a = ask("gradient", "--length", "4", "--chain", chains+"13_savetxt_default.txt")
	require.Zero(t, a.code, a.err)
	require.Empty(t, a.err)
	requireRefused(t, ask("gradient", "--length", "4", "--chain", chains+"06_counts.json"), "--normalise")
	requireRefused(t, ask("gradient", "--normalise"), `--normalise: prior "dirichlet:0.1" reads no file`)
}

// Whatever a user types, the refusal is one line of at most 300 characters that
// a terminal shows as it is, with the beginning and the reason.
func TestRefusalsAreShortLines(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, args := range [][]string{
		{"gradient", "--graph", "@" + long}, {"gradient", "--graph", "parents:-1,0," + long}, {"gradient", "--chain", long}, {"gradient", "--prior", long},
		{"gradient", "--prior", "@\n0"}, {long}, {"gradient", "--" + long}, {"train", "--steps", "1", "--spec", long}, {"infer", long}, {"infer", "\x1b[31m"},
		{"verify", long}, {"verify", "--weights", long + ".npz"}, {"gradient", "--graph", "@\x00\r\n"}, {"gradient", "--chain", "[[1" + strings.Repeat(",1", 3000)},
	} {
		a := ask(args...)
		require.Equal(t, 2, a.code, args)
		require.LessOrEqual(t, len([]rune(a.err)), longestLine+1, a.err)
		require.Equal(t, 1, strings.Count(a.err, "\n"), a.err)
		require.NotContains(t, a.err, "\x1b")
	}
}
