package table

import (
	"bytes"
	"fmt"
	"html"
	"strings"
)

// renderHTML writes one figure element, well-formed as XML too: the title as its caption, the table in a box of class scroll, which
// alone moves where the table is wider than the page, and the footnotes. Classes for the page's style sheet: "causalgrad" on the
// figure; left, right or decimal on cells; verdict and verdict-<word> (verdict-not-run) on cells with a verdict; notes on the
// footnotes' list. A number's full precision is in data-value and data-stderr.
func renderHTML(out *bytes.Buffer, t Table) error {
	t = t.printable()
	fmt.Fprintf(out, "<figure class=\"causalgrad\" id=\"%s\">\n<figcaption>%s</figcaption>\n", t.ID, Mathematics(t.Title))
	fmt.Fprintf(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table: %s\">\n<table>\n<thead>\n<tr>", html.EscapeString(oneLine(t.Title)))
	for _, c := range t.Columns {
		fmt.Fprintf(out, `<th scope="col" class="%s">%s</th>`, alignNames[c.Align], Mathematics(c.heading()))
	}
	out.WriteString("</tr>\n</thead>\n<tbody>\n")
	for _, row := range t.Rows {
		out.WriteString("<tr>")
		for j, cell := range row {
			writeHTMLCell(out, t, j, cell)
		}
		out.WriteString("</tr>\n")
	}
	out.WriteString("</tbody>\n</table>\n</div>\n")
	writeHTMLNotes(out, t)
	out.WriteString("</figure>\n")
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

// htmlText writes a power of ten as one, 3.2&times;10<sup>-17</sup>, and mathematics in words as mathematics.
func htmlText(c Cell) string {
	switch {
	case !c.number:
		return Mathematics(c.text)
	case c.numeral.exponent == "":
		return minusSigns.Replace(escapeHTML(c.text))
	}
	n := c.numeral
	return minusSigns.Replace(escapeHTML(n.mantissa+n.parenthesis()) + "×10<sup>" + n.exponent + "</sup>")
}

func writeHTMLNotes(out *bytes.Buffer, t Table) {
	if len(t.Notes) == 0 {
		return
	}
	out.WriteString("<ol class=\"notes\">\n")
	for i, note := range t.Notes {
		fmt.Fprintf(out, "<li id=\"%s-note-%d\">%s</li>\n", t.ID, i+1, Mathematics(note))
	}
	out.WriteString("</ol>\n")
}

func escapeHTML(s string) string { return strings.ReplaceAll(html.EscapeString(s), "\n", "<br/>") }
