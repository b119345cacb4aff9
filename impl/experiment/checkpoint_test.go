package experiment

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryCheckpointResumesToTheSameBits continues a run from each of its
// checkpoints, through their bytes.
func TestEveryCheckpointResumesToTheSameBits(t *testing.T) {
	for _, optimizer := range []string{"sgd", "adamw"} {
		s := tiny()
		s.Optimizer = optimizer
		var files [][]byte
		whole, _, err := Run(t.Context(), s, Options{Workers: 1, Every: 7, Save: func(c Checkpoint) error {
			data, err := c.encode()
			files = append(files, data)
			return err
		}})
		require.NoError(t, err)
		require.Len(t, files, s.Steps/7+1, "every 7 steps and at the end")
		for _, file := range files {
			c, err := decodeCheckpoint(file)
			require.NoError(t, err)
			first := -1
			r, _, err := Run(t.Context(), s, Options{Workers: 2, Resume: &c, Progress: func(step int) {
				if first < 0 {
					first = step
				}
			}})
			require.NoError(t, err)
			require.Equal(t, c.Step, first, "the run did not resume")
			require.Equal(t, canonical(t, whole), canonical(t, r), "%s from step %d", optimizer, c.Step)
			require.Greater(t, r.Provenance.WallSeconds, c.Seconds, "time before the kill is not counted")
		}
	}
}

func TestCancelledRunsLeaveACheckpoint(t *testing.T) {
	s, _ := openStore(t)
	for _, at := range []int{5, 16, tiny().Steps} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := s.Run(ctx, tiny(), Options{Workers: 1, Every: 1000, Progress: func(step int) {
			if step == at {
				cancel()
			}
		}})
		require.ErrorIs(t, err, context.Canceled)
		e, err := s.entry(tiny())
		require.NoError(t, err)
		c, err := s.lastCheckpoint(e)
		require.NoError(t, err)
		require.Equal(t, at, c.Step)
	}
	got, err := s.Run(t.Context(), tiny(), Options{Workers: 1})
	require.NoError(t, err)
	want, _ := uninterrupted(t, tiny())
	require.Equal(t, canonical(t, want), canonical(t, got))
}

func TestDamagedCheckpointsStartAgain(t *testing.T) {
	c := Checkpoint{Spec: "s", Step: 3, Curve: []CurvePoint{{1, 0.1, 0.2}}, Params: []float64{1, math.SmallestNonzeroFloat64, math.Copysign(0, -1)},
		State: [][]float64{{2}, {math.Inf(1), 4}}}
	whole, err := c.encode()
	require.NoError(t, err)
	got, err := decodeCheckpoint(whole)
	require.NoError(t, err)
	require.Equal(t, c, got)
	for n := range whole {
		_, err := decodeCheckpoint(whole[:n])
		require.Error(t, err, "cut to %d bytes", n)
		flipped := bytes.Clone(whole)
		flipped[n] ^= 0x10
		_, err = decodeCheckpoint(flipped)
		require.Error(t, err, "byte %d changed", n)
	}

	s, notes := openStore(t)
	e, err := s.entry(tiny())
	require.NoError(t, err)
	for _, data := range [][]byte{whole, whole[:9]} { // of another spec, and cut
		*notes = nil
		s.told.Clear()
		require.NoError(t, os.WriteFile(e.checkpoint, data, 0o600))
		c, err := s.lastCheckpoint(e)
		require.NoError(t, err)
		require.Nil(t, c)
		require.Len(t, *notes, 1)
		require.Contains(t, (*notes)[0], "starts again")
	}
}

func TestCheckpointsOfOtherRunsAreRefused(t *testing.T) {
	other := tiny()
	other.Seed++
	var c Checkpoint
	_, _, err := Run(t.Context(), other, Options{Workers: 1, Save: func(last Checkpoint) error { c = last; return nil }})
	require.NoError(t, err)
	_, _, err = Run(t.Context(), tiny(), Options{Resume: &c})
	require.ErrorContains(t, err, "not of this run")
	c.State[1] = nil
	_, _, err = Run(t.Context(), other, Options{Resume: &c})
	require.ErrorContains(t, err, "state[1]")
}

// TestFullDiskEndsARun: what Save reports is the run's error.
func TestFullDiskEndsARun(t *testing.T) {
	full := errors.New("no space left on device")
	_, _, err := Run(t.Context(), tiny(), Options{Workers: 1, Every: 4, Save: func(Checkpoint) error { return full }})
	require.ErrorIs(t, err, full)
}

func TestCurvePoints(t *testing.T) {
	points := func(steps int) []int {
		var at []int
		for step := range steps + 1 {
			if onCurve(step, steps) {
				at = append(at, step)
			}
		}
		return at
	}
	require.Equal(t, []int{0, 1, 2, 3}, points(3))
	require.Equal(t, []int{0, 1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 35}, points(35))
	r, _ := uninterrupted(t, tiny())
	var at []int
	for _, p := range r.Curve {
		at = append(at, p.Step)
	}
	require.Equal(t, points(tiny().Steps), at)
	require.Equal(t, 256, SaveEvery(100))
	require.Equal(t, 2048, SaveEvery(131072))
}

// A checkpoint that says more steps than the run has is not its end.
func TestACheckpointBeyondTheRunIsRefused(t *testing.T) {
	var c Checkpoint
	_, _, err := Run(t.Context(), tiny(), Options{Workers: 1, Save: func(last Checkpoint) error { c = last; return nil }})
	require.NoError(t, err)
	require.Equal(t, tiny().Steps, c.Step)
	_, _, err = Run(t.Context(), tiny(), Options{Workers: 1, Resume: &c})
	require.NoError(t, err)
	for _, step := range []int{-1, tiny().Steps + 1} {
		c.Step = step
		_, _, err = Run(t.Context(), tiny(), Options{Workers: 1, Resume: &c})
		require.ErrorContains(t, err, "not of this run", "step %d", step)
	}
}
