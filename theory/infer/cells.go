package infer

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"causalgrad/theory/ndarray"
	"causalgrad/theory/userfile"
)

// cells are the numbers of a file before it is known what they mean.
type cells struct {
	n, columns int
	values     []int32  // row-major, n x columns
	lines      []int32  // of the rows in a text; nil: an array
	header     []string // the first line of a text as it stands; nil: an array
	first      int      // the line of header
	inValues   bool     // header is row 0 of values too
	words      int      // of the first column that are no numbers, header apart
	corner     bool     // the header names nothing above the first column
	decimals   bool     // tokens are written with decimal points
	shift      int      // columns that were taken away at the left
	notes      []string
}

// noNumber stands for a word in the first line or column.
const noNumber = math.MinInt32

func arrayCells(a ndarray.Array) (*cells, error) {
	if len(a.Shape) != 2 {
		return nil, fmt.Errorf("array of shape %v, want (sequences, columns)", a.Shape)
	}
	c := &cells{n: a.Shape[0], columns: a.Shape[1], values: make([]int32, len(a.Data))}
	if err := checkSize(c.n, c.columns); err != nil {
		return nil, err
	}
	for i, v := range a.Data {
		if v != math.Trunc(v) || math.Abs(v) > math.MaxInt32 {
			return nil, fmt.Errorf("entry [%d][%d] = %v, want a token, an integer from 0", i/c.columns, i%c.columns, v)
		}
		c.values[i] = int32(v)
	}
	return c, nil
}

// textCells reads a table. Only the first line and the first column may hold
// words, and the first line may be one cell shorter, as R writes it.
func textCells(text string, separator userfile.Separator) (*cells, error) {
	c := &cells{}
	used, err := userfile.EachRow(text, separator, func(line int, row []string) error {
		if c.header == nil {
			c.header, c.first = slices.Clone(row), line
			c.columns = len(row)
			return c.add(line, row, true)
		}
		if c.n == 1 && c.inValues && len(row) == c.columns+1 {
			c.n, c.columns, c.values, c.lines, c.inValues, c.corner = 0, len(row), nil, nil, false, true
		}
		if len(row) != c.columns {
			return fmt.Errorf("line %d: %d cells, but the lines before have %d, as line %d, %q", line, len(row), c.columns,
				c.first, userfile.Printable(strings.Join(c.header, " ")))
		}
		return c.add(line, row, false)
	})
	if err != nil {
		return nil, err
	}
	if c.n == 0 {
		return c, nil
	}
	if c.columns == 1 {
		return nil, fmt.Errorf("line %d: one cell, %q: say what stands between the tokens, --separator %s",
			c.lines[0], userfile.Printable(c.header[0]), userfile.Separators)
	}
	if separator == userfile.Auto && used != userfile.Comma {
		c.note("cells are separated by %s", plurals[used])
	}
	c.dropEmptyEnd()
	return c, nil
}

var plurals = map[userfile.Separator]string{userfile.Semicolon: "semicolons", userfile.Tab: "tabs", userfile.Bar: "bars", userfile.Space: "blanks"}

func (c *cells) add(line int, row []string, first bool) error {
	if err := checkSize(c.n+1, len(row)); err != nil {
		return err
	}
	if first {
		c.inValues = true
		c.corner = row[0] == "" || strings.HasPrefix(row[0], "Unnamed:")
	}
	for column, word := range row {
		v, ok := c.number(word)
		if !ok {
			end := word == "" && column == len(row)-1
			if !first && column > 0 && !end {
				return notToken(line, column, word)
			}
			if !first && column == 0 {
				c.words++
			}
			v = noNumber
		}
		c.values = append(c.values, v)
	}
	c.n++
	c.lines = append(c.lines, int32(line))
	return nil
}

func notToken(line, column int, word string) error {
	if word == "" {
		return fmt.Errorf("line %d, column %d is empty, want a token, an integer from 0", line, column+1)
	}
	return fmt.Errorf("line %d, column %d: %q, want a token, an integer from 0", line, column+1, userfile.Printable(word))
}

// number reads a whole number, also one that is written as 2.0.
func (c *cells) number(word string) (int32, bool) {
	if v, err := strconv.ParseInt(word, 10, 32); err == nil && v != noNumber {
		return int32(v), true
	}
	v, err := strconv.ParseFloat(word, 64)
	if err != nil || v != math.Trunc(v) || math.Abs(v) > math.MaxInt32 {
		return 0, false
	}
	c.decimals = true
	return int32(v), true
}

// dropEmptyEnd takes away a last column that is empty on every line.
func (c *cells) dropEmptyEnd() {
	for r := range c.n {
		if c.at(r, c.columns-1) != noNumber {
			return
		}
	}
	if last := c.header[len(c.header)-1]; last != "" {
		return
	}
	c.header = c.header[:len(c.header)-1]
	c.keepColumns(0, c.columns-1)
	c.notes = append(c.notes, "the last column is empty and left out")
}

func (c *cells) at(row, column int) int32 { return c.values[row*c.columns+column] }

// keepColumns keeps the columns from..to-1.
func (c *cells) keepColumns(from, to int) {
	width := to - from
	for r := range c.n {
		copy(c.values[r*width:], c.values[r*c.columns+from:r*c.columns+to])
	}
	c.values, c.columns = c.values[:c.n*width], width
}

// place names a cell as its file has it.
func (c *cells) place(row, column int) string {
	if c.lines == nil {
		return fmt.Sprintf("entry [%d][%d]", row, column+c.shift)
	}
	return fmt.Sprintf("line %d, column %d", c.lines[row], column+c.shift+1)
}

func (c *cells) note(format string, values ...any) {
	c.notes = append(c.notes, fmt.Sprintf(format, values...))
}
