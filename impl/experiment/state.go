package experiment

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"causalgrad/impl/durable"
)

// State is what a store knows of the run of a spec.
type State string

// The states. Everything but Done is computed when the spec is run again.
const (
	Done        State = "done"        // an intact record
	Running     State = "running"     // a process of this file system is at work on it
	Interrupted State = "interrupted" // started, nobody at work: goes on from its checkpoint
	Failed      State = "failed"      // ended with an error, which MarkFailed kept
	Damaged     State = "damaged"     // a file under the record's name that is no intact record
	Missing     State = "missing"     // nothing
)

// failure is what MarkFailed keeps, as JSON in the store's folder "failed".
type failure struct {
	Spec    Spec   `json:"spec"`
	Error   string `json:"error"`
	Program string `json:"program"`
}

// State says how far the run of a spec is and, where it failed or is damaged,
// why. It changes nothing. Where the file system has no locks a run under way
// counts as interrupted.
func (s *Store) State(spec Spec) (State, string, error) {
	e, err := s.entry(spec)
	if err != nil {
		return "", "", err
	}
	_, damage := readRecord(e.record, e.hash)
	switch {
	case damage == nil:
		return Done, "", nil
	case errors.Is(damage, fs.ErrNotExist):
		damage = nil
	case errors.As(damage, new(*fs.PathError)):
		return "", "", damage
	}
	started, err := exists(e.lock)
	if err != nil {
		return "", "", err
	}
	if started {
		l, err := durable.TryLock(e.lock)
		if err != nil {
			return "", "", fmt.Errorf("record store: %w", err)
		}
		l.Release()
		if l.State == durable.Busy {
			return Running, "", nil
		}
	}
	if damage != nil {
		return Damaged, strings.TrimPrefix(damage.Error(), "record "+e.record+": "), nil
	}
	if reason, failed, err := s.failure(e); err != nil || failed {
		return Failed, reason, err
	}
	saved, err := exists(e.checkpoint)
	if err != nil {
		return "", "", err
	}
	if started || saved {
		return Interrupted, "", nil
	}
	return Missing, "", nil
}

func exists(name string) (bool, error) {
	_, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (s *Store) failureFile(e entry) string {
	return filepath.Join(s.folder, "failed", filepath.Base(e.record))
}

// failure reads what MarkFailed wrote; a file that cannot be understood still
// says that the run failed.
func (s *Store) failure(e entry) (string, bool, error) {
	data, err := os.ReadFile(s.failureFile(e))
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	var f failure
	if json.Unmarshal(data, &f) != nil || f.Error == "" {
		return "the note of the failure is damaged: " + s.failureFile(e), true, nil
	}
	return f.Error, true, nil
}

// MarkFailed keeps the error of a spec's run, until ClearFailed.
func (s *Store) MarkFailed(spec Spec, cause error) error {
	e, err := s.entry(spec)
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(failure{spec, oneLine(cause).Error(), provenance(0).Program}, "", " ")
	if err != nil {
		return fmt.Errorf("failure of %q: %w", spec.ID, err)
	}
	return durable.WriteFile(s.failureFile(e), append(data, '\n'))
}

// ClearFailed forgets the failure of a spec's run, if there was one.
func (s *Store) ClearFailed(spec Spec) error {
	e, err := s.entry(spec)
	if err != nil {
		return err
	}
	if err := os.Remove(s.failureFile(e)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
