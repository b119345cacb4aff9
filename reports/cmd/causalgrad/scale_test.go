package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestScale measures every point that it is asked for; wrong sizes are named.
func TestScale(t *testing.T) {
	d := document(t, 0, "scale", "--lengths", "4,6", "--tokens", "2", "--repeats", "1")
	require.Len(t, d["points"], 12) // four quantities: two lengths and one S each
	require.Regexp(t, `^On one core, S = 3, T = 6: exact first-step gradient, one chain [\d.e-]+ s; .*; reduced model, gradient of 64 sequences [\d.e-]+ s\.$`, d["answer"])
	requireRefused(t, ask("scale", "--lengths", "2"), "T = 2")
	requireRefused(t, ask("scale", "--tokens", "1"), "S = 1")
	requireRefused(t, ask("scale", "--repeats", "0"), "repeats = 0")
}
