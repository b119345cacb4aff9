package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// signalled is a context that a signal has ended.
func signalled(s syscall.Signal) context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(stopped{s})
	return ctx
}

// execution runs the program's commands in a context.
func execution(ctx context.Context, args ...string) answer {
	var out, err bytes.Buffer
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(&out)
	root.SetErr(&err)
	return answer{execute(ctx, root, &err, time.Minute), out.String(), err.String()}
}

// weightsHash is that of a record.
func weightsHash(t *testing.T, a answer) any {
	t.Helper()
	var record map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.out), &record))
	return record["weights_sha256"]
}

// damage changes a bit of a file.
func damage(t *testing.T, name string) {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	data[len(data)/2] ^= 1
	require.NoError(t, os.WriteFile(name, data, 0o600))
}

// A training that is stopped keeps a checkpoint, says so and goes on from it to
// the bits of one that was not.
func TestAStoppedTrainingGoesOn(t *testing.T) {
	t.Chdir(t.TempDir())
	args := []string{"train", "--steps", "3", "--batch", "2", "--test-sequences", "2", "--length", "3", "--format", "json"}
	whole := ask(args...)
	require.Zero(t, whole.code, whole.err)
	a := execution(signalled(syscall.SIGINT), args...)
	require.Equal(t, 130, a.code)
	require.Empty(t, a.out)
	require.Regexp(t, `^causalgrad: stopped: interrupt; step 0 of 3 is kept in causalgrad-train-[0-9a-f]{12}\.checkpoint; the same command goes on from there\n$`, a.err)
	again := ask(args...)
	require.Zero(t, again.code, again.err)
	require.Contains(t, again.err, "note: goes on from step 0 of causalgrad-train-")
	require.Equal(t, weightsHash(t, whole), weightsHash(t, again))
	left, err := filepath.Glob("*")
	require.NoError(t, err)
	require.Empty(t, left, "a training that is done keeps nothing")
	// A damaged checkpoint is not taken for one.
	execution(signalled(syscall.SIGTERM), args...)
	kept, err := filepath.Glob("*.checkpoint")
	require.NoError(t, err)
	require.Len(t, kept, 1)
	damage(t, kept[0])
	requireRefused(t, ask(args...), kept[0], "damaged: the checksum does not match; without the file the training starts from step 0")
}

// Every other command says how to go on, whatever error the end of its context
// gave, and one that does not end is ended.
func TestEveryCommandEndsAtASignal(t *testing.T) {
	a := execution(signalled(syscall.SIGTERM), "reproduce", "single-chain", "--quick", "--records", t.TempDir())
	require.Equal(t, 143, a.code)
	require.Equal(t, "causalgrad: stopped: terminated; finished runs and checkpoints are kept; the same command goes on from there\n", a.err)
	for _, c := range []struct {
		run   func(ctx context.Context) error
		grace time.Duration
		code  int
		want  string
	}{
		{func(ctx context.Context) error { return fmt.Errorf("run: %w", ctx.Err()) }, time.Minute, 130, "causalgrad: stopped: interrupt; nothing is kept; the same command starts again\n"},
		{func(context.Context) error { select {} }, time.Nanosecond, 130, "causalgrad: stopped: interrupt; nothing is kept of the step under way; the same command starts again\n"},
		{func(context.Context) error { return nil }, time.Minute, 0, ""},
		{func(context.Context) error { return errors.Join(errFails, halted("kept x")) }, time.Minute, 130, "causalgrad: stopped: interrupt; kept x\n"},
	} {
		var err bytes.Buffer
		root := &cobra.Command{SilenceUsage: true, SilenceErrors: true, RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) }}
		root.SetArgs([]string{})
		require.Equal(t, c.code, execute(signalled(syscall.SIGINT), root, &err, c.grace))
		require.Equal(t, c.want, err.String())
	}
}
