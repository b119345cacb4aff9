package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLadder runs every length and fits a rate for L - L* and each test prior.
func TestLadder(t *testing.T) {
	d := document(t, 0, "ladder", "--lengths", "5,8,12")
	require.Len(t, d["points"], 3)
	require.Len(t, d["rates"], 4)
	requireRefused(t, ask("ladder", "--lengths", "8,16"), "2 given")
	requireRefused(t, ask("ladder", "--lengths", "2,8,16"), "T = 2")
	requireRefused(t, ask("ladder", "--lengths", "8,16,16"), "T = 16", "ascending")
}
