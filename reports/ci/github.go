package ci

import (
	"fmt"
	"io"
	"strings"

	"causalgrad/reports/page"
)

// Limits of GitHub: a larger summary is dropped whole, further annotations of a
// kind in one step are not shown.
const (
	maxSummary     = 1 << 20 // bytes
	maxAnnotations = 10
)

// Summary writes the ledger as Markdown: a count of the verdicts, then one row a
// claim, failures first and those that hold folded away, so that it fits a screen. Rows
// beyond the limit of one MiB are left out, which the last line says.
func Summary(w io.Writer, entries []page.Entry) error {
	if err := checkAll(entries); err != nil {
		return err
	}
	rows := map[ending][]string{}
	for _, e := range entries {
		o := endingOf(e.Verdict)
		rows[o] = append(rows[o], fmt.Sprintf("| %s | **%s** %s | %s |\n", cell(string(e.Verdict)), cell(e.ID), cell(e.Line), code(e.Command)))
	}
	var out strings.Builder
	fmt.Fprintf(&out, "## causalgrad claims\n\n%d hold, %d fail, %d partly, undecided or not run\n\n", len(rows[passed]), len(rows[failed]), len(rows[skipped]))
	const head, reserve = "| verdict | claim | reproduce |\n|---|---|---|\n", 300 // for the last lines
	left := 0
	list := func(rows []string) {
		for _, row := range rows {
			if left > 0 || out.Len()+len(row)+reserve > maxSummary {
				left++
				continue
			}
			out.WriteString(row)
		}
	}
	if others := append(rows[failed], rows[skipped]...); len(others) > 0 {
		out.WriteString(head)
		list(others)
	}
	if len(rows[passed]) > 0 {
		fmt.Fprintf(&out, "\n<details><summary>claims that hold: %d</summary>\n\n%s", len(rows[passed]), head)
		list(rows[passed])
		out.WriteString("\n</details>\n")
	}
	if left > 0 {
		fmt.Fprintf(&out, "\n%d more claims are left out: a summary is limited to 1 MiB.\n", left)
	}
	return write(w, "step summary", out.String()+"\n")
}

var markdown = strings.NewReplacer("\\", "\\\\", "|", "\\|", "\r", "", "\n", " ", "<", "&lt;", "*", "\\*", "_", "\\_", "`", "\\`")

func cell(s string) string { return markdown.Replace(s) }

// code is a command in a table cell, as HTML: no Markdown fence survives a
// backquote and a pipe at once.
func code(s string) string {
	return "<code>" + strings.NewReplacer("&", "&amp;", "<", "&lt;", "|", "&#124;", "\r", "", "\n", " ", "*", "&#42;", "_", "&#95;", "`", "&#96;", "\\", "&#92;").Replace(s) + "</code>"
}

// Annotations writes an error command for each failing claim, at most ten, the last of
// which says how many are missing.
func Annotations(w io.Writer, entries []page.Entry) error {
	if err := checkAll(entries); err != nil {
		return err
	}
	var failing []page.Entry
	for _, e := range entries {
		if endingOf(e.Verdict) == failed {
			failing = append(failing, e)
		}
	}
	var out strings.Builder
	for i, e := range failing {
		if i == maxAnnotations-1 && len(failing) > maxAnnotations {
			fmt.Fprintf(&out, "::error title=causalgrad::%d more claims fail; the step summary lists them\n", len(failing)-i)
			break
		}
		fmt.Fprintf(&out, "::error title=%s::%s\n", property.Replace("claim "+e.ID+" fails"),
			data.Replace(fmt.Sprintf("%s %s\nreproduce: %s", e.Statement, e.Text(), e.Command)))
	}
	return write(w, "annotations", out.String())
}

// The escapes of workflow commands, in their data and in their properties.
var (
	data     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
