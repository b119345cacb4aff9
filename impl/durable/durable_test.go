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
