package manifest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"causalgrad/impl/durable"
)

// File is a file with its hash. Path is relative to the hashed folder, with
// forward slashes.
type File struct {
	Path   string `json:"path"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Describe is the File of some bytes.
func Describe(path string, data []byte) File {
	sum := sha256.Sum256(data)
	return File{path, len(data), hex.EncodeToString(sum[:])}
}

// Hash describes every regular file of a file system (os.DirFS of a report, or
// embedded goldens) but a manifest at its top, by path. What a killed process
// left half-written is none of it.
func Hash(files fs.FS) ([]File, error) {
	var all []File
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !entry.Type().IsRegular() || path == Name || durable.IsTemporary(path) {
			return err
		}
		data, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		all = append(all, Describe(path, data))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("hashing files: %w", err)
	}
	slices.SortFunc(all, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return all, nil
}

// Difference is a file that is not as it should be.
type Difference struct {
	Path    string `json:"path"`
	Problem string `json:"problem"` // one clause: "missing", "differs from ..."
}

// CheckHashes compares the folder with the files that the manifest lists: each is
// there with its bytes. An empty answer says that they all are.
func (m Manifest) CheckHashes(folder string) ([]Difference, error) {
	var found []Difference
	for _, want := range m.Files {
		data, problem, err := read(folder, want.Path)
		if err != nil {
			return nil, err
		}
		if problem == "" && Describe(want.Path, data) != want {
			problem = fmt.Sprintf("sha256 %s of %d bytes, but the manifest says %s of %d", Describe("", data).SHA256[:12], len(data), short(want.SHA256), want.Bytes)
		}
		if problem != "" {
			found = append(found, Difference{want.Path, problem})
		}
	}
	return found, nil
}

func short(hash string) string { return hash[:min(len(hash), 12)] }

// Derived is a file that the program derives from records: a table in one
// format, a figure.
type Derived struct {
	Path string // relative to the report's folder, with forward slashes
	Data []byte
}

// CheckDerived compares the folder's files with what was derived anew, byte for
// byte, and names what is missing, what differs (with the first line that does)
// and what lies in the folders of derived files but was not derived.
func CheckDerived(folder string, derived []Derived) ([]Difference, error) {
	var found []Difference
	known, parents := map[string]bool{}, []string(nil)
	for _, d := range derived {
		known[d.Path] = true
		if parent := path.Dir(d.Path); parent != "." && !slices.Contains(parents, parent) {
			parents = append(parents, parent)
		}
		data, problem, err := read(folder, d.Path)
		if err != nil {
			return nil, err
		}
		if problem == "" && !bytes.Equal(data, d.Data) {
			problem = firstDifference(data, d.Data)
		}
		if problem != "" {
			found = append(found, Difference{d.Path, problem})
		}
	}
	for _, parent := range parents {
		entries, err := fs.ReadDir(os.DirFS(folder), parent)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("reading %s in %s: %w", parent, folder, reason(err))
		}
		for _, e := range entries {
			if name := path.Join(parent, e.Name()); !e.IsDir() && !known[name] && !durable.IsTemporary(name) {
				found = append(found, Difference{name, "not among what the records give"})
			}
		}
	}
	return found, nil
}

// read is a file below folder; a file that is not there or a path that leads
// out of the folder is a problem, anything else that goes wrong an error.
func read(folder, name string) (data []byte, problem string, err error) {
	if !fs.ValidPath(name) {
		return nil, "path is not one below the report's folder", nil
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, "", fmt.Errorf("opening %s: %w", folder, reason(err))
	}
	defer func() { _ = root.Close() }() // only read from
	data, err = root.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, "missing", nil
	case err != nil:
		return nil, "cannot be read: " + reason(err).Error(), nil
	}
	return data, "", nil
}

// firstDifference shows the first line in which two texts differ; for others it
// gives the offset.
func firstDifference(saved, derived []byte) string {
	at := 0
	for at < min(len(saved), len(derived)) && saved[at] == derived[at] {
		at++
	}
	if bytes.IndexByte(saved, 0) >= 0 || bytes.IndexByte(derived, 0) >= 0 {
		return fmt.Sprintf("differs from byte %d on", at)
	}
	line := bytes.Count(derived[:at], []byte("\n"))
	return fmt.Sprintf("line %d is %q, derived anew %q", line+1, lineOf(saved, line), lineOf(derived, line))
}

func lineOf(text []byte, n int) string {
	lines := bytes.Split(text, []byte("\n"))
	if n >= len(lines) {
		return ""
	}
	return string(lines[n][:min(len(lines[n]), 100)])
}
