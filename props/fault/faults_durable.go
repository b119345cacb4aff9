package fault

import (
	"errors"
	"os"
	"path/filepath"

	"causalgrad/props/implaws"
)

// writeFaults are mistakes in writing files.
func writeFaults() []Fault {
	writes := func(id, description string, write writing, expect ...string) Fault {
		return patch(id, description, func(v *variant) { v.write = write }, expect...)
	}
	return []Fault{
		writes("write-in-place", "a file that is there is written over, page by page", func(own implaws.Writer, name string, data []byte, fresh bool) error {
			if _, err := os.Stat(name); err != nil || fresh {
				return own.WriteWhole(name, data, fresh)
			}
			for end := min(4096, len(data)); ; end = min(end+4096, len(data)) {
				if err := os.WriteFile(name, data[:end], 0o600); err != nil || end == len(data) {
					return err
				}
			}
		}, "write-never-half"),
		writes("write-fresh-over-old", "a fresh file replaces one of its name", func(own implaws.Writer, name string, data []byte, _ bool) error {
			return own.WriteWhole(name, data, false)
		}, "write-fresh"),
		writes("write-keeps-copy", "the temporary file stays", func(own implaws.Writer, name string, data []byte, fresh bool) error {
			if err := own.WriteWhole(name, data, fresh); err != nil {
				return err
			}
			return os.WriteFile(name+".tmp", data, 0o600)
		}, "write-whole"),
		patch("write-check-makes-folders", "to ask whether a file can be written makes its folder", func(v *variant) {
			v.checked = func(own implaws.Writer, name string) error {
				return errors.Join(own.CheckWritable(name), os.MkdirAll(filepath.Dir(name), 0o755))
			}
		}, "write-whole"),
		writes("write-nameless-error", "the error does not name the file", func(own implaws.Writer, name string, data []byte, fresh bool) error {
			if own.WriteWhole(name, data, fresh) != nil {
				return errors.New("cannot write")
			}
			return nil
		}, "write-fails-whole"),
	}
}
