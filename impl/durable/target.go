package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// passesThrough reports whether data is to be written into what name stands for
// rather than into a new file of that name: a device, a FIFO or a socket, and
// the names of a process's open files, which may be regular ones that somebody
// goes on to write.
func passesThrough(name string) bool {
	full, err := filepath.Abs(name)
	if err == nil && (openFiles[full] || strings.HasPrefix(full, "/dev/fd/") || strings.HasPrefix(full, "/proc/")) {
		return true
	}
	info, err := os.Stat(name)
	return err == nil && !info.Mode().IsRegular() && !info.IsDir()
}

var openFiles = map[string]bool{"/dev/stdin": true, "/dev/stdout": true, "/dev/stderr": true}

// writeThrough opens for appending: standard output that leads to a file may
// hold something already.
func writeThrough(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// maxLinks bounds a chain of symbolic links, as Linux does.
const maxLinks = 40

// followed is the file that name's symbolic links lead to, which need not
// exist; a folder is refused.
func followed(name string) (string, error) {
	for range maxLinks {
		info, err := os.Lstat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return name, nil
		case err != nil:
			return "", err
		case info.IsDir():
			return "", errors.New("is a folder")
		case info.Mode()&fs.ModeSymlink == 0:
			return name, nil
		}
		target, err := os.Readlink(name)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(name), target)
		}
		name = target
	}
	return "", errors.New("too many symbolic links")
}
