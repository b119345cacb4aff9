package experiment

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// childFolder makes the test binary a child that runs killed() in the store
// of that folder, tells its steps on standard output and ends.
const childFolder = "CAUSALGRAD_TEST_STORE"

// childModel names the model of the child's run.
const childModel = "CAUSALGRAD_TEST_MODEL"

func TestMain(m *testing.M) {
	if folder := os.Getenv(childFolder); folder != "" {
		if err := child(folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(folder string) error {
	s, err := OpenStore(folder)
	if err != nil {
		return err
	}
	progress := func(step int) {
		fmt.Println(step)
		_, _ = os.Stdin.Read(make([]byte, 1)) // leave to go on, or the end: go on freely
	}
	_, err = s.Run(context.Background(), killed(os.Getenv(childModel)), Options{Workers: 1, Every: 3, Progress: progress})
	return err
}

// beyond is how many steps a child may take between the report at which it is
// killed and its death: the kill falls somewhere on them, and never later.
const beyond = 12

// killed is longer than six times the steps that a killed child may take.
func killed(model string) Spec {
	s := tiny()
	s.ID, s.Model, s.Steps = "killed-"+model, model, 400
	return s
}

// runChild starts a child and kills it (SIGKILL) when it has reported so many
// steps; 0 lets it end. It returns the first step that the child reported and
// whether it ended by itself.
func runChild(t *testing.T, folder, model string, steps int) (first int, ended bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+folder, childModel+"="+model)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	leave, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	if steps == 0 {
		require.NoError(t, leave.Close())
	} else {
		_, err := leave.Write(make([]byte, steps+beyond))
		require.NoError(t, err)
	}
	lines := bufio.NewScanner(out)
	for n := 1; lines.Scan(); n++ {
		if n == 1 {
			_, err := fmt.Sscan(lines.Text(), &first)
			require.NoError(t, err)
		}
		if n == steps {
			require.NoError(t, cmd.Process.Kill())
		}
	}
	return first, cmd.Wait() == nil
}

// TestKilledRunsResumeToTheSameBits kills a run of AdamW at random moments, in
// training and inside the writing of checkpoints alike (one in three steps),
// until it has been killed six times, and lets it end: its record and its weights
// are those of a run that was never interrupted.
func TestKilledRunsResumeToTheSameBits(t *testing.T) {
	for _, model := range []string{"disentangled", "transformer"} {
		t.Run(model, func(t *testing.T) { killAndResume(t, model) })
	}
}

func killAndResume(t *testing.T, model string) {
	require.Equal(t, "adamw", killed(model).Optimizer)
	s, notes := openStore(t)
	random := stream.New(stream.Key{Seed: 6, Purpose: stream.Law})
	last := 0
	for kills := 0; kills < 6; kills++ {
		first, ended := runChild(t, s.folder, model, 1+random.IntN(40))
		require.False(t, ended, "the run ended after %d kills: nothing is tested", kills)
		require.GreaterOrEqual(t, first, last, "resumed behind an earlier checkpoint")
		last = first
	}
	require.Greater(t, last, 1, "no run ever resumed")
	first, ended := runChild(t, s.folder, model, 0)
	require.True(t, ended)
	require.Greater(t, first, 1)

	got, found, err := s.Get(killed(model))
	require.NoError(t, err)
	require.True(t, found)
	want, params := uninterrupted(t, killed(model))
	require.Equal(t, canonical(t, want), canonical(t, got))
	weights, err := s.Weights(got)
	require.NoError(t, err)
	require.Equal(t, params, weights)
	require.Empty(t, *notes, "no kill may leave a damaged file")
	left, err := os.ReadDir(s.unfinished())
	require.NoError(t, err)
	require.Empty(t, left, "checkpoint, lock or temporary file left behind")
}
