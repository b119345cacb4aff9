package table

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

func renderText(out *bytes.Buffer, t Table) error   { return writeText(out, t, false) }
func renderColour(out *bytes.Buffer, t Table) error { return writeText(out, t, true) }

// writeText writes title, panels and notes, no line wider than the table's text.
func writeText(out *bytes.Buffer, t Table, colour bool) error {
	t = t.printable()
	title := wrap(strings.TrimRight(oneLine(t.Title), " "), t.proseWidth())
	if colour {
		title = painted(title, bold)
	}
	writeLines(out, title)
	texts := textColumns(t)
	all := panels(textExtents(t, texts), t.keys(), t.textWidth())
	if t.Matrix && len(all) > 1 {
		all = all[:1]
		t.Notes = append(slices.Clone(t.Notes), t.cut(all[0]))
	}
	for _, p := range all {
		out.WriteByte('\n')
		if err := writePanel(out, t, texts, p, colour); err != nil {
			return err
		}
	}
	if len(t.Rows) == 0 {
		out.WriteString(" (no rows)\n")
	}
	if len(t.Notes) > 0 {
		out.WriteByte('\n')
	}
	for i, note := range t.Notes {
		mark := " [" + strconv.Itoa(i+1) + "] "
		for _, line := range wrap(note, t.proseWidth()-len(mark)) {
			writeLines(out, []string{mark + line})
			mark = padding(len(mark))
		}
	}
	return nil
}

// cut says which columns of a matrix are not shown.
func (t Table) cut(shown panel) string {
	next := shown.columns[len(shown.columns)-1] + 1
	return fmt.Sprintf("cut: the columns from %s on do not fit into %d characters; every other format has all of them", t.Columns[next].heading(), t.textWidth())
}

// writeLines writes the lines without spaces at their ends.
func writeLines(out *bytes.Buffer, lines []string) {
	for _, line := range lines {
		out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// textColumns are the cells' texts by column, then row, with references to notes, numbers aligned within a decimal column.
func textColumns(t Table) [][]string {
	columns := make([][]string, len(t.Columns))
	for j, column := range t.Columns {
		cells, marks := t.column(j), make([]string, len(t.Rows))
		texts := make([]string, len(cells))
		for i, c := range cells {
			marks[i] = noteMarks(c.notes)
			texts[i] = c.text + marks[i]
		}
		if column.Align == Decimal {
			texts = alignPoints(cells, marks)
		}
		columns[j] = texts
	}
	return columns
}

// column is column j's cells, by row.
func (t Table) column(j int) []Cell {
	cells := make([]Cell, len(t.Rows))
	for i, row := range t.Rows {
		cells[i] = row[j]
	}
	return cells
}

// noteMarks are the references as text: " [1] [3]".
func noteMarks(notes []int) string {
	var b strings.Builder
	for _, n := range notes {
		fmt.Fprintf(&b, " [%d]", n)
	}
	return b.String()
}

func textExtents(t Table, texts [][]string) []extent {
	extents := make([]extent, len(t.Columns))
	for j, column := range t.Columns {
		numbers := make([]bool, len(t.Rows))
		for i, row := range t.Rows {
			numbers[i] = row[j].number
		}
		extents[j] = extentOf(column.heading(), texts[j], numbers)
	}
	return extents
}

func writePanel(out *bytes.Buffer, t Table, texts [][]string, p panel, colour bool) error {
	header := make([][]string, len(p.columns))
	rows := make([][]string, len(t.Rows))
	height := 0
	for k, j := range p.columns {
		header[k] = wrap(t.Columns[j].heading(), p.widths[k])
		height = max(height, len(header[k]))
		for i, row := range t.Rows {
			lines := wrap(texts[j][i], p.widths[k])
			if colour && row[j].verdict != "" {
				lines = painted(lines, colourOf(row[j].verdict))
			}
			rows[i] = append(rows[i], strings.Join(lines, "\n"))
		}
	}
	headings := make([]string, len(header))
	for k, lines := range header {
		headings[k] = strings.Repeat("\n", height-len(lines)) + strings.Join(lines, "\n") // headings stand on the rule
	}
	var b bytes.Buffer
	table := tablewriter.NewTable(&b, plainOptions(renderer.NewBlueprint(lightRules()), aligns(pick(t.Columns, p.columns)))...)
	table.Header(headings)
	if err := table.Bulk(rows); err != nil {
		return err
	}
	if err := table.Render(); err != nil {
		return err
	}
	writeLines(out, strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n"))
	return nil
}

// bold is the ANSI escape for it.
const bold = "\x1b[1m"

// painted is each line between an ANSI escape and its end.
func painted(lines []string, escape string) []string {
	result := make([]string, len(lines))
	for i, line := range lines {
		result[i] = escape + line + "\x1b[0m"
	}
	return result
}

// lightRules is one rule under the heading and one under the rows; columns are kept apart by space.
func lightRules() tw.Rendition {
	return tw.Rendition{
		Symbols: tw.NewSymbols(tw.StyleLight),
		Borders: tw.Border{Left: tw.Off, Right: tw.Off, Top: tw.Off, Bottom: tw.On},
		Settings: tw.Settings{
			Separators: tw.Separators{ShowHeader: tw.On, BetweenColumns: tw.Off, BetweenRows: tw.Off},
			Lines:      tw.Lines{ShowHeaderLine: tw.On, ShowTop: tw.Off, ShowBottom: tw.On},
		},
	}
}

// plainOptions keep tablewriter from changing what it is given: no title case, no trimming, no look at the locale. It wraps only
// under a maximal width, which is not set.
func plainOptions(r tw.Renderer, alignment tw.Alignment) []tablewriter.Option {
	return []tablewriter.Option{
		tablewriter.WithRenderer(r),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithRowAutoFormat(tw.Off),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithTrimLine(tw.Off),
		tablewriter.WithAlignment(alignment),
	}
}

func aligns(columns []Column) tw.Alignment {
	alignment := make(tw.Alignment, len(columns))
	for i, c := range columns {
		alignment[i] = tw.AlignRight
		if c.Align == Left {
			alignment[i] = tw.AlignLeft
		}
	}
	return alignment
}
