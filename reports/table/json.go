package table

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"causalgrad/impl/jsonfile"
	"causalgrad/theory/verdict"
)

// Versions of the two JSON documents, their "schema" fields. See the package comment.
const (
	Schema    = "causalgrad/table/2"
	SchemaAll = "causalgrad/tables/2"
)

type jsonColumn struct {
	Name  string `json:"name"`
	Unit  string `json:"unit"`
	Align string `json:"align"`
}

type jsonCell struct {
	Text    string          `json:"text"`
	Value   json.RawMessage `json:"value,omitempty"`
	Stderr  json.RawMessage `json:"stderr,omitempty"`
	Verdict verdict.Verdict `json:"verdict,omitempty"`
	Notes   []int           `json:"notes,omitempty"`
}

// MarshalJSON is the table as FormatJSON writes it, so that a document that holds tables holds them in the same form.
func (t Table) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	err := Render(&out, FormatJSON, t)
	return out.Bytes(), err
}

func renderJSON(out *bytes.Buffer, t Table) error { return writeJSON(out, t, "", "\n") }

func renderJSONs(out *bytes.Buffer, ts []Table) error {
	fmt.Fprintf(out, "{\n  \"schema\": %q,\n  \"tables\": [", SchemaAll)
	for i, t := range ts {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n    ")
		if err := writeJSON(out, t, "    ", ""); err != nil {
			return err
		}
	}
	if len(ts) > 0 {
		out.WriteString("\n  ")
	}
	out.WriteString("]\n}\n")
	return nil
}

// writeJSON lays a table out with one row a line: short enough to read and to diff, which neither json.Marshal nor MarshalIndent
// gives. Lines after the first start with indent.
func writeJSON(out *bytes.Buffer, t Table, indent, end string) error {
	columns := make([]any, len(t.Columns))
	for j, c := range t.Columns {
		columns[j] = jsonColumn{Name: c.Name, Unit: c.Unit, Align: alignNames[c.Align]}
	}
	rows := make([]any, len(t.Rows))
	for i, row := range t.Rows {
		cells := make([]jsonCell, len(row))
		for j, c := range row {
			cells[j] = toJSON(c)
		}
		rows[i] = cells
	}
	notes := make([]any, len(t.Notes))
	for i, note := range t.Notes {
		notes[i] = note
	}
	e := jsonEncoder{out: out, indent: indent}
	out.WriteByte('{')
	e.field("schema", Schema, ",")
	e.field("id", t.ID, ",")
	e.field("title", t.Title, ",")
	e.list("columns", columns, ",")
	e.list("rows", rows, ",")
	e.list("notes", notes, "")
	fmt.Fprintf(out, "\n%s}%s", indent, end)
	return e.err
}

func toJSON(c Cell) jsonCell {
	cell := jsonCell{Text: c.text, Verdict: c.verdict, Notes: c.notes}
	switch {
	case c.integer:
		cell.Value = json.RawMessage(c.text)
	case c.number:
		cell.Value = jsonNumber(c.value)
	}
	if c.measured {
		cell.Stderr = jsonNumber(c.stderr)
	}
	return cell
}

// jsonNumber is v as the shortest JSON number that reads back to it, and as package jsonfile names it where JSON has none.
func jsonNumber(v float64) json.RawMessage {
	if name, named := jsonfile.Name(v); named {
		return json.RawMessage(strconv.Quote(name))
	}
	return json.RawMessage(exactFloat(v))
}

// jsonEncoder writes the fields of one object and keeps the first error.
type jsonEncoder struct {
	out    *bytes.Buffer
	indent string
	err    error
}

func (e *jsonEncoder) field(name string, value any, end string) {
	fmt.Fprintf(e.out, "\n%s  %q: %s%s", e.indent, name, e.encode(value), end)
}

// list writes one value a line.
func (e *jsonEncoder) list(name string, values []any, end string) {
	fmt.Fprintf(e.out, "\n%s  %q: [", e.indent, name)
	for i, value := range values {
		if i > 0 {
			e.out.WriteByte(',')
		}
		fmt.Fprintf(e.out, "\n%s    %s", e.indent, e.encode(value))
	}
	if len(values) > 0 {
		fmt.Fprintf(e.out, "\n%s  ", e.indent)
	}
	e.out.WriteString("]" + end)
}

// encode is compact JSON without the escapes for HTML, which would make "<" unreadable.
func (e *jsonEncoder) encode(value any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil && e.err == nil {
		e.err = err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
