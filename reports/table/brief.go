package table

import (
	"fmt"
	"slices"

	"causalgrad/theory/verdict"
)

// Brief is the table for a terminal: of a table with more than most rows the
// first ones, a quarter of most, and those with a verdict that is not good, with
// a note that says where the whole table is.
func (t Table) Brief(most int, whole string) Table {
	if len(t.Rows) <= most {
		return t
	}
	short := t
	short.Rows, short.Notes = nil, slices.Clone(t.Notes)
	for i, row := range t.Rows {
		if i < most/4 || slices.ContainsFunc(row, Cell.bad) {
			short.Rows = append(short.Rows, row)
		}
	}
	if len(short.Rows) == len(t.Rows) {
		return t
	}
	short.Note(fmt.Sprintf("%d of %d rows: the first ones and all that fail or are open; the whole table is %s", len(short.Rows), len(t.Rows), whole))
	return short
}

// bad tells whether the cell has a verdict that a reader has to see.
func (c Cell) bad() bool {
	return slices.Contains([]verdict.Verdict{verdict.Fails, verdict.Partly, verdict.Undecided, verdict.Fail}, c.verdict)
}
