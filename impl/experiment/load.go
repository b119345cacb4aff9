package experiment

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"causalgrad/theory/graph/graphfile"
	"causalgrad/theory/markov"

	"go.yaml.in/yaml/v3"
)

// maxSpecFile bounds a spec file, in bytes: a spec is a small value.
const maxSpecFile = 1 << 20

// Load reads a spec from a YAML or JSON file (.json). Fields that the file
// leaves out have Default's values; steps has none and must be given. An error
// names the file, the field and the value; notes are those of WriteOutFiles.
func Load(name string) (s Spec, notes []string, err error) {
	data, err := ReadFile(name)
	if err == nil {
		s, notes, err = parseSpec(data)
	}
	if err != nil {
		return Spec{}, nil, fmt.Errorf("spec file %s: %w", name, err)
	}
	return s, notes, nil
}

// ReadFile reads the bytes of a small YAML or JSON file (.json), the latter
// checked and in a form that YAML knows. Errors do not name the file.
func ReadFile(name string) ([]byte, error) {
	data, err := readSmall(name)
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return data, err
}

func readSmall(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // read only: nothing can be lost
	data, err := io.ReadAll(io.LimitReader(f, maxSpecFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxSpecFile {
		return nil, fmt.Errorf("more than %d bytes, want a small file", maxSpecFile)
	}
	if strings.EqualFold(filepath.Ext(name), ".json") {
		if !json.Valid(data) {
			return nil, errors.New("not valid JSON")
		}
		// Between JSON's tokens a tab is a space; YAML allows only spaces.
		data = bytes.ReplaceAll(data, []byte("\t"), []byte(" "))
	}
	return data, nil
}

// ParseSpec reads one YAML document, of which JSON is a part, completes it
// from Default and validates it. Files of graphs and priors are written out, so
// that the spec says by itself what was trained on.
func ParseSpec(data []byte) (Spec, error) {
	s, _, err := parseSpec(data)
	return s, err
}

func parseSpec(data []byte) (s Spec, notes []string, err error) {
	s = Default()
	root, err := Mapping(data, "the fields of a spec")
	if err != nil {
		return Spec{}, nil, err
	}
	if err := s.SetFields(root); err != nil {
		return Spec{}, nil, err
	}
	if notes, err = s.WriteOutFiles(); err != nil {
		return Spec{}, nil, err
	}
	return s, notes, s.Validate()
}

// Mapping is the one YAML document of a file, a mapping of what want names.
func Mapping(data []byte, want string) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document yaml.Node
	err := decoder.Decode(&document)
	switch {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("empty, want %s", want)
	case err != nil && !strings.Contains(err.Error(), "line "): // the first one is not named
		return nil, fmt.Errorf("line 1: %w", oneLine(err))
	case err != nil:
		return nil, oneLine(err)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("more than one document, want one with %s", want)
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		kind := map[yaml.Kind]string{yaml.SequenceNode: "list", yaml.ScalarNode: "single value"}[root.Kind]
		return nil, fmt.Errorf("line %d: a %s, want a mapping with %s", root.Line, kind, want)
	}
	return root, nil
}

// WriteOutFiles puts what the spec's files say into the spec: the graph in
// place of a file's name, and the matrices of priors into Matrices, unless they
// are there. Notes are sentences on what was decided in reading files.
func (s *Spec) WriteOutFiles() (notes []string, err error) {
	if graphfile.IsFile(s.Graph) {
		r, err := graphfile.Parse(s.Graph, graphfile.Options{Length: s.Length, Seed: s.Seed})
		if err != nil {
			return nil, err
		}
		s.Graph, notes = r.Graph.String(), r.Notes
	}
	matrices := map[string][][][]float64{}
	for _, text := range s.priors() {
		if !markov.ReadsFile(text) {
			continue
		}
		if known, ok := s.Matrices[text]; ok {
			matrices[text] = known
			continue
		}
		prior, said, err := markov.ReadPrior(text, s.Tokens)
		if err != nil {
			return nil, err
		}
		notes = append(notes, said...)
		matrices[text] = markov.FileMatrices(prior)
	}
	s.Matrices = nil
	if len(matrices) > 0 {
		s.Matrices = matrices
	}
	return notes, nil
}

func oneLine(err error) error { return errors.New(strings.Join(strings.Fields(err.Error()), " ")) }
