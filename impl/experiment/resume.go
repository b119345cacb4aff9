package experiment

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"causalgrad/impl/durable"
)

// ErrBusy says that another process is at work on the spec.
var ErrBusy = errors.New("another process is at work on it")

// TryRun returns the spec's record: from the store if it is there, otherwise
// by training, from the last checkpoint if a run was killed or cancelled. The
// new record is in the store when TryRun returns. o.Save and o.Resume are the
// store's own. It returns ErrBusy where another process runs the spec.
func (s *Store) TryRun(ctx context.Context, spec Spec, o Options) (Record, error) {
	if err := spec.Validate(); err != nil {
		return Record{}, fmt.Errorf("spec %q: %w", spec.ID, err)
	}
	e, err := s.entry(spec)
	if err != nil {
		return Record{}, err
	}
	if r, found, err := s.Get(spec); err != nil || found {
		return r, err
	}
	l, err := durable.TryLock(e.lock)
	if err != nil {
		return Record{}, fmt.Errorf("record store: %w", err)
	}
	defer l.Release()
	if l.State == durable.Busy {
		return Record{}, fmt.Errorf("run %q: %w", spec.ID, ErrBusy)
	}
	if r, found, err := s.Get(spec); err != nil || found {
		return r, err // finished by another process since the first look
	}
	return s.run(ctx, spec, e, o)
}

// waitForOther is how often Run looks again for another process's record.
const waitForOther = 250 * time.Millisecond

// Run is TryRun that waits for the other process.
func (s *Store) Run(ctx context.Context, spec Spec, o Options) (Record, error) {
	for {
		r, err := s.TryRun(ctx, spec, o)
		if !errors.Is(err, ErrBusy) {
			return r, err
		}
		select {
		case <-ctx.Done():
			return Record{}, ctx.Err()
		case <-time.After(waitForOther):
		}
	}
}

// Again trains a spec from the start, whatever the store holds, and adds the
// record or compares it with the one there (ErrMismatch).
func (s *Store) Again(ctx context.Context, spec Spec, o Options) (Record, error) {
	o.Save, o.Resume = nil, nil
	r, params, err := Run(ctx, spec, o)
	if err != nil {
		return Record{}, err
	}
	return r, s.Put(r, params)
}

// run trains.
func (s *Store) run(ctx context.Context, spec Spec, e entry, o Options) (Record, error) {
	c, err := s.lastCheckpoint(e)
	if err != nil {
		return Record{}, err
	}
	o.Resume = c
	o.Save = func(c Checkpoint) error {
		data, err := c.encode()
		if err != nil {
			return err
		}
		return durable.WriteFile(e.checkpoint, data)
	}
	r, params, err := Run(ctx, spec, o)
	if err != nil {
		return Record{}, err
	}
	if err := s.Put(r, params); err != nil {
		return Record{}, err
	}
	// Whoever gets the lock of the removed file looks for the record first, and
	// finds it.
	_ = os.Remove(e.lock) // some systems keep a file that is open: it is empty
	if err := os.Remove(e.checkpoint); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Record{}, err
	}
	return r, nil
}

// lastCheckpoint reads the checkpoint of a run that did not end, nil if there
// is none. A damaged one is noted and counts as none.
func (s *Store) lastCheckpoint(e entry) (*Checkpoint, error) {
	data, err := os.ReadFile(e.checkpoint)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := decodeCheckpoint(data)
	if err == nil && c.Spec != e.hash {
		err = fmt.Errorf("is of spec %s, want %s", c.Spec, e.hash)
	}
	if err != nil {
		s.note("checkpoint %s: %v; the run starts again", e.checkpoint, err)
		return nil, nil
	}
	return &c, nil
}
