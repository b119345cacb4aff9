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
	return named(name, write(name, data, os.Rename))
}

// CreateFile is WriteFile for a name that does not exist yet: where a file of
// that name exists, also one that another process made a moment ago, it is
// left alone and errors.Is(err, fs.ErrExist) holds. The folder's file system
// must know hard links.
func CreateFile(name string, data []byte) error {
	return named(name, write(name, data, func(temporary, name string) error {
		if err := os.Link(temporary, name); err != nil {
			return err
		}
		return os.Remove(temporary)
	}))
}

// Check tells before a long computation whether WriteFile could write name: it
// makes and removes an empty file in its folder or, where that does not exist
// yet, in the nearest folder above that does. It makes no folder.
func Check(name string) error { return named(name, check(name)) }

func check(name string) error {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return errors.New("is a folder")
	}
	folder := filepath.Dir(name)
	for {
		_, err := os.Stat(folder)
		above := filepath.Dir(folder)
		if !errors.Is(err, fs.ErrNotExist) || above == folder {
			break
		}
		folder = above
	}
	f, err := os.CreateTemp(folder, ".check.*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// named makes an error name the file rather than the temporary one.
func named(name string, err error) error {
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		var link *os.LinkError
		if errors.As(err, &link) {
			err = link.Err
		}
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// write hands a flushed temporary file to commit, which gives it its name.
func write(name string, data []byte, commit func(temporary, name string) error) (err error) {
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
	return commit(f.Name(), name)
}
