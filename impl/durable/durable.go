// Package durable writes files whole or not at all.
//
// It never leaves a half-written file under the final name: data goes to a
// temporary file in the same folder, is flushed to disk and then renamed.
package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile writes data to name, creating its folder. On an error (a full
// disk, a folder without permission) the old file, if any, is untouched and
// the error names the file.
func WriteFile(name string, data []byte) error {
	if err := write(name, data); err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

func write(name string, data []byte) (err error) {
	folder := filepath.Dir(name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close() // already failing: the first error is the one to tell
			_ = os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(data); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
