package experiment

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"causalgrad/impl/durable"

	"github.com/stretchr/testify/require"
)

// ladder is specs of which each is longer than the one before, so that the
// order of starting is not theirs.
func ladder(n int) []Spec {
	specs := make([]Spec, n)
	for i := range specs {
		specs[i] = tiny()
		specs[i].ID, specs[i].Steps = fmt.Sprintf("ladder-%d", i), 3+i
	}
	return specs
}

func TestRunAllKeepsTheOrderAndTheBits(t *testing.T) {
	specs := append(ladder(5), ladder(5)[2]) // one of them twice
	var want []string
	for _, s := range specs {
		r, _ := uninterrupted(t, s)
		want = append(want, canonical(t, r))
	}
	for _, cores := range []int{1, 2, 8} {
		s, _ := openStore(t)
		for _, store := range []*Store{nil, s, s} { // the second time from the store
			records, err := RunAll(t.Context(), store, specs, Parallel{Cores: cores})
			require.NoError(t, err)
			var got []string
			for _, r := range records {
				got = append(got, canonical(t, r))
			}
			require.Equal(t, want, got, "%d cores", cores)
		}
	}
}

func TestRunAllStartsTheLongestFirstAndTellsOfEachRun(t *testing.T) {
	specs := ladder(4)
	var started, ended []int
	steps := make([]int, len(specs))
	o := Parallel{Cores: 1, Start: func(i int) func(int) {
		started = append(started, i)
		return func(step int) { steps[i] = step }
	}, End: func(i int, err error) {
		require.NoError(t, err)
		ended = append(ended, i)
	}}
	_, err := RunAll(t.Context(), nil, specs, o)
	require.NoError(t, err)
	require.Equal(t, []int{3, 2, 1, 0}, started)
	require.Equal(t, started, ended)
	require.Equal(t, []int{3, 4, 5, 6}, steps)
}

func TestCoresAndMemoryBoundTheRuns(t *testing.T) {
	specs := ladder(6)
	need := specs[0].memory(1)
	for _, c := range []struct {
		cores       int
		memory      int64
		at, workers int
	}{{1, 0, 1, 1}, {4, 0, 4, 1}, {12, 0, 6, 2}, {4, 3 * need, 3, 1}, {4, 2 * need, 2, 2}, {4, 1, 1, 4}} {
		at, workers := Parallel{Cores: c.cores, Memory: c.memory}.split(specs)
		require.Equal(t, []int{c.at, c.workers}, []int{at, workers}, "%+v", c)
	}
	var mutex sync.Mutex
	running, most := 0, 0
	count := func(by int) {
		mutex.Lock()
		defer mutex.Unlock()
		running += by
		most = max(most, running)
	}
	_, err := RunAll(t.Context(), nil, specs, Parallel{Cores: 3, Start: func(int) func(int) { count(1); return nil }, End: func(int, error) { count(-1) }})
	require.NoError(t, err)
	require.Zero(t, running)
	require.LessOrEqual(t, most, 3)
}

func TestOneFailureEndsAllRuns(t *testing.T) {
	specs := ladder(3)
	specs[1].Optimizer, specs[1].LR, specs[1].Steps = "sgd", 1e9, 1000 // diverges
	_, err := RunAll(t.Context(), nil, specs, Parallel{Cores: 2})
	require.ErrorContains(t, err, `run "ladder-1"`)
	specs[1].Steps = 0
	_, err = RunAll(t.Context(), nil, specs, Parallel{})
	require.ErrorContains(t, err, `spec "ladder-1": steps = 0`)
}

func TestCancelledRunsGoOnFromTheirCheckpoints(t *testing.T) {
	s, _ := openStore(t)
	specs := ladder(3)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := RunAll(ctx, s, specs, Parallel{Cores: 1, Start: func(int) func(int) {
		return func(step int) {
			if step == 4 {
				cancel()
			}
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	first := -1
	_, err = RunAll(t.Context(), s, specs[2:], Parallel{Start: func(int) func(int) {
		return func(step int) {
			if first < 0 {
				first = step
			}
		}
	}})
	require.NoError(t, err)
	require.Equal(t, 4, first)
}

// TestRunAllLeavesBusySpecsForLast: what another process runs is waited for,
// after everything else.
func TestRunAllLeavesBusySpecsForLast(t *testing.T) {
	s, _ := openStore(t)
	specs := ladder(3)
	e, err := s.entry(specs[2])
	require.NoError(t, err)
	l, err := durable.TryLock(e.lock)
	require.NoError(t, err)
	if l.State == durable.Unlockable {
		t.Skip("this system has no file locks: nothing is ever busy")
	}
	var ended []int
	_, err = RunAll(t.Context(), s, specs, Parallel{Cores: 1, End: func(i int, err error) {
		if errors.Is(err, ErrBusy) {
			return
		}
		if ended = append(ended, i); len(ended) == 2 {
			l.Release() // the other process ends
		}
	}})
	require.NoError(t, err)
	require.Equal(t, []int{1, 0, 2}, ended)
}

func TestAgainFindsAnotherProgramsBits(t *testing.T) {
	s, _ := openStore(t)
	r, params := uninterrupted(t, tiny())
	r.Curve[0].Loss++ // as if another program had made it
	require.NoError(t, s.Put(r, params))
	_, err := RunAll(t.Context(), s, []Spec{tiny()}, Parallel{})
	require.NoError(t, err)
	_, err = RunAll(t.Context(), s, []Spec{tiny()}, Parallel{Again: true})
	require.ErrorIs(t, err, ErrMismatch)
}

// A run that no machine holds is refused before it begins, with the estimate.
func TestRunPlansItsMemory(t *testing.T) {
	s := Default()
	s.Model, s.Length, s.Batch, s.Steps, s.TestSequences = "reduced", 2000, maxSequences, 1, 2
	_, _, err := Run(t.Context(), s, Options{Workers: 1})
	require.ErrorContains(t, err, "GB of memory")
	require.ErrorContains(t, err, "a smaller batch (16777216), length (2000) or fewer workers (1) take less")
}
