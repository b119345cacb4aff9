package table

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"causalgrad/theory/suggest"
)

// Format names a rendering.
type Format string

// The formats. FormatColour is FormatText with verdicts in ANSI colours; it has no name for users, since whether to colour is
// decided by what stands behind the output.
const (
	FormatText     Format = "text"
	FormatMarkdown Format = "markdown"
	FormatCSV      Format = "csv"
	FormatJSON     Format = "json"
	FormatHTML     Format = "html"
	FormatLaTeX    Format = "latex"
	FormatColour   Format = "text in colour"
)

// Formats are the formats a user can name, in the order they are listed.
var Formats = []Format{FormatText, FormatMarkdown, FormatCSV, FormatJSON, FormatHTML, FormatLaTeX}

// Ending is the ending of a file's name that says this format, with its dot.
func (f Format) Ending() string { return endings[f] }

var endings = map[Format]string{FormatText: ".txt", FormatMarkdown: ".md", FormatCSV: ".csv", FormatJSON: ".json", FormatHTML: ".html", FormatLaTeX: ".tex"}

// FormatOf is the format that the ending of a file's name says, if it says one.
func FormatOf(name string) (f Format, says bool) {
	for _, f := range Formats {
		if strings.EqualFold(filepath.Ext(name), f.Ending()) {
			return f, true
		}
	}
	return "", false
}

// ParseFormat is the format of that name; the error names the value and the choices.
func ParseFormat(name string) (Format, error) {
	choices := make([]string, len(Formats))
	for i, format := range Formats {
		if string(format) == name {
			return format, nil
		}
		choices[i] = string(format)
	}
	return "", fmt.Errorf("unknown format %q, want one of %s%s", name, strings.Join(choices, "|"), suggest.Meant(name, choices...))
}

// drawing writes checked and normalised tables.
type drawing struct {
	one  func(*bytes.Buffer, Table) error
	many func(*bytes.Buffer, []Table) error // nil: one after the other, a blank line between
}

var drawings = map[Format]drawing{
	FormatText:     {one: renderText},
	FormatColour:   {one: renderColour},
	FormatMarkdown: {one: renderMarkdown},
	FormatCSV:      {one: renderCSV, many: renderCSVs},
	FormatJSON:     {one: renderJSON, many: renderJSONs},
	FormatHTML:     {one: renderHTML},
	FormatLaTeX:    {one: renderLaTeX},
}

// Render writes the table in the given format, ending in a newline. A table that Check refuses and an unknown format are errors, and
// then nothing is written.
func Render(w io.Writer, format Format, t Table) error {
	return render(w, format, []Table{t}, func(d drawing, out *bytes.Buffer, ts []Table) error { return d.one(out, ts[0]) })
}

// RenderAll writes the tables as one document: JSON as one object with the tables in it, CSV as blocks under "# title" comments, the
// other formats one table after the other with a blank line between. IDs must differ. On an error nothing is written.
func RenderAll(w io.Writer, format Format, ts []Table) error {
	seen := map[string]bool{}
	for _, t := range ts {
		if seen[t.ID] {
			return fmt.Errorf("two tables have the id %q, want distinct ids", t.ID)
		}
		seen[t.ID] = true
	}
	return render(w, format, ts, func(d drawing, out *bytes.Buffer, ts []Table) error {
		if d.many != nil {
			return d.many(out, ts)
		}
		return eachApart(out, ts, d.one)
	})
}

// eachApart renders one table after the other with a blank line between.
func eachApart(out *bytes.Buffer, ts []Table, one func(*bytes.Buffer, Table) error) error {
	for i, t := range ts {
		if i > 0 {
			out.WriteByte('\n')
		}
		if err := one(out, t); err != nil {
			return err
		}
	}
	return nil
}

func render(w io.Writer, format Format, ts []Table, draw func(drawing, *bytes.Buffer, []Table) error) error {
	d, ok := drawings[format]
	if !ok {
		_, err := ParseFormat(string(format))
		return err
	}
	normal := make([]Table, len(ts))
	for i, t := range ts {
		if err := t.Check(); err != nil {
			return err
		}
		normal[i] = t.normalised()
	}
	var out bytes.Buffer
	if err := draw(d, &out, normal); err != nil {
		return fmt.Errorf("render %s: %w", format, err)
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write %s: %w", format, err)
	}
	return nil
}
