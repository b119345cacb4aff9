package table

import (
	"bytes"
	"html"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// cutRow splits a Markdown row at its unescaped pipes, as GitHub does: a backslash escapes the character after it.
func cutRow(row string) []string {
	cells, start := []string{}, 0
	for i := 0; i < len(row); i++ {
		switch row[i] {
		case '\\':
			i++
		case '|':
			cells = append(cells, row[start:i])
			start = i + 1
		}
	}
	return append(cells, row[start:])
}

// shown undoes backslash escapes, entities and line breaks: what a reader of the rendered page sees.
func shown(cell string) string {
	var b strings.Builder
	for i := 0; i < len(cell); i++ {
		if cell[i] == '\\' && i+1 < len(cell) {
			i++
			b.WriteString(html.EscapeString(cell[i : i+1]))
			continue
		}
		b.WriteByte(cell[i])
	}
	return html.UnescapeString(strings.ReplaceAll(b.String(), "<br>", "\n"))
}

func TestMarkdownRowsHaveTheirCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := anyTable().Draw(t, "table")
		if err := table.Check(); err != nil {
			t.Skip(err)
		}
		var out bytes.Buffer
		require.NoError(t, Render(&out, FormatMarkdown, table))
		lines := strings.Split(out.String(), "\n")
		want := table.normalised().printable()
		require.Equal(t, "### "+oneLine(want.Title), shown(lines[0]))
		for i, line := range lines[2 : 4+len(table.Rows)] {
			cells := cutRow(line)
			require.Len(t, cells, len(table.Columns)+2, "outer pipes and one between columns: %q", line)
			require.Empty(t, cells[0])
			require.Empty(t, cells[len(cells)-1])
			for j, cell := range cells[1 : len(cells)-1] {
				switch {
				case i == 0:
					require.Equal(t, trim(want.Columns[j].heading()), trim(shown(cell)))
				case i == 1:
					require.Equal(t, table.Columns[j].Align == Left, strings.HasPrefix(cell, ":"), "alignment %q", cell)
				default:
					c := want.Rows[i-2][j]
					require.Equal(t, trim(c.text+noteMarks(c.notes)), trim(shown(cell)))
				}
			}
		}
	})
}

// trim: Markdown does not keep spaces at a cell's ends.
func trim(s string) string { return strings.Trim(s, " ") }

func TestMarkdownKeepsNamesReadable(t *testing.T) {
	require.Equal(t, `p_i of edge_weight, \_not\_ \*this\*`, escapeMarkdown("p_i of edge_weight, _not_ *this*"))
	require.Equal(t, "[x]&#40;y)", escapeMarkdown("[x](y)"))
}
