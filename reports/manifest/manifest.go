// Package manifest records where a report comes from and checks that its saved
// files are what the program produces: version, commit, Go version, machine, kernel,
// specs, seeds, hashes of records, goldens and everything written, wall time.
//
// It never decides whether a claim holds, and it follows no symbolic link out of
// the folder that it is given. It has no counterpart in the paper.
package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"causalgrad/impl/durable"
	"causalgrad/impl/experiment"
	"causalgrad/impl/model"
)

// Schema names the manifest's format and its version.
const Schema = "causalgrad/manifest/1"

// Name is the manifest's file name in a report's folder.
const Name = "manifest.json"

// Manifest is the provenance of one report.
type Manifest struct {
	Schema      string            `json:"schema"`
	Program     Program           `json:"program"`
	Machine     string            `json:"machine"` // operating system, architecture, processors
	Kernel      string            `json:"kernel"`  // variant of the inner loops; the bits are the same
	WallSeconds float64           `json:"wall_seconds"`
	Seeds       []uint64          `json:"seeds"`
	Parts       []string          `json:"parts"` // of the report that were computed, beside what its records give
	Specs       []experiment.Spec `json:"specs"`
	Goldens     []File            `json:"goldens"` // what was compared against
	Files       []File            `json:"files"`   // what was written, records included
}

// Program is the build that made a report.
type Program struct {
	Version  string `json:"version"`  // of the module; "(devel)" from a work tree
	Commit   string `json:"commit"`   // "" where the build does not know
	Modified bool   `json:"modified"` // the work tree had changes that are in no commit
	Go       string `json:"go"`
}

// Build describes the running program, as far as it was told when it was built.
func Build() Program {
	p := Program{Go: runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		p.fill(info)
	}
	return p
}

func (p *Program) fill(info *debug.BuildInfo) {
	p.Version, p.Go = info.Main.Version, info.GoVersion
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			p.Commit = s.Value
		case "vcs.modified":
			p.Modified = s.Value == "true"
		}
	}
}

// New is a manifest of this program on this machine; specs, seeds and files are
// for the caller to add. The kernel's name is an error if the environment asks
// for one that does not exist.
func New() (Manifest, error) {
	kernel, err := model.Kernel()
	if err != nil {
		return Manifest{}, err
	}
	return Manifest{Schema: Schema, Program: Build(), Kernel: kernel,
		Machine: fmt.Sprintf("%s/%s, %d processors", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())}, nil
}

// Save writes the manifest to folder.
func (m Manifest) Save(folder string) error {
	data, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	return durable.WriteFile(filepath.Join(folder, Name), append(data, '\n'))
}

// Load reads a folder's manifest. An unknown field or schema is an error that
// names the file.
func Load(folder string) (Manifest, error) {
	name := filepath.Join(folder, Name)
	data, err := os.ReadFile(name)
	if err != nil {
		return Manifest{}, fmt.Errorf("reading %s: %w", name, reason(err))
	}
	m, err := decode(data)
	if err != nil {
		return Manifest{}, fmt.Errorf("reading %s: %w", name, err)
	}
	return m, nil
}

func decode(data []byte) (Manifest, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var m Manifest
	if err := decoder.Decode(&m); err != nil {
		return Manifest{}, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Manifest{}, errors.New("text after the manifest")
	}
	if m.Schema != Schema {
		return Manifest{}, fmt.Errorf("schema %q, want %q", m.Schema, Schema)
	}
	return m, nil
}

// reason is what went wrong with a file, without its name.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
