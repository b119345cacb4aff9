package table

import (
	"bytes"
	"fmt"
	"html"
	"strings"
)

// renderHTML writes one table element, well-formed as XML too. Classes for the page's style sheet: "causalgrad" on the table; left,
// right or decimal on cells; verdict and verdict-<word> (verdict-not-run) on cells with a verdict; notes on the footnotes' list.
// A number's full precision is in data-value and data-stderr.
func renderHTML(out *bytes.Buffer, t Table) error {
	t = t.printable()
	fmt.Fprintf(out, "<table class=\"causalgrad\" id=\"%s\">\n<caption>%s</caption>\n<thead>\n<tr>", t.ID, escapeHTML(t.Title))
	for _, c := range t.Columns {
		fmt.Fprintf(out, `<th scope="col" class="%s">%s</th>`, alignNames[c.Align], escapeHTML(c.heading()))
	}
	out.WriteString("</tr>\n</thead>\n<tbody>\n")
	for _, row := range t.Rows {
		out.WriteString("<tr>")
		for j, cell := range row {
			writeHTMLCell(out, t, j, cell)
		}
		out.WriteString("</tr>\n")
	}
	out.WriteString("</tbody>\n")
	writeHTMLNotes(out, t)
	out.WriteString("</table>\n")
	return nil
}

// writeHTMLCell writes the cell of column j; the first column heads its row.
func writeHTMLCell(out *bytes.Buffer, t Table, j int, c Cell) {
	element, scope := "td", ""
	if j == 0 {
		element, scope = "th", ` scope="row"`
	}
	class := alignNames[t.Columns[j].Align]
	if c.verdict != "" {
		class += " verdict " + classOf(c.verdict)
	}
	fmt.Fprintf(out, `<%s%s class="%s"`, element, scope, class)
	if c.number {
		fmt.Fprintf(out, ` data-value="%s"`, c.exact())
	}
	if c.measured {
		fmt.Fprintf(out, ` data-stderr="%s"`, exactFloat(c.stderr))
	}
	out.WriteString(">" + htmlText(c))
	for _, n := range c.notes {
		fmt.Fprintf(out, `<sup><a href="#%s-note-%d">%d</a></sup>`, t.ID, n, n)
	}
	fmt.Fprintf(out, "</%s>", element)
}

// htmlText writes a power of ten as one: 3.2&times;10<sup>-17</sup>.
func htmlText(c Cell) string {
	if !c.number || c.numeral.exponent == "" {
		return escapeHTML(c.text)
	}
	exponent := strings.Replace(c.numeral.exponent, "-", "\u2212", 1)
	return escapeHTML(c.numeral.mantissa+c.numeral.parenthesis()) + "\u00d710<sup>" + exponent + "</sup>"
}

func writeHTMLNotes(out *bytes.Buffer, t Table) {
	if len(t.Notes) == 0 {
		return
	}
	fmt.Fprintf(out, "<tfoot>\n<tr><td colspan=\"%d\"><ol class=\"notes\">\n", len(t.Columns))
	for i, note := range t.Notes {
		fmt.Fprintf(out, "<li id=\"%s-note-%d\">%s</li>\n", t.ID, i+1, escapeHTML(note))
	}
	out.WriteString("</ol></td></tr>\n</tfoot>\n")
}

func escapeHTML(s string) string { return strings.ReplaceAll(html.EscapeString(s), "\n", "<br/>") }
