package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLadder runs every length and fits a rate for L - L* and each test prior.
func TestLadder(t *testing.T) {
	d := document(t, 0, "ladder", "--lengths", "5,8,12", "--seeds", "2")
	ladders := d["ladders"].([]any)
	require.Len(t, ladders, 2)
	require.Len(t, ladders[1].(map[string]any)["points"], 3)
	require.Equal(t, 2.0, ladders[1].(map[string]any)["seed"])
	require.Len(t, d["gap"].(map[string]any)["local"], 2)
	require.Len(t, d["sup_errors"], 3)
	require.Regexp(t, `^Algorithm 1 ends 0\.\d+\(\d+\) nats above L\* at T = 5 and 0\.\d+\(\d+\) at T = 12, as .* after stage 1 the attention on a parent is at least 0\.9\d{3}\.$`, d["answer"])
	requireRefused(t, ask("ladder", "--seeds", "0"), "--seeds 0")
	requireRefused(t, ask("ladder", "--lengths", "8,16"), "2 given")
	requireRefused(t, ask("ladder", "--lengths", "2,8,16"), "T = 2")
	requireRefused(t, ask("ladder", "--lengths", "8,16,16"), "T = 16", "ascending")
}
