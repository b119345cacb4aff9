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
	require.Regexp(t, `^A training step of 1024 sequences takes [\d.]+ ms \(S=3,T=20,heads=1-1\), \d+ times as fast as plain\sgonum`, ask("speed").out)
	folder := t.TempDir()
	same, wrong := filepath.Join(folder, "bench.txt"), filepath.Join(folder, "wrong.txt")
	require.NoError(t, os.WriteFile(same, []byte(runs.Benchmarks()), 0o644))
	require.NoError(t, os.WriteFile(wrong, []byte("nothing"), 0o644))
	compared := ask("speed", same).out
	require.Contains(t, compared, "benchmarks are slower and 0 are faster")
	require.Regexp(t, `Of \d+\sbenchmarks\s0\sare\sslower\sthan\sbefore\sand\s0\sfaster`, compared)
	requireRefused(t, ask("speed", wrong), "wrong.txt", "no line begins with Benchmark")
	requireRefused(t, ask("speed", filepath.Join(folder, "missing.txt")), "missing.txt")
}
