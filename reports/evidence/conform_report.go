package evidence

import (
	"fmt"
	"html"
	"strings"

	"causalgrad/reports/table"
)

// Report is the findings as a document, in Markdown or as an HTML page: what a
// person would open an issue with. Each finding has its smallest case in full,
// ready to be replayed.
func (c Conformance) Report(format table.Format) (string, error) {
	d := document{html: format == table.FormatHTML}
	findings := c.findings()
	title := "Findings on " + c.Subject
	if d.html {
		fmt.Fprintf(&d.b, "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>%s</title>\n", html.EscapeString(title))
	}
	d.heading(1, title)
	d.paragraph(fmt.Sprintf("%d of %d laws that could be tried fail; likely causes: %d. Not tried: %d. "+
		"Unit roundoff %.3g, seed %d, %d draws of a cheap law. A right implementation %s.",
		c.Counts.Failed, c.Counts.laws()-c.Counts.untested(), len(findings), c.Counts.untested()+c.Unjudged,
		c.Roundoff, c.Seed, c.Draws, c.byChance()))
	if len(findings) == 0 {
		d.paragraph("There are none.")
	}
	for i, f := range findings {
		first := f.Laws[0]
		d.heading(2, fmt.Sprintf("%d. %s", i+1, f.Cause))
		d.paragraph(fmt.Sprintf("Kind: %s. The plainest case is that of the law %s:", first.Failure.Kind, first.ID))
		var lines []string
		for _, line := range first.lines() {
			lines = append(lines, fmt.Sprintf("%-9s %s", line.label, line.text))
		}
		d.code(lines)
		if len(f.Laws) > 1 {
			d.paragraph("So do, probably of the same cause: " + lawNames(f.Laws[1:], len(f.Laws)) + ".")
		}
	}
	if len(c.Incidents) > 0 {
		d.heading(2, "What the command did")
		d.code(c.Incidents)
	}
	var tables []table.Table
	for _, t := range c.Tables(false) {
		if t.ID != "findings" {
			tables = append(tables, t)
		}
	}
	if err := table.RenderAll(&d.b, format, tables); err != nil {
		return "", err
	}
	return d.b.String(), nil
}

// document is text in Markdown or HTML under way.
type document struct {
	b    strings.Builder
	html bool
}

func (d *document) heading(level int, text string) {
	if d.html {
		fmt.Fprintf(&d.b, "<h%d>%s</h%d>\n", level, html.EscapeString(text), level)
		return
	}
	fmt.Fprintf(&d.b, "%s %s\n\n", strings.Repeat("#", level), literal(text))
}

func (d *document) paragraph(text string) {
	if d.html {
		fmt.Fprintf(&d.b, "<p>%s</p>\n", html.EscapeString(text))
		return
	}
	fmt.Fprintf(&d.b, "%s\n\n", literal(text))
}

// code is indented in Markdown, which no text inside can end.
func (d *document) code(lines []string) {
	if d.html {
		fmt.Fprintf(&d.b, "<pre>%s</pre>\n", html.EscapeString(strings.Join(lines, "\n")))
		return
	}
	fmt.Fprintf(&d.b, "    %s\n\n", strings.Join(lines, "\n    "))
}

// literal protects the characters that mean something in Markdown.
func literal(text string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "<", `\<`, "#", `\#`).Replace(text)
}
