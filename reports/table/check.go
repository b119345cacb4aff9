package table

import (
	"fmt"
	"regexp"
)

var slug = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`)

// Check reports the first thing wrong with the table: an ID that is no slug, no title, no columns, an unnamed column or one named twice, an
// unknown alignment, a row whose length differs from the column count, or a malformed cell. Every renderer calls it first.
func (t Table) Check() error {
	if !slug.MatchString(t.ID) {
		return fmt.Errorf("table id %q: want a slug of a-z, 0-9, '-' and '_'", t.ID)
	}
	if t.Title == "" {
		return fmt.Errorf("table %s has no title", t.ID)
	}
	if err := t.checkColumns(); err != nil {
		return fmt.Errorf("table %s: %w", t.ID, err)
	}
	for i, row := range t.Rows {
		if err := t.checkRow(row); err != nil {
			return fmt.Errorf("table %s: row %d: %w", t.ID, i, err)
		}
	}
	return nil
}

// checkColumns also covers the columns CSV derives, so that a table never fails in one format only.
func (t Table) checkColumns() error {
	if len(t.Columns) == 0 {
		return fmt.Errorf("no columns, want at least one")
	}
	for i, column := range t.Columns {
		if column.Name == "" {
			return fmt.Errorf("column %d has no name", i)
		}
		if column.Align < Left || column.Align > Decimal {
			return fmt.Errorf("column %q has alignment %d, want Left, Right or Decimal", column.Name, column.Align)
		}
	}
	seen := map[string]bool{}
	for _, name := range csvHeader(t) {
		if seen[name] {
			return fmt.Errorf("two columns are named %q in CSV, want distinct names", name)
		}
		seen[name] = true
	}
	return nil
}

func (t Table) checkRow(row []Cell) error {
	if len(row) != len(t.Columns) {
		first := ""
		if len(row) > 0 {
			first = fmt.Sprintf(" (the row starts with %q)", row[0].text)
		}
		return fmt.Errorf("%d cells, want %d, one per column%s", len(row), len(t.Columns), first)
	}
	for j, cell := range row {
		if err := cell.check(len(t.Notes)); err != nil {
			return fmt.Errorf("column %q: cell %q: %w", t.Columns[j].Name, cell.text, err)
		}
	}
	return nil
}

// check reports a standard error below zero, a verdict that is none, or a reference to a note beyond the table's notes.
func (c Cell) check(notes int) error {
	if c.measured && c.stderr < 0 {
		return fmt.Errorf("standard error %v, want >= 0", c.stderr)
	}
	if c.verdict != "" && !known(c.verdict) {
		return fmt.Errorf("unknown verdict %q, want one of %s", string(c.verdict), verdictList())
	}
	for _, n := range c.notes {
		if n < 1 || n > notes {
			return fmt.Errorf("refers to note %d, want 1 to %d", n, notes)
		}
	}
	return nil
}
