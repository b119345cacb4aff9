package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
)

// Temporary files are called .causalgrad-PROCESS-NUMBER.tmp. A living process
// holds a lock on each of its own, so that one that can be locked belongs to a
// process that was killed.
const (
	temporaryPrefix = ".causalgrad-"
	temporarySuffix = ".tmp"
)

// IsTemporary reports whether a file's name, with or without folders, is that of
// a temporary file of this package.
func IsTemporary(name string) bool {
	base := filepath.Base(name)
	return strings.HasPrefix(base, temporaryPrefix) && strings.HasSuffix(base, temporarySuffix)
}

// made counts this process's temporary files.
var made atomic.Int64

// temporary is an open temporary file and what came of locking it.
type temporary struct {
	file *os.File
	lock LockState
}

// newTemporary makes an empty temporary file, readable as the umask says.
func newTemporary(folder string) (temporary, error) {
	for {
		name := filepath.Join(folder, fmt.Sprintf("%s%d-%d%s", temporaryPrefix, os.Getpid(), made.Add(1), temporarySuffix))
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if errors.Is(err, fs.ErrExist) {
			continue // of a process of that number on another machine, or before
		}
		if err != nil {
			return temporary{}, err
		}
		t := temporary{file: f}
		if t.lock, err = flock(f); err != nil {
			t.discard()
			return temporary{}, err
		}
		if t.lock != Busy && t.inPlace() {
			return t, nil
		}
		_ = f.Close() // somebody sweeps it away: it was not locked yet
	}
}

// inPlace reports whether the file still has its name.
func (t temporary) inPlace() bool {
	own, err := t.file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(t.file.Name())
	return err == nil && os.SameFile(own, named)
}

// fill writes and flushes data, with the mode of the file that is to be
// replaced, if there is one. A file without a lock is closed: some systems
// rename no open file.
func (t temporary) fill(replaced string, data []byte) error {
	if _, err := t.file.Write(data); err != nil {
		return err
	}
	if old, err := os.Stat(replaced); err == nil {
		if err := t.file.Chmod(old.Mode().Perm()); err != nil {
			return err
		}
	}
	if err := t.file.Sync(); err != nil {
		return err
	}
	if t.lock == Unlockable {
		return t.file.Close()
	}
	return nil
}

// discard removes the file on the way out of an error, which is the one to tell.
func (t temporary) discard() {
	_ = t.file.Close()
	_ = os.Remove(t.file.Name())
}

// swept are the folders that this process has swept.
var swept sync.Map

func sweepOnce(folder string) {
	if _, done := swept.LoadOrStore(folder, true); !done {
		Sweep(folder)
	}
}

// Sweep removes the temporary files that killed processes left in a folder.
// Those of living processes stay, and so do all where files cannot be locked. A
// file that cannot be removed is left: it harms nobody.
func Sweep(folder string) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, entry := range files {
		if !IsTemporary(entry.Name()) {
			continue
		}
		f, err := os.OpenFile(filepath.Join(folder, entry.Name()), os.O_RDWR, 0)
		if err != nil {
			continue
		}
		t := temporary{file: f}
		if t.lock, err = flock(f); err == nil && t.lock == Held && t.inPlace() {
			_ = os.Remove(f.Name())
		}
		_ = f.Close() // nothing was written
	}
}
