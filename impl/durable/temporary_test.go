package durable

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func itoa(n uintptr) string { return strconv.FormatUint(uint64(n), 10) }

// The temporary files of killed processes go with a process's first write to
// their folder, those of living writers and other people's files stay.
func TestTemporaryFilesOfKilledProcessesAreSwept(t *testing.T) {
	folder := t.TempDir()
	living, err := newTemporary(folder)
	require.NoError(t, err)
	defer living.discard()
	if living.lock == Unlockable {
		t.Skip("this system has no file locks: nothing is ever swept")
	}
	alive := filepath.Base(living.file.Name())
	others := []string{".causalgrad-7-1", "causalgrad-7-1.tmp", ".hidden.tmp", "mine"}
	for _, name := range append([]string{".causalgrad-7-1.tmp", ".causalgrad-8-123.tmp"}, others...) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("half"), 0o600))
		require.Equal(t, name[0] == '.' && name[len(name)-4:] == ".tmp" && name != ".hidden.tmp", IsTemporary(filepath.Join(folder, name)), name)
	}
	require.NoError(t, WriteFile(filepath.Join(folder, "new"), []byte("text")))
	want := map[string]string{"new": "text", alive: ""}
	for _, name := range others {
		want[name] = "half"
	}
	requireOnly(t, folder, want)
	require.True(t, living.inPlace())
	Sweep(filepath.Join(folder, "no such folder")) // no error, no folder
	requireOnly(t, folder, want)
}

// A temporary file whose name another process took, or that was swept away
// between its making and its locking, is not used.
func TestATakenNameIsNotUsed(t *testing.T) {
	folder := t.TempDir()
	next := made.Load() + 1
	taken := filepath.Join(folder, ".causalgrad-"+strconv.Itoa(os.Getpid())+"-"+strconv.FormatInt(next, 10)+".tmp")
	require.NoError(t, os.WriteFile(taken, []byte("another's"), 0o600))
	f, err := newTemporary(folder)
	require.NoError(t, err)
	require.NotEqual(t, taken, f.file.Name())
	require.True(t, f.inPlace())
	require.NoError(t, os.Remove(f.file.Name()))
	require.False(t, f.inPlace())
	require.NoError(t, os.WriteFile(f.file.Name(), nil, 0o600))
	require.False(t, f.inPlace(), "another file of that name")
	f.discard()
	requireOnly(t, folder, map[string]string{filepath.Base(taken): "another's"})
}

// Without a lock the file is closed once it is filled; with one it is not, and
// the lock is gone when the file is written.
func TestAFilledFileIsClosedUnlessItIsLocked(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "f")
	for _, state := range []LockState{Unlockable, Held} {
		f, err := newTemporary(folder)
		require.NoError(t, err)
		f.lock = state
		require.NoError(t, f.fill(name, []byte("text")))
		_, err = f.file.Stat()
		require.Equal(t, state == Unlockable, errors.Is(err, os.ErrClosed))
		require.True(t, state == Unlockable || f.inPlace())
		f.discard()
		require.ErrorIs(t, f.fill(name, []byte("text")), os.ErrClosed)
		require.False(t, f.inPlace())
	}
	require.NoError(t, WriteFile(name, nil))
	l, err := TryLock(name)
	require.NoError(t, err)
	require.NotEqual(t, Busy, l.State, "the writer holds its lock on")
	l.Release()
}

func TestALockIsHeldOnceAndGivenBack(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	first, err := TryLock(name)
	require.NoError(t, err)
	if first.State == Unlockable {
		t.Skip("this system has no file locks")
	}
	require.Equal(t, Held, first.State)
	second, err := TryLock(name)
	require.NoError(t, err)
	require.Equal(t, Busy, second.State)
	second.Release()
	first.Release()
	third, err := TryLock(name)
	require.NoError(t, err)
	require.Equal(t, Held, third.State)
	third.Release()
	require.FileExists(t, name)
	Lock{}.Release()
	_, err = TryLock(filepath.Join(name, "below"))
	require.ErrorContains(t, err, "not a directory")
}
