package main

import (
	"math"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
)

// commandLines calls try with every command that is no mere list of others.
func commandLines(root *cobra.Command, try func(path string, c *cobra.Command)) {
	for _, c := range root.Commands() {
		commandLines(c, try)
		if c.Runnable() {
			try(strings.TrimPrefix(c.CommandPath(), "causalgrad "), c)
		}
	}
}

// Every integer of every command is refused where it is absurd, at once: a new
// command or flag has no limit until somebody has thought of one. Seeds take all
// of 64 bits.
func TestAbsurdIntegersAreRefused(t *testing.T) {
	grid := file(t, "grid.yaml", "base: {steps: 1, batch: 8, test_sequences: 8, length: 4, tokens: 2}\ngrid: {seed: [1]}\n")
	folder := t.TempDir()
	weights := filepath.Join(folder, "w.npz")
	require.Zero(t, ask(strings.Fields("train --model reduced --graph chain --length 3 --tokens 2 --steps 1 --batch 2 --test-sequences 2 --shifted dirichlet:1 --weights-out "+weights)...).code)
	small := "--records " + folder + " " + grid
	line := map[string]string{ // what a command needs beside the flag, or the flag of a command does
		"train": "--steps 1", "reproduce": "--quick", "sweep": small, "sweep resume": small, "sweep status": small, "sweep merge": small,
		"sweep chunk": grid + " 1", "infer": "--simulate 20", "conform": "--law first-step-definition",
		"infer --forests": "--simulate 20", "infer --tokens": filepath.Join("testdata", "absent.csv") + " --header",
		"verify --test-sequences": "--weights " + weights, "verify --length": "--weights " + weights, "verify --tokens": "--weights " + weights,
		"sweep --cpus": "--slurm " + small, "sweep --throttle": "--slurm " + small, "sweep --chunk": "--slurm " + small,
		"sweep resume --cpus": "--slurm " + small, "sweep resume --throttle": "--slurm " + small, "sweep resume --chunk": "--slurm " + small,
		"ladder --lengths": "--lengths 16,32"}
	t.Setenv("PATH", "") // no Slurm: a chunk of all cells is none too many
	tried := 0
	commandLines(newRoot(), func(path string, c *cobra.Command) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if kind := f.Value.Type(); !strings.HasPrefix(kind, "int") {
				require.False(t, strings.HasPrefix(kind, "uint") && f.Name != "seed", "%s --%s", path, f.Name)
				return
			}
			with, ok := line[path+" --"+f.Name]
			if !ok {
				with = line[path]
			}
			for _, v := range []int64{math.MaxInt64, 1e18, math.MinInt64} {
				args := append(append(strings.Fields(path), strings.Fields(with)...), "--"+f.Name+"="+strconv.FormatInt(v, 10))
				a := ask(args...)
				require.Equal(t, 2, a.code, "%v: %s", args, a.err)
				require.Contains(t, a.err, "causalgrad: ")
				require.NotContains(t, a.err, "plays a part", "%v: the line has to give it one", args)
				tried++
			}
		})
	})
	require.Greater(t, tried, 150)
}

// What would take more memory than there is is refused in one line with the
// estimate, before it is taken.
func TestMemoryIsPlanned(t *testing.T) {
	limit := debug.SetMemoryLimit(1 << 20) // as GOMEMLIMIT=1MiB
	defer debug.SetMemoryLimit(limit)
	weights := file(t, "w.npz", "PK")
	for _, line := range []string{
		"check --length 64",
		"gradient --length 64",
		"gradient --length 3 --tokens 100 --roots uniform",
		"dynamics --length 64",
		"loss --draws 1000000",
		"infer --simulate 1000000",
		"infer --simulate 100000 --forests 2",
		"infer " + file(t, "a.csv", strings.Repeat("0,1,0\n", 100_000)),
		"regions --cells 1000000",
		"train --steps 1 --length 64",
		"sweep " + file(t, "grid.yaml", "base: {steps: 1, length: 64}\ngrid: {seed: [1]}\n") + " --records " + t.TempDir(),
		"ladder --lengths 64,128,256",
		"scale --lengths 256",
		"verify " + file(t, "v.json", strings.Repeat(" ", 100_000)),
		"conform --compare " + file(t, "c.json", strings.Repeat(" ", 100_000)),
		"fingerprint " + file(t, "f.json", strings.Repeat(" ", 100_000)),
		"report --records " + filepath.Join("..", "..", "..", "golden", "runs", "default") + " --parts none --folder " + t.TempDir(),
		"verify --weights " + weights,
	} {
		a := ask(strings.Fields(line)...)
		if line == "verify --weights "+weights { // a small file fits, and is then looked at
			requireRefused(t, a, "w.npz")
			continue
		}
		require.NotZero(t, a.code, line)
		require.Contains(t, a.err, "needs about ", line)
		require.Contains(t, a.err, " of memory, ", line)
	}
}
