package table

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// renderLaTeX writes a table environment with caption and \label{tab:ID}, which needs the packages booktabs, array and siunitx; notes
// follow the tabular. A decimal column is siunitx's, which aligns the points and reads 0.6509(12) as a number with its standard error;
// a column of words that would not fit the page, or with line breaks, is set as paragraphs; columns that still do not fit stand in
// another tabular below, behind the key columns. What is longer than a page are longtables of that package, which need a page of one
// column. Words about mathematics become mathematics. Characters beyond ASCII that latexEscapes does not know need an engine that
// reads Unicode.
func renderLaTeX(out *bytes.Buffer, t Table) error {
	t = t.printable()
	caption := fmt.Sprintf("\\caption{%s}\n  \\label{tab:%s}", withMathematics(oneLine(t.Title)), t.ID)
	all := panels(latexExtents(t), t.keys(), latexLine)
	if latexHeight(t, all) > latexLines {
		writeLaTeXLong(out, t, caption, all)
		return nil
	}
	fmt.Fprintf(out, "%% needs \\usepackage{booktabs,array,siunitx}\n\\begin{table}\n  \\centering%s\n  %s\n", latexSize, caption)
	for i, p := range all {
		if i > 0 {
			out.WriteString("  \\par\\medskip\n")
		}
		fmt.Fprintf(out, "  \\begin{tabular}{%s}\n    \\toprule\n", latexColumns(t, p))
		writeLaTeXHeadings(out, t, p)
		out.WriteString("    \\midrule\n")
		writeLaTeXRows(out, t, p)
		out.WriteString("    \\bottomrule\n  \\end{tabular}\n")
	}
	writeLaTeXNotes(out, t.Notes)
	out.WriteString("\\end{table}\n")
	return nil
}

// latexSize sets small type, and columns close to one another.
const latexSize = `\footnotesize\setlength{\tabcolsep}{4pt}`

// writeLaTeXLong writes tables that go on from page to page, each page with the headings.
func writeLaTeXLong(out *bytes.Buffer, t Table, caption string, all []panel) {
	fmt.Fprintf(out, "%% needs \\usepackage{booktabs,array,siunitx,longtable}\n\\begingroup%s\n", latexSize)
	for i, p := range all {
		fmt.Fprintf(out, "  \\begin{longtable}{%s}\n", latexColumns(t, p))
		if i == 0 {
			fmt.Fprintf(out, "  %s\\tabularnewline\n", caption)
		}
		out.WriteString("    \\toprule\n")
		writeLaTeXHeadings(out, t, p)
		out.WriteString("    \\midrule\\endhead\n    \\bottomrule\\endfoot\n")
		writeLaTeXRows(out, t, p)
		out.WriteString("  \\end{longtable}\n")
	}
	writeLaTeXNotes(out, t.Notes)
	out.WriteString("\\endgroup\n")
}

func latexColumns(t Table, p panel) string {
	types := ""
	for k, j := range p.columns {
		types += latexColumn(t, j, p.widths[k])
	}
	return types
}

func writeLaTeXHeadings(out *bytes.Buffer, t Table, p panel) {
	var headings []string
	for _, j := range p.columns {
		headings = append(headings, latexHeading(t.Columns[j], t.column(j)))
	}
	writeLaTeXRow(out, headings)
}

func writeLaTeXRows(out *bytes.Buffer, t Table, p panel) {
	for _, row := range t.Rows {
		var cells []string
		for _, j := range p.columns {
			cells = append(cells, latexCell(row[j], t.Columns[j].Align))
		}
		writeLaTeXRow(out, cells)
	}
}

// latexHeading is a column's heading, over numbers in as many lines as keep the column narrow.
func latexHeading(c Column, cells []Cell) string {
	if c.Align == Left {
		return withMathematics(oneLine(c.heading()))
	}
	lines := latexHeadingLines(c, cells)
	for i, line := range lines {
		lines[i] = strings.TrimSpace(withMathematics(line + " ")) // a minus may end it
	}
	text := lines[0]
	if len(lines) > 1 {
		text = `\shortstack[r]{` + strings.Join(lines, `\\ `) + "}"
	}
	if c.Align == Decimal {
		return "{" + text + "}"
	}
	return text
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
		fmt.Fprintf(out, "  \\textsuperscript{%d} %s\\par\n", i+1, withMathematics(oneLine(note)))
	}
}

// latexColumn is the type of column j, of that width, in the preamble of a tabular.
func latexColumn(t Table, j, width int) string {
	cells := t.column(j)
	broken := slices.ContainsFunc(cells, func(cell Cell) bool { return strings.Contains(cell.text, "\n") })
	switch align := t.Columns[j].Align; {
	case align == Decimal:
		return "S[table-format=" + siunitxFormat(cells) + "]"
	case align == Right:
		return "r"
	case broken || width < latexExtent(t, j).natural:
		return fmt.Sprintf(`>{\raggedright\arraybackslash}p{0.%03d\linewidth}`, min(1000*width/latexLine, 999))
	}
	return "l"
}

// latexCell is the cell of a tabular.
func latexCell(c Cell, align Align) string {
	mark := latexMarks(c.notes)
	switch {
	case align == Decimal && c.siunitx():
		if mark != "" {
			mark = "{" + mark + "}"
		}
		return c.text + mark
	case align == Decimal && c.number:
		return "{" + latexNumber(c) + mark + "}"
	case align == Decimal:
		return "{" + withMathematics(oneLine(c.text)) + mark + "}"
	case c.number:
		return latexNumber(c) + mark
	case align == Right:
		return withMathematics(oneLine(c.text)) + mark
	}
	return strings.ReplaceAll(withMathematics(c.text), "\n", `\newline `) + mark
}

// siunitx reports whether the cell is a number as that package reads numbers.
func (c Cell) siunitx() bool {
	return c.number && finite(c.value) && strings.Trim(c.numeral.uncertainty, "0123456789") == ""
}

// siunitxFormat is the room that the numbers of a column take: -2.3(2)e-2 is a sign, two
// digits before the point, three after it, two of uncertainty and two of an exponent.
func siunitxFormat(cells []Cell) string {
	var sign, minus string
	before, after, doubt, power := 1, 0, 0, 0
	for _, c := range cells {
		if !c.siunitx() {
			continue
		}
		digits, negative := strings.CutPrefix(c.numeral.mantissa, "-")
		if negative {
			sign = "-"
		}
		whole, fraction, _ := strings.Cut(digits, ".")
		exponent, down := strings.CutPrefix(c.numeral.exponent, "-")
		if down {
			minus = "-"
		}
		before, after = max(before, len(whole)), max(after, len(fraction))
		doubt, power = max(doubt, len(c.numeral.uncertainty)), max(power, len(exponent))
	}
	text := fmt.Sprintf("%s%d.%d", sign, before, after)
	if doubt > 0 {
		text += fmt.Sprintf("(%d)", doubt)
	}
	if power > 0 {
		text += fmt.Sprintf("e%s%d", minus, power)
	}
	return text
}

// latexNumber is the number as mathematics.
func latexNumber(c Cell) string {
	n := c.numeral
	exponent := n.exponent
	n.exponent = ""
	text := n.String()
	if exponent != "" {
		text += `\times10^{` + exponent + "}"
	}
	return latexMath(text)
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
