package experiment

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func requireState(t *testing.T, s *Store, spec Spec, want State, reason string) {
	t.Helper()
	state, why, err := s.State(spec)
	require.NoError(t, err)
	require.Equal(t, want, state, why)
	require.Contains(t, why, reason)
}

func TestStateFollowsTheRun(t *testing.T) {
	s, _ := openStore(t)
	spec := tiny()
	requireState(t, s, spec, Missing, "")
	e, err := s.entry(spec)
	require.NoError(t, err)

	ctx, cancel := context.WithCancel(t.Context())
	_, err = s.Run(ctx, spec, Options{Workers: 1, Progress: func(step int) {
		requireState(t, s, spec, Running, "")
		if step == 3 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	requireState(t, s, spec, Interrupted, "")
	require.NoError(t, os.Remove(e.lock))
	requireState(t, s, spec, Interrupted, "") // the checkpoint alone says so

	require.NoError(t, s.MarkFailed(spec, errors.New("loss\nis NaN")))
	requireState(t, s, spec, Failed, "loss is NaN")
	require.NoError(t, os.WriteFile(s.failureFile(e), []byte("{"), 0o600))
	requireState(t, s, spec, Failed, "damaged")
	require.NoError(t, s.ClearFailed(spec))
	require.NoError(t, s.ClearFailed(spec)) // nothing to clear is no error
	requireState(t, s, spec, Interrupted, "")

	_, err = s.Run(t.Context(), spec, Options{Workers: 1})
	require.NoError(t, err)
	requireState(t, s, spec, Done, "")
	data, err := os.ReadFile(e.record)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(e.record, data[:len(data)-2], 0o600))
	requireState(t, s, spec, Damaged, "checksum")
	require.FileExists(t, e.record, "looking changes nothing")
}

func TestRunAllGoesOnAfterAFailureWhereAsked(t *testing.T) {
	specs := ladder(4)
	specs[2].InitialWeights = HashParams(nil) // nobody gives the weights: the run fails, the spec is valid
	var told []int
	o := Parallel{Cores: 1, Fails: func(i int, err error) bool {
		require.ErrorContains(t, err, "initial")
		told = append(told, i)
		return true
	}}
	records, err := RunAll(t.Context(), nil, specs, o)
	require.NoError(t, err)
	require.Equal(t, []int{2}, told)
	require.Empty(t, records[2])
	for _, i := range []int{0, 1, 3} {
		require.Equal(t, specs[i], records[i].Spec)
	}
	o.Fails = func(int, error) bool { return false }
	_, err = RunAll(t.Context(), nil, specs, o)
	require.ErrorContains(t, err, "initial")
}
