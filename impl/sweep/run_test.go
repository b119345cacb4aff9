package sweep

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

// recordFile is the one file of a cell's record.
func recordFile(t *testing.T, folder string, c Cell) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*-"+c.Hash[:12]+".json"))
	require.NoError(t, err)
	require.Len(t, names, 1)
	return names[0]
}

func states(t *testing.T, store *experiment.Store, cells []Cell) []experiment.State {
	t.Helper()
	all, err := Survey(store, cells)
	require.NoError(t, err)
	var list []experiment.State
	for _, s := range all {
		list = append(list, s.State)
	}
	return list
}

func TestShardsDamageAndResumeGiveTheBitsOfOneRun(t *testing.T) {
	g := load(t, tinyGrid)
	whole, _ := openStore(t)
	failures, err := Run(t.Context(), whole, g.Cells, experiment.Parallel{Cores: 2})
	require.NoError(t, err)
	require.Empty(t, failures)
	want := canonical(t, whole, g.Cells)
	require.NotContains(t, want, "")

	store, folder := openStore(t)
	shard := Shard{2, 3}.Cells(g.Cells)
	_, err = Run(t.Context(), store, shard, experiment.Parallel{Cores: 1})
	require.NoError(t, err)
	name := recordFile(t, folder, shard[1])
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(name, data[:len(data)/2], 0o600))

	wantStates := slices.Repeat([]experiment.State{experiment.Missing}, len(g.Cells))
	for _, c := range shard {
		wantStates[c.Index] = experiment.Done
	}
	wantStates[shard[1].Index] = experiment.Damaged
	require.Equal(t, wantStates, states(t, store, g.Cells))

	all, err := Survey(store, g.Cells)
	require.NoError(t, err)
	pending := Pending(g.Cells, all, false)
	require.Len(t, pending, len(g.Cells)-len(shard)+1)
	_, err = Run(t.Context(), store, pending, experiment.Parallel{Cores: 2})
	require.NoError(t, err)
	require.Equal(t, want, canonical(t, store, g.Cells))
	require.FileExists(t, name+".damaged")
	all, err = Survey(store, g.Cells)
	require.NoError(t, err)
	require.Empty(t, Pending(g.Cells, all, true))
	require.Equal(t, map[experiment.State]int{experiment.Done: len(g.Cells)}, Count(all))
}

func TestAFailingCellStopsNoOther(t *testing.T) {
	g := load(t, "base: {steps: 4, batch: 64, test_sequences: 64, length: 5, tokens: 2, shifted: []}\n"+
		"grid: {seed: [1, 2]}\ncells: [{initial_weights: '00'}]")
	require.NoError(t, g.Validate())
	store, _ := openStore(t)
	failures, err := Run(t.Context(), store, g.Cells, experiment.Parallel{Cores: 1})
	require.NoError(t, err)
	require.Len(t, failures, 1)
	require.Equal(t, 2, failures[0].Cell.Index)
	require.Equal(t, []experiment.State{experiment.Done, experiment.Done, experiment.Failed}, states(t, store, g.Cells))
	all, err := Survey(store, g.Cells)
	require.NoError(t, err)
	require.Contains(t, all[2].Reason, "initial")
	require.Empty(t, Pending(g.Cells, all, false), "a failed cell is left alone")
	require.Len(t, Pending(g.Cells, all, true), 1, "unless it is asked for")
}

func TestAFullDiskStopsTheSweepAndIsNoCellsFault(t *testing.T) {
	g := load(t, tinyGrid)
	store, folder := openStore(t)
	weights := filepath.Join(folder, "weights")
	require.NoError(t, os.Remove(weights))
	require.NoError(t, os.WriteFile(weights, nil, 0o600)) // "not a directory", whoever runs the test
	_, err := Run(t.Context(), store, g.Cells, experiment.Parallel{Cores: 1})
	require.ErrorContains(t, err, "not a directory")
	require.NoError(t, os.Remove(weights))
	require.NotContains(t, states(t, store, g.Cells), experiment.Failed)
}

func TestACancelledSweepFailsNoCell(t *testing.T) {
	g := load(t, tinyGrid)
	store, _ := openStore(t)
	ctx, cancel := context.WithCancel(t.Context())
	o := experiment.Parallel{Cores: 1, Start: func(int) func(int) { return func(int) { cancel() } }}
	_, err := Run(ctx, store, g.Cells, o)
	require.ErrorIs(t, err, context.Canceled)
	got := states(t, store, g.Cells)
	require.Contains(t, got, experiment.Interrupted)
	require.NotContains(t, got, experiment.Failed)
}
