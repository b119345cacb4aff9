package table

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
)

// renderMarkdown writes a heading, a GitHub table and the notes, each a paragraph that starts with its number in brackets.
func renderMarkdown(out *bytes.Buffer, t Table) error {
	t = t.printable()
	fmt.Fprintf(out, "### %s\n\n", escapeMarkdown(oneLine(t.Title)))
	texts := make([][]string, len(t.Rows)+1)
	for _, c := range t.Columns {
		texts[0] = append(texts[0], escapeMarkdown(c.heading()))
	}
	for i, row := range t.Rows {
		for _, c := range row {
			texts[i+1] = append(texts[i+1], escapeMarkdown(c.text)+noteMarks(c.notes))
		}
	}
	widths, rules := make([]int, len(t.Columns)), make([]string, len(t.Columns))
	for j, c := range t.Columns {
		widths[j] = markdownWidth(texts, j)
		rules[j] = strings.Repeat("-", widths[j]+1) + ":"
		if c.Align == Left {
			rules[j] = ":" + strings.Repeat("-", widths[j]+1)
		}
	}
	writeMarkdownRow(out, t.Columns, widths, texts[0])
	out.WriteString("|" + strings.Join(rules, "|") + "|\n")
	for _, row := range texts[1:] {
		writeMarkdownRow(out, t.Columns, widths, row)
	}
	for i, note := range t.Notes {
		fmt.Fprintf(out, "\n[%d] %s\n", i+1, escapeMarkdown(oneLine(note)))
	}
	return nil
}

// widestPadded is the width up to which a column is padded in the source: one of
// sentences would stretch every row.
const widestPadded = 40

// markdownWidth is what column j is padded to.
func markdownWidth(texts [][]string, j int) int {
	width := 1
	for _, row := range texts {
		width = max(width, blockWidth(row[j:j+1]))
	}
	if width > widestPadded {
		return 1
	}
	return width
}

func writeMarkdownRow(out *bytes.Buffer, columns []Column, widths []int, cells []string) {
	for j, cell := range cells {
		pad := padding(max(0, widths[j]-blockWidth(cells[j:j+1])))
		if columns[j].Align == Left {
			cell += pad
		} else {
			cell = pad + cell
		}
		out.WriteString("| " + cell + " ")
	}
	out.WriteString("|\n")
}

// markdownEscapes cover what GitHub's Markdown acts on inside a line: the cell's end, code, emphasis, strikethrough, mathematics,
// tags, entities and links. Underscores are for escapeMarkdown.
var markdownEscapes = strings.NewReplacer(
	`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "~", `\~`, "$", `\$`,
	"<", "&lt;", "&", "&amp;", "](", "]&#40;", "\n", "<br>",
)

// escapeMarkdown makes s show as it is. An underscore inside a word is no emphasis and stays, to keep names readable in the source.
func escapeMarkdown(s string) string {
	var b strings.Builder
	runes := []rune(markdownEscapes.Replace(s))
	for i, r := range runes {
		if r == '_' && (i == 0 || i == len(runes)-1 || !alphanumeric(runes[i-1]) || !alphanumeric(runes[i+1])) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func alphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
