package reference

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
)

//go:embed *.json
var shipped embed.FS

// maxFileSize bounds a file, in bytes; the largest shipped one has 0.2 MB.
const maxFileSize = 16 << 20

// FS holds the shipped files as they were written, for hashing.
func FS() fs.FS { return shipped }

// Files lists the names of the shipped files, sorted.
func Files() []string {
	entries, err := shipped.ReadDir(".")
	if err != nil {
		panic(err) // the directory is part of the program
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

// Open reads a file: the path of a user's file or, where there is no such
// file, the name of a shipped one. Errors are one line that names the file,
// the field, its value and what was expected.
func Open(name string) (File, error) {
	data, err := readPath(name)
	if errors.Is(err, fs.ErrNotExist) && slices.Contains(Files(), name) {
		return openShipped(name)
	}
	if err != nil {
		return nil, fmt.Errorf("file %s: %w", name, err)
	}
	return Parse(name, data)
}

func openShipped(name string) (File, error) {
	data, err := shipped.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("file %s: not shipped, want one of %v", name, Files())
	}
	return Parse(name, data)
}

// readPath reads at most maxFileSize bytes of a regular file.
func readPath(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, withoutPath(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file, want a JSON file")
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, withoutPath(err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFileSize+1))
	if err != nil {
		return nil, withoutPath(err)
	}
	return data, nil
}

// withoutPath drops the operation and the path: the caller names the file.
func withoutPath(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
