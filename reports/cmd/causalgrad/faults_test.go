package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFaultsCaught(t *testing.T) {
	d := document(t, 0, "faults", "--mistake", "signal-transposed,moments-leak", "--law", "signal-definition,adamw-recurrence,self-signal", "--seeds", "2", "--matrix")
	require.ElementsMatch(t, []string{"answer", "schema", "faults", "laws", "false_alarms", "alarms", "seeds", "seed", "matrix", "generators"}, keys(t, d))
	require.Equal(t, "causalgrad/faults/1", d["schema"])
	require.Equal(t, 0.0, d["false_alarms"])
	require.Equal(t, 2.0, d["seeds"])
	require.Equal(t, "Caught: 2 of 2 planted mistakes; false alarms on the unbroken implementation in 2 seeds: 0; every class of case is drawn often enough.", d["answer"])
	faults := d["faults"].([]any)
	require.Len(t, faults, 2)
	first := faults[0].(map[string]any)
	require.ElementsMatch(t, []string{"id", "description", "caught_by", "expected", "draws", "seconds"}, keys(t, first))
	require.Equal(t, "signal-transposed", first["id"])
	require.Equal(t, []any{"signal-definition"}, first["caught_by"], "the trace is that of the transposed matrix")
	require.Equal(t, []any{
		map[string]any{"id": "signal-definition", "caught": 1.0},
		map[string]any{"id": "adamw-recurrence", "caught": 1.0},
		map[string]any{"id": "self-signal", "caught": 0.0},
	}, d["laws"])
}

// TestFaultsMissed: a mistake that the laws do not see is exit code 1.
func TestFaultsMissed(t *testing.T) {
	a := ask("faults", "--mistake", "stationary-uniform", "--law", "stationary-doubly-stochastic", "--seeds", "1", "--matrix")
	require.Equal(t, 1, a.code)
	require.True(t, strings.HasPrefix(a.out, "Caught: 0 of 1 planted mistake, not stationary-uniform; "), a.out)
	for _, part := range []string{"stationary-uniform", "FAIL", "1 mistake, 0 caught", "laws that catch nothing: 1 of 1", "False alarms of the laws on the unbroken implementation, with fresh seeds", "Classes of cases that the laws draw"} {
		require.Contains(t, a.out, part)
	}
}

func TestFaultsRefuses(t *testing.T) {
	requireRefused(t, ask("faults", "--seeds", "-1"), "--seeds -1")
	requireRefused(t, ask("faults", "--draws", "0"), "--draws 0")
	requireRefused(t, ask("faults", "--workers", "-2"), "--workers -2")
	requireRefused(t, ask("faults", "--mistake", "gremlin"), "--mistake", "gremlin", "causalgrad list")
	requireRefused(t, ask("faults", "--law", "gremlin"), "--law", "gremlin")
	requireRefused(t, ask("faults", "--format", "smoke"), "smoke")
}
