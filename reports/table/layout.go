package table

import (
	"slices"
	"strings"
)

// Width is the number of columns that no line of text exceeds in files and where the width of the terminal is not known.
const Width = 100

// LeastWidth is the narrowest text; terminals below it break its lines.
const LeastWidth = 80

// Wide is the table with text of that many columns, at least LeastWidth.
func (t Table) Wide(width int) Table {
	t.width = max(width, LeastWidth)
	return t
}

// textWidth is the width of the table's text.
func (t Table) textWidth() int {
	if t.width == 0 {
		return Width
	}
	return t.width
}

// proseWidth is that of its title and notes, which nobody reads in longer lines.
func (t Table) proseWidth() int { return min(t.textWidth(), Width) }

// gutter is what one column costs beyond its content: a space on either side.
const gutter = 2

// longWord is the width beyond which a word may be broken when a table does not fit otherwise.
const longWord = 20

// longNumber is the width beyond which the references to notes that follow a number may move to a line of their own; no number
// without them is wider. Two columns of it fit, so any table can be split into panels that fit.
const longNumber = 45

// extent is what one column of cells can be squeezed to, in terminal columns.
type extent struct {
	natural int // nothing is broken
	compact int // the heading is broken at spaces
	least   int // words are broken at spaces, in the heading and the cells, and inside if longer than longWord; numbers never
}

// extentOf measures a column from its heading and its cells' texts; numbers[i] tells whether cell i is one.
func extentOf(heading string, cells []string, numbers []bool) extent {
	const narrowest = 2 // room for one wide character
	least, content := max(narrowest, min(wordWidth(heading), longWord)), 0
	for i, cell := range cells {
		width := blockWidth(strings.Split(cell, "\n"))
		content = max(content, width)
		switch {
		case numbers[i] && width <= longNumber:
			least = max(least, width)
		case numbers[i]:
			least = max(least, wordWidth(cell))
		default:
			least = max(least, min(wordWidth(cell), longWord))
		}
	}
	return extent{
		natural: max(narrowest, content, blockWidth(strings.Split(heading, "\n"))),
		compact: max(narrowest, content, wordWidth(heading)),
		least:   least,
	}
}

// fit gives each column a width such that the columns together take at most limit, squeezing the widest first, headings before
// cells; false if even the least widths do not fit.
func fit(extents []extent, limit int) ([]int, bool) {
	widths, compact, least := make([]int, len(extents)), make([]int, len(extents)), make([]int, len(extents))
	for i, e := range extents {
		widths[i], compact[i], least[i] = e.natural, e.compact, e.least
	}
	squeeze(widths, compact, limit)
	squeeze(widths, least, limit)
	return widths, total(widths) <= limit
}

// squeeze narrows the widest column that is above its floor, one step at a time, until the columns fit or all are at their floors.
func squeeze(widths, floors []int, limit int) {
	for total(widths) > limit {
		widest := -1
		for i, width := range widths {
			if width > floors[i] && (widest < 0 || width > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		widths[widest]--
	}
}

func total(widths []int) int {
	sum := 0
	for _, width := range widths {
		sum += width + gutter
	}
	return sum
}

// panel is a set of the table's columns that fits the width, by index, with the width of each.
type panel struct {
	columns []int
	widths  []int
}

// panels splits the columns into as few panels as their least widths allow, in order, each starting with the key columns, which
// name the rows; with fewer of them where another column would not fit beside all. Most tables are one panel.
func panels(extents []extent, keys, limit int) []panel {
	if widths, ok := fit(extents, limit); ok {
		return []panel{{columns: indices(len(extents)), widths: widths}}
	}
	for keys = max(1, min(keys, len(extents)-1)); keys > 1 && !roomBeside(extents, keys, limit); keys-- {
	}
	var all []panel
	current := indices(keys)
	for j := keys; j < len(extents); j++ {
		next := append(slices.Clone(current), j)
		if _, ok := fit(pick(extents, next), limit); !ok && len(current) > keys {
			all = append(all, newPanel(extents, current, limit))
			next = append(indices(keys), j)
		}
		current = next
	}
	return append(all, newPanel(extents, current, limit))
}

// roomBeside reports whether each of the other columns fits beside the keys.
func roomBeside(extents []extent, keys, limit int) bool {
	for j := keys; j < len(extents); j++ {
		if _, ok := fit(pick(extents, append(indices(keys), j)), limit); !ok {
			return false
		}
	}
	return true
}

func newPanel(extents []extent, columns []int, limit int) panel {
	widths, _ := fit(pick(extents, columns), limit)
	return panel{columns: columns, widths: widths}
}

func pick[T any](all []T, columns []int) []T {
	picked := make([]T, len(columns))
	for i, j := range columns {
		picked[i] = all[j]
	}
	return picked
}

func indices(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}
