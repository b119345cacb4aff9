package table

import (
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// displayWidth is the number of terminal columns s takes. The locale is not asked: ambiguous characters are narrow everywhere.
func displayWidth(s string) int { return twwidth.WidthWithOptions(s, twwidth.Options{}) }

// blockWidth is the width of the widest line.
func blockWidth(lines []string) int {
	width := 0
	for _, line := range lines {
		width = max(width, displayWidth(line))
	}
	return width
}

// words are the pieces of s between spaces and newlines; other blanks, such as the no-break space, hold a word together.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' })
}

// wordWidth is the width of the longest word of s: what s needs if it may be broken at spaces.
func wordWidth(s string) int { return blockWidth(words(s)) }

// wrap breaks s into lines of at most width (>= 2) columns: at its newlines, at spaces where a line is too long, and inside a word
// only where the word is wider than a line.
func wrap(s string, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(s, "\n") {
		if displayWidth(paragraph) <= width {
			lines = append(lines, paragraph)
			continue
		}
		lines = append(lines, fill(words(paragraph), width)...)
	}
	return lines
}

// fill sets words into lines, each as full as it can be.
func fill(unset []string, width int) []string {
	var lines []string
	line := ""
	for _, word := range unset {
		if line != "" && displayWidth(line)+1+displayWidth(word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		pieces := chop(word, width)
		lines = append(lines, pieces[:len(pieces)-1]...)
		line = pieces[len(pieces)-1]
	}
	return append(lines, line)
}

// chop cuts a word into pieces of at most width columns.
func chop(word string, width int) []string {
	var pieces []string
	start, used := 0, 0
	for i, r := range word {
		w := displayWidth(string(r))
		if used+w > width {
			pieces = append(pieces, word[start:i])
			start, used = i, 0
		}
		used += w
	}
	return append(pieces, word[start:])
}

// Wrapped is a paragraph as lines of at most width columns, and of Width where that is less.
func Wrapped(s string, width int) string { return Indented(s, "", width) }

// Indented is a paragraph as Wrapped, of which every line begins with indent.
func Indented(s, indent string, width int) string {
	lines := wrap(s, min(max(width, LeastWidth), Width)-displayWidth(indent))
	return indent + strings.Join(lines, "\n"+indent) + "\n"
}
