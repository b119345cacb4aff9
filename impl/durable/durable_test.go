package durable

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWriteFileReplacesWholly(t *testing.T) {
	name := filepath.Join(t.TempDir(), "new", "folder", "f")
	require.NoError(t, WriteFile(name, []byte("long old content")))
	require.NoError(t, WriteFile(name, []byte("new")))
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, "new", string(data))
	entries, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	require.Len(t, entries, 1, "a temporary file was left behind")
}

func TestWriteFileFailsWithoutATrace(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "is-a-folder")
	require.NoError(t, os.Mkdir(name, 0o755))
	require.ErrorContains(t, WriteFile(name, []byte("x")), "writing "+name)
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	file := filepath.Join(folder, "file")
	require.NoError(t, WriteFile(file, nil))
	require.ErrorContains(t, WriteFile(filepath.Join(file, "below"), nil), "not a directory")
}

func TestCreateFileNeverReplaces(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "f")
	require.NoError(t, CreateFile(name, []byte("first")))
	err := CreateFile(name, []byte("second"))
	require.ErrorIs(t, err, fs.ErrExist)
	require.ErrorContains(t, err, "writing "+name)
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, "first", string(data))
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, entries, 1, "a temporary file was left behind")
}

// TestCheckForeseesWriteFile on names that can be written and names that cannot,
// and leaves nothing behind.
func TestCheckForeseesWriteFile(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "file"), nil, 0o600))
	for _, name := range []string{"file", "new", filepath.Join("a", "b", "c")} {
		require.NoError(t, Check(filepath.Join(folder, name)))
	}
	for _, name := range []string{".", filepath.Join("file", "below"), filepath.Join("file", "far", "below")} {
		name = filepath.Join(folder, name)
		require.ErrorContains(t, Check(name), "writing "+name)
		require.Error(t, WriteFile(name, nil))
	}
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, entries, 1)
}
