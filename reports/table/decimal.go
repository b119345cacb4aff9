package table

import "strings"

// alignPoints gives the numbers of a column the same width on both sides of the point, so that points stand under one another when
// the column is aligned right; words stay as they are. suffixes follow the texts (references to notes).
func alignPoints(cells []Cell, suffixes []string) []string {
	heads, tails := make([]string, len(cells)), make([]string, len(cells))
	headWidth, tailWidth := 0, 0
	for i, c := range cells {
		if !c.number {
			heads[i] = c.text + suffixes[i]
			continue
		}
		heads[i], tails[i] = c.numeral.split()
		tails[i] += suffixes[i]
		headWidth, tailWidth = max(headWidth, displayWidth(heads[i])), max(tailWidth, displayWidth(tails[i]))
	}
	aligned := make([]string, len(cells))
	for i, c := range cells {
		if !c.number {
			aligned[i] = heads[i]
			continue
		}
		aligned[i] = padding(headWidth-displayWidth(heads[i])) + heads[i] + tails[i] + padding(tailWidth-displayWidth(tails[i]))
	}
	return aligned
}

func padding(width int) string { return strings.Repeat(" ", max(width, 0)) }
