//go:build unix

package durable

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A replaced file keeps its mode, a new one has what the umask leaves.
func TestModesAreKept(t *testing.T) {
	folder := t.TempDir()
	mode := func(name string) os.FileMode {
		info, err := os.Stat(name)
		require.NoError(t, err)
		return info.Mode()
	}
	for _, want := range []os.FileMode{0o600, 0o640, 0o644, 0o755} {
		name := filepath.Join(folder, want.String())
		require.NoError(t, os.WriteFile(name, []byte("old"), 0o600))
		require.NoError(t, os.Chmod(name, want))
		require.NoError(t, WriteFile(name, []byte("new")))
		require.Equal(t, want, mode(name))
	}
	plain, ours := filepath.Join(folder, "plain"), filepath.Join(folder, "ours")
	require.NoError(t, os.WriteFile(plain, nil, 0o666))
	require.NoError(t, WriteFile(ours, nil))
	require.Equal(t, mode(plain), mode(ours))
}

// A symbolic link stays one: what it leads to is replaced, or made.
func TestSymbolicLinksAreFollowed(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "far"), 0o755))
	target := filepath.Join(folder, "far", "target")
	for link, to := range map[string]string{"relative": filepath.Join("far", "target"), "absolute": target, "second": "relative"} {
		require.NoError(t, os.Symlink(to, filepath.Join(folder, link)))
	}
	for _, link := range []string{"relative", "absolute", "second"} {
		name := filepath.Join(folder, link)
		require.NoError(t, os.RemoveAll(target))
		for _, text := range []string{"made", "replaced"} {
			require.NoError(t, Check(name))
			require.NoError(t, WriteFile(name, []byte(text)))
			requireOnly(t, filepath.Join(folder, "far"), map[string]string{"target": text})
			info, err := os.Lstat(name)
			require.NoError(t, err)
			require.NotZero(t, info.Mode()&os.ModeSymlink, "%s is no link any more", link)
		}
		require.ErrorIs(t, CreateFile(name, nil), os.ErrExist)
	}
}

// A FIFO and a device are written through and stay what they are.
func TestWhatIsNoFileIsWrittenThrough(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	require.NoError(t, Check(fifo)) // does not wait for a reader
	read := make(chan string, 1)
	go func() {
		f, err := os.Open(fifo)
		if err != nil {
			read <- err.Error()
			return
		}
		data, err := io.ReadAll(f)
		if err != nil {
			data = []byte(err.Error())
		}
		read <- string(data)
		_ = f.Close() // read only
	}()
	require.NoError(t, WriteFile(fifo, []byte("through")))
	require.Equal(t, "through", <-read)
	info, err := os.Stat(fifo)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeNamedPipe)

	require.NoError(t, WriteFile(os.DevNull, []byte("gone")))
	if _, err := os.Stat("/dev/full"); err == nil {
		require.EqualError(t, WriteFile("/dev/full", []byte("x")), "writing /dev/full: no space left on device")
	}
	if _, err := os.Stat("/proc/self"); err == nil {
		require.EqualError(t, Check("/proc/self/fd/99999"), "writing /proc/self/fd/99999: no such file or directory", "before the work")
	}
	require.True(t, passesThrough("/dev/stdout"))
	require.True(t, passesThrough("/dev/fd/1"))
	require.False(t, passesThrough("/dev/shm/causalgrad-no-such-file"), "ordinary files live there")
}

// Standard output that the shell leads to a file is appended to: the file stays
// the one that the shell has open, and what it holds stays too.
func TestStandardOutputStaysTheFileThatTheShellOpened(t *testing.T) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("no /proc here: open files have no names")
	}
	f, err := os.OpenFile(filepath.Join(t.TempDir(), "out"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	_, err = f.WriteString("before ")
	require.NoError(t, err)
	number := filepath.Join("/proc/self/fd", itoa(f.Fd()))
	require.NoError(t, WriteFile(number, []byte("ours ")))
	_, err = f.WriteString("after")
	require.NoError(t, err)
	data, err := os.ReadFile(f.Name())
	require.NoError(t, err)
	require.Equal(t, "before ours after", string(data))
}

// smallFiles marks the process in which files may not grow.
const smallFiles = "CAUSALGRAD_TEST_SMALL_FILES"

// A disk that is full, played by a limit on the size of files, leaves the old
// file and no temporary one. The limit holds for a whole process, and go test
// writes files of its own in this one, so another is started.
func TestAFullDiskLeavesTheOldFile(t *testing.T) {
	if os.Getenv(smallFiles) == "" {
		child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), smallFiles+"=1")
		out, err := child.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Contains(t, string(out), "PASS")
		return
	}
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit))
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	name := filepath.Join(t.TempDir(), "f")
	require.NoError(t, WriteFile(name, []byte("old")))
	low := limit
	low.Cur = 4096
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &low))
	err := WriteFile(name, make([]byte, 1<<16))
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
	require.EqualError(t, err, "writing "+name+": file too large")
	requireOnly(t, filepath.Dir(name), map[string]string{"f": "old"})
}

// What the operating system says of the bytes is passed on: a pipe takes them
// and cannot flush them.
func TestWhatCannotBeFlushedIsAnError(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer func() { require.NoError(t, errors.Join(r.Close(), w.Close())) }()
	replaced := filepath.Join(t.TempDir(), "f")
	for range 2 { // a file that is not there, and one whose mode is kept
		require.ErrorIs(t, temporary{file: w, lock: Held}.fill(replaced, []byte("x")), syscall.EINVAL)
		require.NoError(t, WriteFile(replaced, nil))
	}
}
