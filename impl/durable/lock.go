package durable

import (
	"fmt"
	"os"
)

// LockState is what came of an attempt to lock a file.
type LockState int

// The states.
const (
	Busy       LockState = iota // another process, or another Lock of this one, has it
	Held                        // this Lock has it
	Unlockable                  // the file system or the operating system has no locks
)

// Lock is an attempt at a lock file.
type Lock struct {
	State LockState
	file  *os.File
}

// TryLock locks the named file, which it makes where there is none, until
// Release or the end of the process, however it ends: no lock is ever stale.
func TryLock(name string) (Lock, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return Lock{}, err
	}
	state, err := flock(f)
	if err != nil {
		_ = f.Close() // the first error is the one to tell
		return Lock{}, fmt.Errorf("locking %s: %w", name, err)
	}
	return Lock{state, f}, nil
}

// Release gives the lock back. The file stays.
func (l Lock) Release() {
	if l.file != nil {
		_ = l.file.Close() // nothing was written to it
	}
}
