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
// claim, failures first. Rows beyond the limit of one MiB are left out, which the
// last line says.
func Summary(w io.Writer, entries []page.Entry) error {
	if err := checkAll(entries); err != nil {
		return err
	}
	counts := map[outcome]int{}
	for _, e := range entries {
		counts[outcomeOf(e.Verdict)]++
	}
	var out strings.Builder
	fmt.Fprintf(&out, "## causalgrad claims\n\n%d hold, %d fail, %d partly, undecided or not run\n\n", counts[passed], counts[failed], counts[skipped])
	out.WriteString("| verdict | claim | numbers | reproduce |\n|---|---|---|---|\n")
	const reserve = 200 // for the last line
	left := 0
	for _, want := range []outcome{failed, skipped, passed} {
		for _, e := range entries {
			if outcomeOf(e.Verdict) != want {
				continue
			}
			row := fmt.Sprintf("| %s | **%s** %s | %s | %s |\n", cell(string(e.Verdict)), cell(e.ID), cell(e.Statement), cell(e.Text()), code(e.Command))
			if left > 0 || out.Len()+len(row)+reserve > maxSummary {
				left++
				continue
			}
			out.WriteString(row)
		}
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
		if outcomeOf(e.Verdict) == failed {
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
