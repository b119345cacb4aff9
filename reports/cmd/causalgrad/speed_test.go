package main

import (
	"os"
	"path/filepath"
	"testing"

	"causalgrad/golden/runs"

	"github.com/stretchr/testify/require"
)

// speed shows the recorded run, compares a file with it, and names what it cannot
// read.
func TestSpeed(t *testing.T) {
	require.Contains(t, ask("speed").out, "times plain gonum")
	folder := t.TempDir()
	same, wrong := filepath.Join(folder, "bench.txt"), filepath.Join(folder, "wrong.txt")
	require.NoError(t, os.WriteFile(same, []byte(runs.Benchmarks()), 0o644))
	require.NoError(t, os.WriteFile(wrong, []byte("nothing"), 0o644))
	require.Contains(t, ask("speed", same).out, "benchmarks are slower and 0 are faster")
	requireRefused(t, ask("speed", wrong), "wrong.txt", "no line begins with Benchmark")
	requireRefused(t, ask("speed", filepath.Join(folder, "missing.txt")), "missing.txt")
}
