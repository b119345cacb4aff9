package table

import (
	"math"
	"slices"
	"strconv"

	"causalgrad/theory/verdict"
)

// Cell is one entry of a table: its text and, when it is a number, the float64 it stands for and its standard error; optionally a
// verdict and references to footnotes. Cells are made by Text, Number, Fixed, Measured, Integer and Verdict, so that text and
// value agree. The zero value is an empty text cell.
type Cell struct {
	text     string
	numeral  numeral // the parts of text, when number
	number   bool
	integer  bool // text is the exact value, which a float64 may not hold
	measured bool
	value    float64
	stderr   float64
	verdict  verdict.Verdict
	notes    []int
}

// Text is a cell of words. Newlines are kept as line breaks.
func Text(s string) Cell { return Cell{text: s} }

// Number is v shown with the given number of significant digits (1 to 17; values outside are clamped), trailing zeros kept:
// Number(0.65, 3) shows 0.650. Below 1e-4 and, where fewer digits are asked for than there are, from 1e6 on it is scientific:
// 3.2e-17. Digits before the point are never blanked: Number(1234.5, 2) shows 1234. NaN, +Inf and -Inf show by name.
func Number(v float64, digits int) Cell {
	return newNumber(v, significant(v, digits))
}

// Fixed is v shown with the given number of decimals (0 to 17; values outside are clamped), for columns that are compared down
// the page. A value that would round to zero without being zero, or of 1e15 and more, is shown as Number with two digits instead.
func Fixed(v float64, decimals int) Cell {
	return newNumber(v, fixed(v, decimals))
}

// Measured is v with its standard error in parentheses, two digits of it, in units of the last digits shown: 0.6509(12) is
// 0.6509 +- 0.0012 and 123.4(21) is 123.4 +- 2.1. A standard error of 0 shows as (0), one too small for 17 digits of v as (<1),
// and NaN or +Inf by name; a negative one makes Check fail.
func Measured(v, stderr float64) Cell {
	cell := newNumber(v, uncertain(v, stderr))
	cell.measured, cell.stderr = true, stderr
	return cell
}

// Integer is n, shown and written exactly in every format; Value is the nearest float64.
func Integer[T ~int | ~int32 | ~int64 | ~uint32 | ~uint64](n T) Cell {
	text := strconv.FormatUint(uint64(n), 10)
	if n < 0 {
		text = strconv.FormatInt(int64(n), 10)
	}
	cell := newNumber(float64(n), numeral{mantissa: text})
	cell.integer = true
	return cell
}

func newNumber(v float64, n numeral) Cell {
	return Cell{text: n.String(), numeral: n, number: true, value: v}
}

// WithVerdict is the cell with a verdict, which its text does not show but colour, HTML classes, CSV and JSON do.
func (c Cell) WithVerdict(v verdict.Verdict) Cell {
	c.verdict = v
	return c
}

// WithNote is the cell with a reference to footnote n, as returned by Table.Note.
func (c Cell) WithNote(n int) Cell {
	c.notes = append(slices.Clip(c.notes), n)
	return c
}

// String is the text people read, without references to notes.
func (c Cell) String() string { return c.text }

// Value is the number in the cell, unrounded; false in a cell of words.
func (c Cell) Value() (float64, bool) { return c.value, c.number }

// StandardError is the standard error of a measured number; false in any other cell.
func (c Cell) StandardError() (float64, bool) { return c.stderr, c.measured }

// Verdict is the cell's verdict, "" if it has none.
func (c Cell) Verdict() verdict.Verdict { return c.verdict }

// exact is the cell's number as the shortest decimal that reads back to the same value.
func (c Cell) exact() string {
	if c.integer {
		return c.text
	}
	return exactFloat(c.value)
}

func exactFloat(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
