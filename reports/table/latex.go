package table

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// latexWidth is about how many characters of text a page is wide; columns of words are made paragraphs to stay within it.
const latexWidth = 80

// renderLaTeX writes a table environment with caption and \label{tab:ID}, which needs the packages booktabs and array; notes follow
// the tabular. A decimal column is set as two that meet at the point, a column of words that would not fit the page, or with line
// breaks, as paragraphs. Characters beyond ASCII that latexEscapes does not know need an engine that reads Unicode.
func renderLaTeX(out *bytes.Buffer, t Table) error {
	t = t.printable()
	types := latexColumns(t)
	fmt.Fprintf(out, "%% needs \\usepackage{booktabs,array}\n\\begin{table}\n  \\centering\n")
	fmt.Fprintf(out, "  \\caption{%s}\n  \\label{tab:%s}\n", escapeLaTeX(oneLine(t.Title)), t.ID)
	fmt.Fprintf(out, "  \\begin{tabular}{%s}\n    \\toprule\n", strings.Join(types, ""))
	headings := make([]string, len(t.Columns))
	for j, c := range t.Columns {
		headings[j] = escapeLaTeX(oneLine(c.heading()))
		if c.Align == Decimal {
			headings[j] = `\multicolumn{2}{c}{` + headings[j] + "}"
		}
	}
	writeLaTeXRow(out, headings)
	out.WriteString("    \\midrule\n")
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for j, c := range row {
			cells[j] = latexCell(c, t.Columns[j].Align)
		}
		writeLaTeXRow(out, cells)
	}
	out.WriteString("    \\bottomrule\n  \\end{tabular}\n")
	writeLaTeXNotes(out, t.Notes)
	out.WriteString("\\end{table}\n")
	return nil
}

func writeLaTeXRow(out *bytes.Buffer, cells []string) {
	fmt.Fprintf(out, "    %s \\tabularnewline\n", strings.Join(cells, " & "))
}

func writeLaTeXNotes(out *bytes.Buffer, notes []string) {
	if len(notes) == 0 {
		return
	}
	out.WriteString("  \\par\\smallskip\\raggedright\\footnotesize\n")
	for i, note := range notes {
		fmt.Fprintf(out, "  \\textsuperscript{%d} %s\\par\n", i+1, escapeLaTeX(oneLine(note)))
	}
}

// latexColumns are the columns' types in the preamble of the tabular.
func latexColumns(t Table) []string {
	extents := textExtents(t, textColumns(t))
	for j, c := range t.Columns {
		if c.Align != Left {
			extents[j].compact, extents[j].least = extents[j].natural, extents[j].natural
		}
	}
	widths, _ := fit(extents, latexWidth)
	types := make([]string, len(t.Columns))
	for j, c := range t.Columns {
		broken := slices.ContainsFunc(t.column(j), func(cell Cell) bool { return strings.Contains(cell.text, "\n") })
		switch {
		case c.Align == Decimal:
			types[j] = "r@{}l"
		case c.Align == Right:
			types[j] = "r"
		case broken || widths[j] < extents[j].natural:
			percent := min(100*widths[j]/latexWidth, 95)
			types[j] = fmt.Sprintf(`>{\raggedright\arraybackslash}p{0.%02d\linewidth}`, max(percent, 5))
		default:
			types[j] = "l"
		}
	}
	return types
}

// latexCell is the cell as one column of the tabular, or as two in a decimal column.
func latexCell(c Cell, align Align) string {
	mark := latexMarks(c.notes)
	switch {
	case align == Decimal && c.number:
		head, tail := latexNumber(c)
		return latexMath(head) + " & " + latexMath(tail) + mark
	case align == Decimal:
		return `\multicolumn{2}{r}{` + escapeLaTeX(oneLine(c.text)) + mark + "}"
	case c.number:
		head, tail := latexNumber(c)
		return latexMath(head+tail) + mark
	case align == Right:
		return escapeLaTeX(oneLine(c.text)) + mark
	}
	return strings.ReplaceAll(escapeLaTeX(c.text), "\n", `\newline `) + mark
}

// latexNumber is the number cut at its point, as mathematics.
func latexNumber(c Cell) (head, tail string) {
	n := c.numeral
	exponent := n.exponent
	n.exponent = ""
	head, tail = n.split()
	if exponent != "" {
		tail += `{}\times10^{` + exponent + "}"
	}
	return head, tail
}

// latexMath is s in mathematics, with NaN upright and "<" close to its number.
func latexMath(s string) string {
	if s == "" {
		return ""
	}
	return "$" + strings.NewReplacer("NaN", `\mathrm{NaN}`, "<", "{<}", "Inf", `\infty`).Replace(s) + "$"
}

func latexMarks(notes []int) string {
	if len(notes) == 0 {
		return ""
	}
	list := strings.ReplaceAll(fmt.Sprint(notes), " ", ",")
	return `\textsuperscript{` + strings.Trim(list, "[]") + "}"
}
