package runs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"causalgrad/impl/fingerprint"
)

// BuildSchema names the format of a Build's file and its version.
const BuildSchema = "causalgrad/build-fingerprint/1"

// buildsFolder holds a file for each recorded build, relative to this folder.
const buildsFolder = "builds"

// Build is what one build of the program gave on one machine: its fingerprint
// document without the digests of the parts.
type Build struct {
	Schema  string            `json:"schema"`
	Machine string            `json:"machine"` // processor, and emulator where there was one
	Build   fingerprint.Build `json:"build"`
	Golden  string            `json:"golden"` // fingerprint.Total of the golden entries of that time
	Runs    []BuildRun        `json:"runs"`
}

// BuildRun is one number of workers on one kernel variant.
type BuildRun struct {
	Workers int      `json:"workers"`
	Kernel  string   `json:"kernel"`
	Total   string   `json:"sha256"`           // fingerprint.Total of the run's entries
	Differ  []string `json:"differ,omitempty"` // entries that were not the golden ones
}

// NewBuild compares a document with the golden entries and shortens it.
func NewBuild(golden []fingerprint.Entry, d fingerprint.Document) Build {
	b := Build{Schema: BuildSchema, Machine: d.Machine, Build: d.Build, Golden: fingerprint.Total(golden)}
	for _, r := range d.Runs {
		b.Runs = append(b.Runs, BuildRun{r.Workers, r.Kernel, fingerprint.Total(r.Entries), fingerprint.Differences(golden, r.Entries)})
	}
	return b
}

// Builds lists the recorded builds by file name (make determinism-record).
func Builds() ([]Build, error) {
	entries, err := fs.ReadDir(files, buildsFolder)
	if err != nil {
		return nil, fmt.Errorf("recorded builds: %w", err)
	}
	var all []Build
	for _, e := range entries {
		name := path.Join(buildsFolder, e.Name())
		data, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("recorded builds: %w", err)
		}
		b, err := DecodeBuild(data)
		if err != nil {
			return nil, fmt.Errorf("golden/runs/%s: %w", name, err)
		}
		all = append(all, b)
	}
	return all, nil
}

// DecodeBuild reads a Build's file. An unknown field or schema, and a Build
// without runs, are errors.
func DecodeBuild(data []byte) (Build, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var b Build
	if err := decoder.Decode(&b); err != nil {
		return Build{}, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Build{}, errors.New("text after the document")
	}
	if b.Schema != BuildSchema || len(b.Runs) == 0 {
		return Build{}, fmt.Errorf("schema %q with %d runs, want %q with at least one", b.Schema, len(b.Runs), BuildSchema)
	}
	return b, nil
}

// EncodeBuild is the file of a Build.
func EncodeBuild(b Build) ([]byte, error) {
	data, err := json.MarshalIndent(b, "", " ")
	if err != nil {
		return nil, fmt.Errorf("build %s: %w", b.Build.System, err)
	}
	return append(data, '\n'), nil
}
