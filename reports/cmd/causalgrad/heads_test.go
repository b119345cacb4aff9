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
	require.Regexp(t, `^After 1 step one head ends -?0\.\d+\(\d+\) nats above two in the mean over 2 seeds .*; of 2 seeds one head gets below the best estimator of one parent in 0, two heads in 0\.$`, d["answer"])
	requireRefused(t, ask("heads", "--seeds", "0"), "--seeds 0")
	requireRefused(t, ask("heads", "--steps", "0"), "--steps 0")
}
