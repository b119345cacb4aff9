package table

import (
	"slices"
	"strings"

	"causalgrad/theory/verdict"
)

// Verdict is a text cell that shows the verdict.
func Verdict(v verdict.Verdict) Cell { return Text(string(v)).WithVerdict(v) }

func known(v verdict.Verdict) bool { return slices.Contains(verdict.All(), v) }

// classOf is the verdict as an HTML class: "verdict-not-run".
func classOf(v verdict.Verdict) string {
	return "verdict-" + strings.ReplaceAll(strings.ToLower(string(v)), " ", "-")
}

// colourOf is the verdict's ANSI escape: green for good, red for bad, yellow for neither, faint for absent.
func colourOf(v verdict.Verdict) string {
	switch v {
	case verdict.Holds, verdict.Pass:
		return "\x1b[32m"
	case verdict.Fails, verdict.Fail:
		return "\x1b[1;31m"
	case verdict.Partly, verdict.Undecided:
		return "\x1b[33m"
	case verdict.NotRun:
		return "\x1b[2m"
	}
	return ""
}

func verdictList() string {
	var names []string
	for _, v := range verdict.All() {
		names = append(names, string(v))
	}
	return strings.Join(names, "|")
}

// Painted is text in a verdict's colour, for a terminal.
func Painted(v verdict.Verdict, text string) string { return painted([]string{text}, colourOf(v))[0] }
