package reference

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// reader walks one file's JSON. The first error stays and everything read
// after it is empty, so that a loader reads straight through and asks once.
type reader struct {
	name    string
	err     error
	ignored []string // fields that no loader asked for, in order of appearance
}

// node is one JSON value with its path, such as points[0].params.W[3][1].
type node struct {
	*reader
	path  string
	value any
}

// newReader parses data, which must be one JSON value and nothing else.
func newReader(name string, data []byte) (*reader, node) {
	r := &reader{name: name}
	if len(data) > maxFileSize {
		r.err = fmt.Errorf("file %s: more than %d bytes, want a reference file", name, maxFileSize)
		return r, node{reader: r}
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		r.err = fmt.Errorf("file %s: %w", name, syntax(err, len(data)))
	} else if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		r.err = fmt.Errorf("file %s: byte %d: text after the JSON value, want the end of the file", name, decoder.InputOffset())
	}
	return r, node{reader: r, value: value}
}

// syntax says where the text stops being JSON.
func syntax(err error, size int) error {
	var bad *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("empty, want a JSON value")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("ends after %d bytes inside the JSON value: is it truncated?", size)
	case errors.As(err, &bad):
		return fmt.Errorf("byte %d: %w, want JSON (no NaN, no Infinity)", bad.Offset, err)
	}
	return err
}

// fail records that n's value is not what was wanted, as the first error.
func (n node) fail(want string, args ...any) {
	n.failed(describe(n.value) + ", want " + fmt.Sprintf(want, args...))
}

// failed records a message about n as the first error: " = ..." or ": ...".
func (n node) failed(message string) {
	if n.err != nil {
		return
	}
	path := n.path
	if path == "" {
		path = "the whole value"
	}
	n.err = fmt.Errorf("file %s: %s%s", n.name, path, message)
}

// describe shows a value in a few words, after a path.
func describe(value any) string {
	switch v := value.(type) {
	case nil:
		return " = null"
	case json.Number:
		return " = " + clip(v.String())
	case string:
		return " = " + clip(strconv.Quote(v))
	case []any:
		return fmt.Sprintf(": a list of %d", len(v))
	case map[string]any:
		return fmt.Sprintf(": an object of %d fields", len(v))
	}
	return fmt.Sprintf(" = %v", value)
}

// clip shortens what a message quotes.
func clip(s string) string {
	const most = 40
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}

// object checks that n is an object and notes the fields that are not known.
func (n node) object(known ...string) map[string]any {
	if n.err != nil {
		return nil
	}
	fields, ok := n.value.(map[string]any)
	if !ok {
		n.fail("an object with the fields %v", known)
		return nil
	}
	var extra []string
	for name := range fields {
		if !slices.Contains(known, name) {
			extra = append(extra, clip(strconv.Quote(name)))
		}
	}
	slices.Sort(extra)
	for _, name := range extra {
		if !slices.Contains(n.ignored, name) {
			n.ignored = append(n.ignored, name)
		}
	}
	return fields
}

// has reports whether n is an object with that field.
func (n node) has(name string) bool {
	fields, ok := n.value.(map[string]any)
	_, present := fields[name]
	return ok && present
}

// field returns a field that must be there.
func (n node) field(name string) node {
	child := node{n.reader, name, nil}
	if n.path != "" {
		child.path = n.path + "." + name
	}
	if n.err != nil {
		return child
	}
	fields, ok := n.value.(map[string]any)
	if !ok {
		n.fail("an object with the field %q", name)
		return child
	}
	value, present := fields[name]
	if !present {
		child.failed(": missing, want this field")
		return child
	}
	child.value = value
	return child
}

// values returns the entries of a list of the given length; length < 0 is any.
func (n node) values(length int) []any {
	if n.err != nil {
		return nil
	}
	values, ok := n.value.([]any)
	switch {
	case ok && (length < 0 || len(values) == length):
		return values
	case length < 0:
		n.fail("a list")
	default:
		n.fail("a list of %d", length)
	}
	return nil
}

// entry is the node of entry i of a list.
func (n node) entry(i int, value any) node {
	return node{n.reader, fmt.Sprintf("%s[%d]", n.path, i), value}
}

// at is entry i of a list that has been read.
func (n node) at(i int) node {
	if values, ok := n.value.([]any); ok && i < len(values) {
		return n.entry(i, values[i])
	}
	return n
}

// list is values as nodes.
func (n node) list(length int) []node {
	values := n.values(length)
	nodes := make([]node, len(values))
	for i, v := range values {
		nodes[i] = n.entry(i, v)
	}
	return nodes
}

// some returns the entries of a list that must not be empty.
func (n node) some() []node {
	nodes := n.list(-1)
	if n.err == nil && len(nodes) == 0 {
		n.fail("at least one entry")
	}
	return nodes
}
