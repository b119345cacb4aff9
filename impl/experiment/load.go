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
	"reflect"
	"strings"

	"causalgrad/theory/graph"

	"go.yaml.in/yaml/v3"
)

// maxSpecFile bounds a spec file, in bytes: a spec is a small value.
const maxSpecFile = 1 << 20

// Load reads a spec from a YAML or JSON file (.json). Fields that the file
// leaves out have Default's values; steps has none and must be given. An error
// names the file, the field and the value.
func Load(name string) (Spec, error) {
	data, err := ReadFile(name)
	if err != nil {
		return Spec{}, fmt.Errorf("spec file %s: %w", name, err)
	}
	s, err := ParseSpec(data)
	if err != nil {
		return Spec{}, fmt.Errorf("spec file %s: %w", name, err)
	}
	return s, nil
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
// from Default and validates it. The graph of a file is written out, so that
// the spec says by itself what was trained on.
func ParseSpec(data []byte) (Spec, error) {
	s := Default()
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document yaml.Node
	if err := decoder.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			return Spec{}, errors.New("empty, want the fields of a spec")
		}
		return Spec{}, oneLine(err)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return Spec{}, errors.New("more than one document, want one spec")
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		return Spec{}, fmt.Errorf("line %d: %q, want a mapping of the spec's fields", root.Line, root.Value)
	}
	if err := s.SetFields(root); err != nil {
		return Spec{}, err
	}
	if err := s.WriteOutGraph(); err != nil {
		return Spec{}, err
	}
	return s, s.Validate()
}

// WriteOutGraph replaces a graph that is a file's name by what the file says.
func (s *Spec) WriteOutGraph() error {
	if !strings.HasPrefix(strings.TrimSpace(s.Graph), "@") {
		return nil
	}
	g, err := graph.Parse(s.Graph, s.Length, s.Seed)
	if err != nil {
		return err
	}
	s.Graph = g.String()
	return nil
}

// SetFields sets the fields that a YAML mapping names. It decodes them one by
// one, so that every error names its own line and field.
func (s *Spec) SetFields(root *yaml.Node) error {
	seen := map[string]bool{}
	for i := 0; i < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if seen[key.Value] {
			return fmt.Errorf("line %d: field %q: given twice", key.Line, key.Value)
		}
		seen[key.Value] = true
		if value.Tag == "!!null" {
			return fmt.Errorf("line %d: field %q: no value", key.Line, key.Value)
		}
		one, err := yaml.Marshal(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{key, value}})
		if err != nil {
			return fmt.Errorf("line %d: field %q: %w", key.Line, key.Value, oneLine(err))
		}
		decoder := yaml.NewDecoder(bytes.NewReader(one))
		decoder.KnownFields(true)
		if err := decoder.Decode(s); err != nil {
			if strings.Contains(err.Error(), "not found in type") {
				return fmt.Errorf("line %d: field %q: unknown, want one of %s", key.Line, key.Value, strings.Join(FieldNames(), ", "))
			}
			return fmt.Errorf("line %d: field %q: %w", key.Line, key.Value, reason(err))
		}
	}
	return nil
}

// FieldNames lists a spec's fields as they are written, in order.
func FieldNames() []string {
	var names []string
	spec := reflect.TypeFor[Spec]()
	for i := range spec.NumField() {
		name, _, _ := strings.Cut(spec.Field(i).Tag.Get("yaml"), ",")
		names = append(names, name)
	}
	return names
}

// reason is the first complaint of a yaml error without the line number, which
// counts from the field.
func reason(err error) error {
	var typed *yaml.TypeError
	if errors.As(err, &typed) && len(typed.Errors) > 0 {
		_, text, _ := strings.Cut(typed.Errors[0], ": ")
		return errors.New(strings.ReplaceAll(text, "\n", " "))
	}
	return oneLine(err)
}

func oneLine(err error) error { return errors.New(strings.Join(strings.Fields(err.Error()), " ")) }
