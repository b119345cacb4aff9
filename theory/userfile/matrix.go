package userfile

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Matrix is a table of numbers, all lines of one width, with the labels that
// stood around it.
type Matrix struct {
	Values      [][]float64
	Lines       []int    // of the rows in the text
	RowNames    []string // nil: none
	ColumnNames []string // nil: none
	Notes       []string // what was taken for labels
}

// ParseMatrix reads a table of numbers as NumPy, pandas, R and spreadsheets
// write it. A first line or column of words, one with an empty corner, and a
// counting one that is left over beside a square are labels; a comma within a
// number is a decimal comma where other separators stand between the numbers.
func ParseMatrix(text string) (Matrix, error) {
	rows, separator, err := Rows(text, Auto)
	if err != nil {
		return Matrix{}, err
	}
	if len(rows) == 0 {
		return Matrix{}, errors.New("no numbers: the file is empty")
	}
	rows = withoutLastEmpty(rows)
	t := tabled{rows: rows, comma: separator != Comma}
	m := t.labels()
	width := 0
	if len(t.rows) > 0 {
		width = len(t.rows[0].Cells)
	}
	for _, row := range t.rows {
		if len(row.Cells) != width {
			return Matrix{}, fmt.Errorf("line %d: %d numbers, but line %d has %d", row.Line, len(row.Cells), t.rows[0].Line, width)
		}
		values := make([]float64, width)
		for b, cell := range row.Cells {
			v, ok := t.number(cell)
			if !ok {
				return Matrix{}, fmt.Errorf("line %d, column %d: %q, want a number", row.Line, b+1, Printable(cell))
			}
			values[b] = v
		}
		m.Values, m.Lines = append(m.Values, values), append(m.Lines, row.Line)
	}
	if t.decimalCommas {
		m.Notes = append(m.Notes, "decimal commas are read as points")
	}
	if t.percent {
		m.Notes = append(m.Notes, "percentages are read as fractions of 1")
	}
	return m, nil
}

// withoutLastEmpty drops a last cell that is empty on every line.
func withoutLastEmpty(rows []Row) []Row {
	for _, row := range rows {
		if n := len(row.Cells); n < 2 || row.Cells[n-1] != "" {
			return rows
		}
	}
	for i, row := range rows {
		rows[i].Cells = row.Cells[:len(row.Cells)-1]
	}
	return rows
}

// tabled are the lines from which labels are taken away.
type tabled struct {
	rows          []Row
	comma         bool // a comma may be a decimal one
	decimalCommas bool // and one was
	percent       bool // a number had a percent sign
}

func (t *tabled) number(cell string) (float64, bool) {
	v, err := strconv.ParseFloat(cell, 64)
	if err == nil {
		return v, true
	}
	if bare, found := strings.CutSuffix(cell, "%"); found && !strings.HasSuffix(bare, "%") {
		v, ok := t.number(strings.TrimSpace(bare))
		t.percent = t.percent || ok
		return v / 100, ok
	}
	if t.comma && strings.Count(cell, ",") == 1 {
		if v, err = strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64); err == nil {
			t.decimalCommas = true
			return v, true
		}
	}
	return 0, false
}

// labels takes the labels off the rows.
func (t *tabled) labels() Matrix {
	var m Matrix
	first := t.rows[0]
	short := len(t.rows) > 1 && len(first.Cells) == len(t.rows[1].Cells)-1 // R names the columns, not the corner
	corner := slices.Contains([]string{"", "Unnamed: 0"}, first.Cells[0])
	named := len(t.rows) > 1 && (short || corner || t.words(first.Cells) || t.leftOver(first.Cells))
	if named {
		t.rows = t.rows[1:]
		m.ColumnNames = slices.Clone(first.Cells)
		m.Notes = append(m.Notes, fmt.Sprintf("line %d is taken for labels", first.Line))
	}
	if short || corner || t.namesRows() {
		for i, row := range t.rows {
			if len(row.Cells) > 0 {
				m.RowNames = append(m.RowNames, row.Cells[0])
				t.rows[i].Cells = row.Cells[1:]
			}
		}
		if named && !short {
			m.ColumnNames = m.ColumnNames[1:]
		}
		m.Notes = append(m.Notes, "column 1 is taken for labels")
	}
	return m
}

// words tells whether no cell is a number.
func (t *tabled) words(cells []string) bool {
	for _, cell := range cells {
		if _, ok := t.number(cell); ok {
			return false
		}
	}
	return true
}

// leftOver tells whether a first line counts and is the one too many beside
// squares of numbers.
func (t *tabled) leftOver(cells []string) bool {
	n := len(cells)
	return n > 1 && len(t.rows)%n == 1 && Counts(cells)
}

// namesRows tells whether the first column is words, or counts and is the one
// too many beside a square.
func (t *tabled) namesRows() bool {
	var column []string
	for _, row := range t.rows {
		column = append(column, row.Cells[0])
		if len(row.Cells) != len(t.rows[0].Cells) {
			return false
		}
	}
	if len(t.rows[0].Cells) < 2 {
		return false
	}
	return t.words(column) || len(column) > 1 && len(t.rows[0].Cells) == len(column)+1 && Counts(column)
}

// Names are the labels of rows and columns, nil for none. Where both have some
// they must be the same in the same order, or one of them only counts, as R and
// pandas do without being asked.
func (m Matrix) Names() ([]string, error) {
	rows, columns := m.RowNames, m.ColumnNames
	if rows == nil || columns == nil {
		return append(rows, columns...), nil
	}
	counted := Counts(rows) || Counts(columns)
	for a, row := range rows[:min(len(rows), len(columns))] {
		if row != columns[a] && (!counted || slices.Contains(columns, row)) {
			return nil, fmt.Errorf("line %d: row %d is labelled %q, but column %d %q: want rows and columns in one order", m.Lines[a],
				a, Printable(row), a, Printable(columns[a]))
		}
	}
	if Counts(columns) {
		return rows, nil
	}
	return columns, nil
}

// Counts tells whether words are 0, 1, 2, ... or 1, 2, 3, ...
func Counts(words []string) bool {
	from := 0
	for i, w := range words {
		v, err := strconv.ParseFloat(w, 64)
		if i == 0 && v == 1 {
			from = 1
		}
		if err != nil || math.Abs(v-float64(from+i)) != 0 {
			return false
		}
	}
	return len(words) > 0
}
