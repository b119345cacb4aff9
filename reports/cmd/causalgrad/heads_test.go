package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHeads(t *testing.T) {
	d := document(t, 0, "heads", "--steps", "1", "--seeds", "2", "--seed", "5")
	runs := d["runs"].([]any)
	require.Len(t, runs, 2)
	require.Equal(t, 6.0, runs[1].(map[string]any)["seed"])
	requireRefused(t, ask("heads", "--seeds", "0"), "--seeds 0")
	requireRefused(t, ask("heads", "--steps", "0"), "--steps 0")
}
