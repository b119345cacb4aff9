// Package durable writes files whole or not at all, and locks them.
//
// It never leaves a half-written file under the final name: data goes to a
// temporary file in the same folder, is flushed to disk and then renamed. What
// is no regular file (a device, a FIFO, standard output) is written through
// instead, a symbolic link is followed to its target, and a file that is
// replaced keeps its mode.
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
func WriteFile(name string, data []byte) error { return named(name, writeFile(name, data)) }

func writeFile(name string, data []byte) error {
	if passesThrough(name) {
		return writeThrough(name, data)
	}
	target, err := followed(name)
	if err != nil {
		return err
	}
	return commit(target, data, os.Rename)
}

// CreateFile is WriteFile for a name that does not exist yet: where a file of
// that name exists, also one that another process made a moment ago, it is
// left alone and errors.Is(err, fs.ErrExist) holds. The folder's file system
// must know hard links.
func CreateFile(name string, data []byte) error {
	return named(name, commit(name, data, func(temporary, name string) error {
		if err := os.Link(temporary, name); err != nil {
			return err
		}
		return os.Remove(temporary)
	}))
}

// Check tells before a long computation whether WriteFile could write name: it
// makes and removes an empty file in its folder or, where that does not exist
// yet, in the nearest folder above that does. It makes no folder, and it does
// not open what WriteFile writes through.
func Check(name string) error { return named(name, check(name)) }

func check(name string) error {
	if passesThrough(name) {
		_, err := os.Stat(name)
		return err
	}
	target, err := followed(name)
	if err != nil {
		return err
	}
	folder := filepath.Dir(target)
	for {
		_, err := os.Stat(folder)
		above := filepath.Dir(folder)
		if !errors.Is(err, fs.ErrNotExist) || above == folder {
			break
		}
		folder = above
	}
	t, err := newTemporary(folder)
	if err != nil {
		return err
	}
	t.discard()
	return nil
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

// commit writes a flushed temporary file beside name and hands it to place,
// which gives it that name.
func commit(name string, data []byte, place func(temporary, name string) error) error {
	folder := filepath.Dir(name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	sweepOnce(folder)
	t, err := newTemporary(folder)
	if err != nil {
		return err
	}
	if err := t.fill(name, data); err != nil {
		t.discard()
		return err
	}
	if err := place(t.file.Name(), name); err != nil {
		t.discard()
		return err
	}
	_ = t.file.Close() // flushed before it was placed
	return nil
}
