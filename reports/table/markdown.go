package table

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
)

// renderMarkdown writes a heading, a GitHub table and the notes, each a paragraph that starts with its number in brackets.
func renderMarkdown(out *bytes.Buffer, t Table) error {
	t = t.printable()
	fmt.Fprintf(out, "### %s\n\n", escapeMarkdown(oneLine(t.Title)))
	headings := make([]string, len(t.Columns))
	for j, c := range t.Columns {
		headings[j] = escapeMarkdown(c.heading())
	}
	rows := make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		for _, c := range row {
			rows[i] = append(rows[i], escapeMarkdown(c.text)+noteMarks(c.notes))
		}
	}
	table := tablewriter.NewTable(out, plainOptions(renderer.NewMarkdown(), aligns(t.Columns))...)
	table.Header(headings)
	if err := table.Bulk(rows); err != nil {
		return err
	}
	if err := table.Render(); err != nil {
		return err
	}
	for i, note := range t.Notes {
		fmt.Fprintf(out, "\n[%d] %s\n", i+1, escapeMarkdown(oneLine(note)))
	}
	return nil
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
