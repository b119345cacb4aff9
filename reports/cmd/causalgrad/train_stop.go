package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"causalgrad/impl/experiment"
	"causalgrad/theory/userfile"

	"github.com/spf13/cobra"
)

// stoppedTraining keeps the checkpoint of a training that a signal stops, in the
// working folder under the hash of its spec, and goes on from it.
type stoppedTraining struct {
	file    string
	resume  *experiment.Checkpoint // where an earlier one stopped
	reached *experiment.Checkpoint // where this one is
}

// find looks for the checkpoint of a spec.
func (t *stoppedTraining) find(cmd *cobra.Command, s experiment.Spec) error {
	if _, err := s.WriteOutFiles(); err != nil {
		return err
	}
	if err := s.Validate(); err != nil {
		return fmt.Errorf("spec %q: %w", s.ID, err)
	}
	hash, err := s.Hash()
	if err != nil {
		return err
	}
	t.file = fmt.Sprintf("causalgrad-train-%.12s.checkpoint", hash)
	c, err := experiment.ReadCheckpoint(t.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return userfile.Error(t.file, fmt.Errorf("%w; without the file the training starts from step 0", err))
	}
	t.resume = &c
	note(cmd, fmt.Sprintf("goes on from step %d of %s", c.Step, t.file))
	return nil
}

// save is what experiment.Options want.
func (t *stoppedTraining) save(c experiment.Checkpoint) error {
	t.reached = &c
	return nil
}

// end writes the checkpoint of a training that was stopped, and removes the file
// of one that is done.
func (t *stoppedTraining) end(ctx context.Context, steps int, err error) error {
	if err == nil && t.resume != nil {
		return os.Remove(t.file)
	}
	if err == nil || ctx.Err() == nil || t.reached == nil {
		return err
	}
	if failed := experiment.WriteCheckpoint(t.file, *t.reached); failed != nil {
		return halted(failed.Error())
	}
	return halted(fmt.Sprintf("step %d of %d is kept in %s; the same command goes on from there", t.reached.Step, steps, t.file))
}
