package table

import (
	"fmt"
	"strings"
	"unicode"
)

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// normalised is a copy of the table whose strings are valid UTF-8 with \n line breaks, so that every format can hold them.
func (t Table) normalised() Table {
	return t.mapped(func(s string) string { return lineBreaks.Replace(strings.ToValidUTF8(s, "\uFFFD")) })
}

// printable is a copy of the table fit for people: control and other invisible characters, which could move the cursor or reorder
// a line, are spelled out.
func (t Table) printable() Table { return t.mapped(visible) }

// mapped is a deep copy with every string a user can have written replaced. Numbers are written by this package and stay.
func (t Table) mapped(f func(string) string) Table {
	t.Title = f(t.Title)
	columns := make([]Column, len(t.Columns))
	for i, column := range t.Columns {
		columns[i] = Column{Name: f(column.Name), Unit: f(column.Unit), Align: column.Align}
	}
	rows := make([][]Cell, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = make([]Cell, len(row))
		for j, cell := range row {
			cell.text = f(cell.text)
			rows[i][j] = cell
		}
	}
	notes := make([]string, len(t.Notes))
	for i, note := range t.Notes {
		notes[i] = f(note)
	}
	t.Columns, t.Rows, t.Notes = columns, rows, notes
	return t
}

// visible spells out what has no glyph (\x1b, \u202e), makes a tab one space, and keeps newlines.
func visible(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || unicode.IsGraphic(r):
			b.WriteRune(r)
		case r == '\t':
			b.WriteByte(' ')
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

// oneLine is s with line breaks as spaces, for places that hold one line.
func oneLine(s string) string { return strings.ReplaceAll(s, "\n", " ") }
