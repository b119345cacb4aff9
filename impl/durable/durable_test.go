package durable

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// requireOnly demands that a folder holds these files alone, with their texts.
func requireOnly(t *testing.T, folder string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	got := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		require.NoError(t, err)
		got[e.Name()] = string(data)
	}
	require.Equal(t, want, got, "files in %s", folder)
}

// A written file holds exactly what was written last, in a folder that need not
// exist, and nothing else is left there; asking beforehand makes no folder.
func TestWriteFileReplacesWholly(t *testing.T) {
	texts := []string{"", "\x00\xff\n", strings.Repeat("page ", 4000)}
	for _, write := range []func(string, []byte) error{WriteFile, CreateFile} {
		for i, first := range texts {
			second := texts[(i+1)%len(texts)]
			above := t.TempDir()
			folder := filepath.Join(above, "new", "folder")
			require.NoError(t, Check(filepath.Join(folder, "a")))
			requireOnly(t, above, map[string]string{})
			require.NoError(t, write(filepath.Join(folder, "a"), []byte(first)))
			requireOnly(t, folder, map[string]string{"a": first})
			require.NoError(t, WriteFile(filepath.Join(folder, "a"), []byte(second)))
			require.NoError(t, CreateFile(filepath.Join(folder, "b"), []byte(first)))
			requireOnly(t, folder, map[string]string{"a": second, "b": first})
		}
	}
}

// Whoever reads while a file is written anew sees the old text or the new one,
// and never an older one than before.
func TestReadersSeeWholeFiles(t *testing.T) {
	const size = 64 << 12
	name := filepath.Join(t.TempDir(), "a")
	text := func(sign byte) []byte { return bytes.Repeat([]byte{sign}, size) }
	require.NoError(t, WriteFile(name, text('0')))
	written := make(chan error, 1)
	go func() {
		var err error
		for sign := byte('1'); sign <= '6' && err == nil; sign++ {
			err = WriteFile(name, text(sign))
		}
		written <- err
	}()
	last := byte('0')
	for done := false; !done; {
		select {
		case err := <-written:
			require.NoError(t, err)
			done = true
		default:
		}
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Len(t, data, size, "a file half written")
		require.True(t, bytes.Equal(text(data[0]), data), "a file that mixes two texts")
		require.GreaterOrEqual(t, data[0], last, "an older text than was seen before")
		last = data[0]
	}
	require.Equal(t, byte('6'), last)
}

// A write that fails names the file and leaves everything as it was; asked
// beforehand, the same is said.
func TestWriteFileFailsWithoutATrace(t *testing.T) {
	folder := t.TempDir()
	taken, file := filepath.Join(folder, "is-a-folder"), filepath.Join(folder, "file")
	require.NoError(t, os.Mkdir(taken, 0o755))
	require.NoError(t, os.WriteFile(file, []byte("old"), 0o600))
	require.NoError(t, os.Symlink("loop", filepath.Join(folder, "loop")))
	require.NoError(t, os.Symlink("is-a-folder", filepath.Join(folder, "to-folder")))
	for name, reason := range map[string]string{
		taken:                                "folder",
		folder + string(filepath.Separator):  "folder",
		filepath.Join(file, "below"):         "not a directory",
		filepath.Join(file, "far", "below"):  "not a directory",
		filepath.Join(folder, "loop"):        "too many",
		filepath.Join(folder, "to-folder"):   "folder",
		filepath.Join(folder, "\x00"):        "invalid argument",
		filepath.Join(folder, "loop", "far"): "too many",
	} {
		for what, err := range map[string]error{"WriteFile": WriteFile(name, []byte("x")), "Check": Check(name)} {
			require.ErrorContains(t, err, "writing "+name+": ", what)
			require.ErrorContains(t, err, reason, what)
		}
	}
	require.ErrorIs(t, CreateFile(taken, nil), fs.ErrExist)
	require.ErrorContains(t, CreateFile(filepath.Join(file, "below"), nil), "not a directory")
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, entries, 4, "a temporary file was left behind")
	requireOnly(t, taken, map[string]string{})
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "old", string(data))
}

// Of several writers of a fresh file one wins, whole; the others are told that
// it exists.
func TestCreateFileNeverReplaces(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "f")
	texts := []string{"first", "second", "third", "fourth"}
	errs := make([]error, len(texts))
	var group sync.WaitGroup
	for i := range texts {
		group.Go(func() { errs[i] = CreateFile(name, []byte(texts[i])) })
	}
	group.Wait()
	winners := map[string]string{}
	for i, err := range errs {
		if err == nil {
			winners["f"] = texts[i]
			continue
		}
		require.ErrorIs(t, err, fs.ErrExist)
		require.EqualError(t, err, "writing "+name+": file exists") // not the temporary one's name
	}
	requireOnly(t, folder, winners)
	require.ErrorIs(t, CreateFile(name, []byte("late")), fs.ErrExist)
	requireOnly(t, folder, winners)
}

func TestCheckForeseesWriteFile(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "file"), []byte("old"), 0o600))
	for _, name := range []string{"file", "new", filepath.Join("a", "b", "c")} {
		require.NoError(t, Check(filepath.Join(folder, name)))
	}
	requireOnly(t, folder, map[string]string{"file": "old"})
	t.Chdir(folder) // a name without a folder
	require.NoError(t, Check("new"))
	require.NoError(t, WriteFile("new", []byte("x")))
	requireOnly(t, folder, map[string]string{"file": "old", "new": "x"})
}
