package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A condition that is none, or stands twice, is refused before the first search.
func TestNecessityRefusesBeforeSearching(t *testing.T) {
	requireRefused(t, ask("necessity", "A1", "A9"), `condition "A9", want one of`)
	requireRefused(t, ask("necessity", "A1", "A1"), `condition "A1": listed twice`)
}

// TestNecessityOfStage2: the counterexample in ratios, and what plays no part is
// refused.
func TestNecessityOfStage2(t *testing.T) {
	d := document(t, 0, "necessity", "A3", "--stage", "2")
	require.Equal(t, "causalgrad/necessity-stage-2/1", d["schema"])
	require.Zero(t, d["unequal"])
	require.Positive(t, d["alone_unequal"])
	examples := d["counterexamples"].([]any)
	require.Len(t, examples, 2)
	first := examples[0].(map[string]any)
	require.Equal(t, []any{[]any{[]any{"3/4", "1/4"}, []any{"1/2", "1/2"}}}, first["chains"])
	require.Equal(t, "29/1728", first["spread"])
	require.Equal(t, "53/4320", examples[1].(map[string]any)["spread"])
	for want, args := range map[string][]string{
		`condition "A4": stage 2 keeps`:     {"necessity", "A4", "--stage", "2"},
		"--stage 3, want 1 or 2":            {"necessity", "--stage", "3"},
		"--gamma 0.1: it plays a part only": {"necessity", "--stage", "2", "--gamma", "0.1"},
	} {
		answer := ask(args...)
		require.Equal(t, 2, answer.code)
		require.Contains(t, answer.err, want)
	}
}
