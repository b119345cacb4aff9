package runs

import (
	"fmt"
	"io/fs"
	"path"
)

// conformFolder holds the documents, relative to this folder.
const conformFolder = "conform"

// Conformance is a recorded run of the laws on another implementation: what
// causalgrad conform --format json wrote.
type Conformance struct {
	Name string // of the file, relative to golden/runs
	Data []byte
}

// Conformances lists the recorded runs by file name (make adapters-record).
func Conformances() ([]Conformance, error) {
	names, err := fs.Glob(files, path.Join(conformFolder, "*.json")) // sorted
	if err != nil {
		return nil, fmt.Errorf("recorded conformance: %w", err)
	}
	var all []Conformance
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("recorded conformance: %w", err)
		}
		all = append(all, Conformance{name, data})
	}
	return all, nil
}
