package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"causalgrad/impl/experiment"
	"causalgrad/impl/sweep"
	"causalgrad/reports/evidence"

	"github.com/stretchr/testify/require"
)

const tinySweep = `
base: {steps: 4, batch: 64, test_sequences: 64, length: 5, tokens: 2, shifted: []}
grid:
  graph: [chain, icl]
  seed: [1, 2]
`

// sweepOf is the decoded JSON answer of a sweep command.
func sweepOf[T any](t *testing.T, code int, args ...string) T {
	t.Helper()
	a := ask(append([]string{"sweep"}, append(args, "--format", "json")...)...)
	require.Equal(t, code, a.code, a.err)
	var answer T
	require.NoError(t, json.Unmarshal([]byte(a.out), &answer))
	return answer
}

func TestSweepShardsStatusAndMerge(t *testing.T) {
	grid, one, parts := file(t, "grid.yaml", tinySweep), t.TempDir(), t.TempDir()
	want := ask("sweep", grid, "--records", one, "--format", "json")
	require.Equal(t, 0, want.code, want.err)
	var report evidence.SweepReport
	require.NoError(t, json.Unmarshal([]byte(want.out), &report))
	require.Equal(t, []string{"graph", "seed"}, report.Varied)
	require.Len(t, report.Cells, 4)
	require.Zero(t, report.Absent)

	require.Equal(t, 0, ask("sweep", grid, "--records", parts, "--shard", "2/3").code)
	require.Equal(t, 3, sweepOf[evidence.SweepReport](t, 1, "merge", grid, "--records", parts).Absent)
	state := sweepOf[evidence.SweepState](t, 0, "status", grid, "--records", parts)
	require.Equal(t, 1, state.Counts["done"])
	require.Equal(t, 3, state.Counts["missing"])

	names, err := filepath.Glob(filepath.Join(parts, "*.json"))
	require.NoError(t, err)
	require.Len(t, names, 1)
	require.NoError(t, os.Truncate(names[0], 100))
	state = sweepOf[evidence.SweepState](t, 0, "status", grid, "--records", parts)
	require.Equal(t, 1, state.Counts["damaged"])
	text := ask("sweep", "status", grid, "--records", parts).out
	require.True(t, strings.HasPrefix(text, "0 of 4 cells are done, 1 damaged, 3 missing.\n"), text)
	require.Contains(t, text, "graph=chain, seed=2")
	require.Contains(t, text, "checksum")

	got := ask("sweep", "resume", grid, "--records", parts, "--format", "json")
	require.Equal(t, 0, got.code, got.err)
	require.Equal(t, want.out, got.out)
	table := ask("sweep", grid, "--records", one)
	require.Equal(t, 0, table.code)
	for _, part := range []string{"final loss", "L*", "edge", "icl"} {
		require.Contains(t, table.out, part)
	}
}

func TestSweepLeavesFailedCellsToResume(t *testing.T) {
	grid, records := file(t, "grid.yaml", tinySweep+"cells: [{initial_weights: '00'}]\n"), t.TempDir()
	for range 2 { // the second finds the failure of the first
		a := ask("sweep", grid, "--records", records)
		require.Equal(t, 1, a.code, a.err)
		require.Contains(t, a.err, "failed")
	}
	require.Equal(t, 1, sweepOf[evidence.SweepState](t, 0, "status", grid, "--records", records).Counts["failed"])
	a := ask("sweep", "resume", grid, "--records", records)
	require.Equal(t, 1, a.code)
	require.Contains(t, a.err, "initial_weights=00 failed: ")
}

func TestMistakesInASweep(t *testing.T) {
	grid := file(t, "grid.yaml", tinySweep)
	for args, parts := range map[string][]string{
		"sweep":       {"takes one, a file"},
		"sweep merge": {"takes one, a file"},
		"sweep absent.yaml --records " + t.TempDir():               {"sweep file absent.yaml", "no such file"},
		"sweep status " + grid + " --records absent":               {`--records "absent"`, "no such folder"},
		"sweep merge " + grid + " --records absent":                {`--records "absent"`, "no such folder"},
		"sweep " + grid + " --shard 3/2":                           {`shard "3/2"`, "i/n"},
		"sweep " + grid + " --cores -1":                            {"--cores -1"},
		"sweep " + grid + " --format xml":                          {"xml"},
		"sweep " + file(t, "b.yaml", "grid: {steps: [2, 0]}"):      {"b.yaml", "cell 1 (steps=0)", "steps = 0"},
		"sweep status " + file(t, "c.yaml", "grid: {step: [2]}"):   {"c.yaml", "line 1", `field "step": unknown`},
		"sweep resume " + file(t, "d.yaml", "grid: {batch: [2}"):   {"d.yaml", "yaml: "},
		"sweep " + grid + " --records " + file(t, "records", "no"): {"record store"},
	} {
		t.Run(args, func(t *testing.T) { requireRefused(t, ask(strings.Fields(args)...), parts...) })
	}
}

// stubs puts shell scripts on an otherwise empty PATH.
func stubs(t *testing.T, bodies map[string]string) {
	t.Helper()
	folder := t.TempDir()
	for name, body := range bodies {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+body+"\n"), 0o700))
	}
	t.Setenv("PATH", folder)
}

