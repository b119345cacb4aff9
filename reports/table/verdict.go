package table

import "strings"

// Verdict is the word a claim, finding or law ends with. The empty Verdict is none.
type Verdict string

// The verdicts: the first five for claims and findings, the last two for laws and comparisons.
const (
	Holds     Verdict = "holds"
	Fails     Verdict = "fails"
	Partly    Verdict = "partly"
	Undecided Verdict = "undecided"
	NotRun    Verdict = "not run"
	Pass      Verdict = "pass"
	Fail      Verdict = "FAIL"
)

var verdicts = []Verdict{Holds, Fails, Partly, Undecided, NotRun, Pass, Fail}

// Cell is a text cell that shows the verdict.
func (v Verdict) Cell() Cell { return Text(string(v)).WithVerdict(v) }

func (v Verdict) known() bool {
	for _, known := range verdicts {
		if v == known {
			return true
		}
	}
	return false
}

// class is the verdict as an HTML class: "verdict-not-run".
func (v Verdict) class() string {
	return "verdict-" + strings.ReplaceAll(strings.ToLower(string(v)), " ", "-")
}

// colour is the verdict's ANSI escape: green for good, red for bad, yellow for neither, faint for absent.
func (v Verdict) colour() string {
	switch v {
	case Holds, Pass:
		return "\x1b[32m"
	case Fails, Fail:
		return "\x1b[1;31m"
	case Partly, Undecided:
		return "\x1b[33m"
	case NotRun:
		return "\x1b[2m"
	}
	return ""
}

func verdictList() string {
	names := make([]string, len(verdicts))
	for i, v := range verdicts {
		names[i] = string(v)
	}
	return strings.Join(names, "|")
}

// Painted is text in the verdict's colour, for a terminal.
func (v Verdict) Painted(text string) string { return painted([]string{text}, v.colour())[0] }
