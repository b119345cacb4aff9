package table

// Align says how a column's cells line up.
type Align int

// The alignments. Decimal puts decimal points under one another where the format can, and is Right elsewhere.
const (
	Left Align = iota
	Right
	Decimal
)

// alignNames are the words for the alignments in JSON and as HTML classes, indexed by Align.
var alignNames = [...]string{Left: "left", Right: "right", Decimal: "decimal"}

// Column describes one column: a name distinct from the other columns', the unit of its numbers ("nats", "" if none) and the
// alignment of its cells.
type Column struct {
	Name  string
	Unit  string
	Align Align
}

// heading is the column's name with its unit, as people read it.
func (c Column) heading() string {
	if c.Unit == "" {
		return c.Name
	}
	return c.Name + " (" + c.Unit + ")"
}

// Table is a report table. ID is a slug (lower-case letters, digits, '-', '_') that names the table in files, anchors and labels.
// Every row has one cell per column. Notes are footnotes; note n is Notes[n-1] and cells refer to it by n. The zero value is
// ready to be filled; what is wrong with a table is reported by Check and by every renderer.
type Table struct {
	ID      string
	Title   string
	Columns []Column
	Rows    [][]Cell
	Notes   []string

	Keys   int  // leading columns that name the rows, where it takes fewer to tell them apart: text that is split repeats them
	Matrix bool // text shows the columns that fit side by side, rather than the others below them

	width int // of its text; 0 is Width
}

// keys is how many leading columns name the rows: as many as tell them apart, at least Keys and one. Decimal columns are
// measurements, which name nothing, and so do rows that are alike in all columns before.
func (t Table) keys() int {
	least := max(1, t.Keys)
	if t.Matrix {
		return least
	}
	names := make([]string, len(t.Rows))
	for j, column := range t.Columns {
		if column.Align == Decimal {
			break
		}
		seen := map[string]bool{}
		for i, row := range t.Rows {
			names[i] += row[j].text + "\x00"
			seen[names[i]] = true
		}
		if len(seen) == len(t.Rows) {
			return max(least, j+1)
		}
	}
	return least
}

// Add appends a row. The cells are kept as given; a row of the wrong length is an error of Check and of every renderer.
func (t *Table) Add(cells ...Cell) {
	t.Rows = append(t.Rows, append([]Cell(nil), cells...))
}

// Note returns the 1-based number of the footnote with this text, appending it if the table does not have it yet.
func (t *Table) Note(text string) int {
	for i, note := range t.Notes {
		if note == text {
			return i + 1
		}
	}
	t.Notes = append(t.Notes, text)
	return len(t.Notes)
}