// The tasks of the array run here, by hand; the result is that of one run.
func TestSweepOnSlurmGivesTheBitsOfALocalOne(t *testing.T) {
	grid, one, records := file(t, "grid.yaml", tinySweep), t.TempDir(), t.TempDir()
	want := ask("sweep", grid, "--records", one, "--format", "json")
	require.Equal(t, 0, want.code, want.err)
	stubs(t, map[string]string{"sbatch": "echo 5", "squeue": "echo 5_2"})
	s := sweepOf[sweep.Submission](t, 0, grid, "--records", records, "--slurm", "--chunk", "2")
	require.Equal(t, 2, s.Tasks)
	require.Equal(t, 0, ask("sweep", "chunk", filepath.Join(s.Folder, "chunks.jsonl"), "1", "--records", records).code)
	state := sweepOf[evidence.SweepState](t, 0, "status", grid, "--records", records)
	require.Equal(t, 2, state.Counts["done"])
	require.Equal(t, 2, state.Counts["queued"])
	require.Regexp(t, `^2 of 4 cells are done, 2 queued; since the last submission to Slurm 2 cells ended: [0-9.]+ a minute, \S+ left\.`,
		strings.ReplaceAll(ask("sweep", "status", grid, "--records", records).out, "\n", " "))
	a := ask("sweep", "resume", grid, "--records", records, "--slurm")
	require.Equal(t, 0, a.code)
	require.Contains(t, a.err, "2 cells in Slurm's queue, not submitted again")
	require.Contains(t, a.err, "nothing to submit")

	stubs(t, map[string]string{"sbatch": "echo 6", "squeue": "true"}) // task 2 is lost
	s = sweepOf[sweep.Submission](t, 0, "resume", grid, "--records", records, "--slurm")
	require.Equal(t, 2, s.Cells)
	for _, task := range []string{"1", "2"} {
		require.Equal(t, 0, ask("sweep", "chunk", filepath.Join(s.Folder, "chunks.jsonl"), task, "--records", records).code)
	}
	got := ask("sweep", "merge", filepath.Join(s.Folder, "grid.yaml"), "--records", records, "--format", "json")
	require.Equal(t, want.out, got.out)

	long := file(t, "long.yaml", "base: {graph: chain, length: 4, tokens: 2, batch: 8, test_sequences: 8, prior: 'dirichlet:1'}\ncells: [{steps: 1073741824, initial_weights: '00'}]")
	apart := t.TempDir()
	a = ask("sweep", long, "--records", apart, "--slurm")
	require.Equal(t, 0, a.code, a.err)
	require.Regexp(t, "1 cell to compute: about .* of processor time, estimated", a.err)
	require.Regexp(t, `^Slurm has 1 cell in 1 task as job 6; job 6 merges the records`, a.out)
	a = ask("sweep", "chunk", filepath.Join(apart, "slurm", "001", "chunks.jsonl"), "1", "--records", apart)
	require.Equal(t, 1, a.code, a.err)
	require.Contains(t, a.err, "task 1: 1 cell, 1 failed")
	require.NotContains(t, a.err, "to compute", "the cost is told where the cells are submitted")

	requireRefused(t, ask("sweep", "chunk", filepath.Join(s.Folder, "chunks.jsonl"), "3", "--records", records), "task 3", "tasks 1 to 2")
	requireRefused(t, ask("sweep", "chunk", "absent", "x", "--records", records), `task "x"`)
	requireRefused(t, ask("sweep", grid, "--records", records, "--partition", "p"), "--partition p: it plays a part only with --slurm")
	requireRefused(t, ask("sweep", grid, "--slurm", "--shard", "1/2"), "shard", "slurm")
	stubs(t, nil)
	requireRefused(t, ask("sweep", grid, "--records", t.TempDir(), "--slurm"), "sbatch is not installed")
	a = ask("sweep", "status", grid, "--records", records)
	require.Equal(t, 0, a.code)
	require.Contains(t, a.err, "squeue is not installed")
}

// 25 cells at one second each, failures aside: a line for every tenth.
func TestALogShowsEveryTenthOfASweepWithTheTimeLeft(t *testing.T) {
	var log bytes.Buffer
	clock := time.Unix(0, 0)
	var o experiment.Parallel
	p := newProgress(&log)
	p.now = func() time.Time { return clock }
	p.watchCells(make([]experiment.Spec, 25), &o)
	for i := range 25 {
		clock = clock.Add(time.Second)
		o.End(i, nil)
		o.End(i, experiment.ErrBusy)
	}
	got := strings.Split(strings.TrimSpace(log.String()), "\n")
	require.Len(t, got, 10)
	require.Equal(t, "causalgrad: 3 of 25 cells, 60 a minute, 22s left", got[0])
	require.Equal(t, "causalgrad: 25 of 25 cells, 60 a minute, 0s left", got[9])
	few := experiment.Parallel{}
	newProgress(&log).watchCells(make([]experiment.Spec, 2), &few)
	require.Nil(t, few.End)
}

func TestTheCostIsToldOfOneAsOfMany(t *testing.T) {
	require.Contains(t, costWords(2, 167, 2), "2 cells to compute: about 1m24s on 2 processors, estimated from a few steps and tests")
	require.Contains(t, costWords(1, 167, 1), "1 cell to compute: about 2m47s on 1 processor, estimated")
	require.Contains(t, costWords(2, 167, 0), "2 cells to compute: about 2m47s of processor time, estimated")
}

// What others compute on a login node costs nothing on the nodes. The loop ends because
// it computes.
func TestTheCostOnSlurmIsInTimeOfThisProcess(t *testing.T) {
	clock, wall := costClock(0), int64(1e9) // a day of 2001
	start := clock()
	for !clock().After(start) {
	}
	require.Greater(t, costClock(2)().Unix(), wall)
	if runtime.GOOS != "windows" {
		require.Less(t, start.Unix(), wall)
	}
}
