package table

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// latexWidth is about how many characters of text a page is wide; columns of words are made paragraphs to stay within it.
const latexWidth = 80

// renderLaTeX writes a table environment with caption and \label{tab:ID}, which needs the packages booktabs, array and siunitx; notes
// follow the tabular. A decimal column is siunitx's, which aligns the points and reads 0.6509(12) as a number with its standard error;
// a column of words that would not fit the page, or with line breaks, is set as paragraphs. Words about mathematics become mathematics. Characters beyond ASCII that latexEscapes does not know need an engine that reads Unicode.
func renderLaTeX(out *bytes.Buffer, t Table) error {
	t = t.printable()
	types := latexColumns(t)
	fmt.Fprintf(out, "%% needs \\usepackage{booktabs,array,siunitx}\n\\begin{table}\n  \\centering\\small\\setlength{\\tabcolsep}{4pt}\n")
	fmt.Fprintf(out, "  \\caption{%s}\n  \\label{tab:%s}\n", withMathematics(oneLine(t.Title)), t.ID)
	fmt.Fprintf(out, "  \\begin{tabular}{%s}\n    \\toprule\n", strings.Join(types, ""))
	headings := make([]string, len(t.Columns))
	for j, c := range t.Columns {
		headings[j] = latexHeading(c, t.column(j))
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

// headingWidth is how many letters a line of a number column's heading may have, where its
// numbers and words are not longer.
const headingWidth = 12

// latexHeading is a column's heading, over numbers in as many lines as keep the column narrow.
func latexHeading(c Column, cells []Cell) string {
	heading := oneLine(c.heading())
	if c.Align == Left {
		return withMathematics(heading)
	}
	width := max(headingWidth, wordWidth(heading))
	for _, cell := range cells {
		width = max(width, wordWidth(cell.text))
	}
	lines := wrap(heading, width)
	for i, line := range lines {
		lines[i] = withMathematics(line)
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
			types[j] = "S[table-format=" + siunitxFormat(t.column(j)) + "]"
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
