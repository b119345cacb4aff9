package table

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// latexLine is how many digits of \footnotesize are as wide as the text of an article, 345 points at 4.25 points a digit, and two
// fewer, for widths are estimates.
const latexLine = 79

// headingWidth is how many letters a line of a number column's heading may have, where its
// numbers and words are not longer.
const headingWidth = 9

// letterWidths are how much wider than a digit letters are, of Computer Modern in tenths.
var letterWidths = []struct {
	letters string
	tenths  int
}{{"ijlI.,:;'|!`", 6}, {"ft()[]rs-/1", 8}, {"mwMW%@", 16}, {"ABCDEFGHJKLNOPQRSTUVXYZ&+=<>~^\u2212", 15}}

// latexWidth is about how wide words are, in digits. The sign of a number is as wide as "+".
func latexWidth(s string) int {
	tenths := 0
	letters := []rune(s)
	for i, r := range letters {
		width := 10
		for _, w := range letterWidths {
			if strings.ContainsRune(w.letters, r) {
				width = w.tenths
			}
		}
		if r == '-' && i+1 < len(letters) && unicode.IsDigit(letters[i+1]) {
			width = 18
		}
		tenths += width
	}
	return (tenths + 9) / 10
}

// latexExtents measures the columns.
func latexExtents(t Table) []extent {
	extents := make([]extent, len(t.Columns))
	for j := range t.Columns {
		extents[j] = latexExtent(t, j)
	}
	return extents
}

// latexExtent measures column j: words may be broken at spaces and after hyphens, numbers never.
func latexExtent(t Table, j int) extent {
	column, cells := t.Columns[j], t.column(j)
	var e extent
	if column.Align != Left {
		for _, line := range latexHeadingLines(column, cells) {
			e.natural = max(e.natural, latexWidth(line))
		}
		for _, c := range cells {
			e.natural = max(e.natural, latexCellWidth(c))
		}
		if column.Align == Decimal {
			e.natural = max(e.natural, siunitxWidth(siunitxFormat(cells)))
		}
		return extent{e.natural, e.natural, e.natural}
	}
	texts := []string{oneLine(column.heading())}
	for _, c := range cells {
		texts = append(texts, c.text+strings.Repeat("0", len(c.notes)))
	}
	for _, text := range texts {
		for line := range strings.SplitSeq(text, "\n") {
			e.natural = max(e.natural, latexWidth(line))
			for piece := range strings.FieldsFuncSeq(strings.ReplaceAll(long.ReplaceAllStringFunc(line, spaced), "-", "- "), isBlank) {
				e.least = max(e.least, latexWidth(piece))
			}
		}
	}
	return extent{natural: e.natural, compact: e.natural, least: min(e.least, latexLine/2)}
}

func isBlank(r rune) bool { return r == ' ' }

// spaced is a long word with blanks where breakable lets a line end.
func spaced(word string) string { return strings.NewReplacer(",", ", ", "/", "/ ").Replace(word) }

// latexLines is how many lines fit on a page of an article, with the title and rules.
const latexLines = 48

// latexHeight is about how many lines the panels and the notes take.
func latexHeight(t Table, all []panel) int {
	height := 0
	for _, p := range all {
		headings := 1
		for _, j := range p.columns {
			if t.Columns[j].Align != Left {
				headings = max(headings, len(latexHeadingLines(t.Columns[j], t.column(j))))
			}
		}
		height += headings
		for _, row := range t.Rows {
			height += latexRowHeight(row, p)
		}
	}
	for _, note := range t.Notes {
		height += 1 + latexWidth(oneLine(note))/latexLine
	}
	return height
}

// latexRowHeight is the lines of the cell that has most; broken lines are on average not quite full.
func latexRowHeight(row []Cell, p panel) int {
	most := 1
	for k, j := range p.columns {
		lines := 0
		for line := range strings.SplitSeq(row[j].text, "\n") {
			width := latexWidth(line)
			if width > p.widths[k] {
				width += width / 4
			}
			lines += 1 + max(0, width-1)/p.widths[k]
		}
		most = max(most, lines)
	}
	return most
}

// latexCellWidth is the width of a number or of words among numbers; "\times10^{-3}" is as wide as five digits and the exponent
// two thirds of its own.
func latexCellWidth(c Cell) int {
	width := latexWidth(c.text) + len(c.notes)
	if c.number && c.numeral.exponent != "" {
		width += 4
	}
	return width
}

// siunitxWidth is the width of a column of that format, -2.3(2)e-2: its digits, and the point, signs and parentheses.
func siunitxWidth(format string) int {
	width := 0.0
	for _, r := range format {
		switch r {
		case '-':
			width += 1.6
		case '.', '(', ')':
			width += 0.7
		case 'e':
			width += 4
		default:
			width += float64(r - '0')
		}
	}
	return int(math.Ceil(width))
}

// latexHeadingLines are the lines of a number column's heading.
func latexHeadingLines(c Column, cells []Cell) []string {
	heading := oneLine(c.heading())
	width := max(headingWidth, wordWidth(heading))
	for _, cell := range cells {
		width = max(width, wordWidth(cell.text))
	}
	return slices.Clip(wrap(heading, width))
}
