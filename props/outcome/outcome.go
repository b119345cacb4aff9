// Package outcome has what the laws of package props end with: the verdict, the
// counterexample, and what the draws met and left out. It asks no subject
// anything; a test that calls props.Test never needs it.
package outcome

import (
	"fmt"
	"strings"
)

// Verdict is what a run says of a law.
type Verdict string

// The verdicts. Only the first two say something of the subject.
const (
	Passed        Verdict = "passed"
	Failed        Verdict = "failed"
	NotApplicable Verdict = "not applicable" // the subject lacks a capability, or its scope has no case of the law
	NotTried      Verdict = "not tried"      // the subject covered too few of the draws
	Error         Verdict = "error"          // the law could not be tested: not the subject's fault
)

// The kinds of counterexamples.
const (
	WrongAnswer = "wrong answer"
	Refusal     = "refusal"   // an error where an answer was due
	NoAnswer    = "no answer" // a panic, or a command that crashed, fell silent or printed something else
)

// Counterexample is one case on which a law fails.
type Counterexample struct {
	// Kind tells a wrong answer from none: WrongAnswer, Refusal or NoAnswer.
	Kind string `json:"kind"`
	Case string `json:"case"` // in the command's grammar
	What string `json:"what"` // the quantity compared, "signal[2][1]"
	// Expected and Got are what the law demands of it and what the subject said.
	Expected string `json:"expected"`
	Got      string `json:"got"`
	// OffBy is by how much the answer misses, in units of the tolerance: above 1,
	// and 0 where nothing but equality will do or a distance has no meaning.
	OffBy float64 `json:"off_by,omitempty"`
	// Flaky tells that the same question got different answers: the case then
	// does not always fail.
	Flaky bool `json:"flaky"`
}

// String is the counterexample in a few lines without a trailing newline.
func (x Counterexample) String() string {
	var b strings.Builder
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%-9s %s\n", label+":", text)
		}
	}
	line("case", x.Case)
	line("what", x.What)
	line("expected", x.Expected)
	line("got", x.Got)
	if x.Kind != WrongAnswer {
		line("kind", x.Kind)
	}
	if x.OffBy > 0 {
		line("off by", fmt.Sprintf("%.3g times the tolerance", x.OffBy))
	}
	if x.Flaky {
		line("note", "the same question got different answers")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// LeftOut counts the draws that a law left out for one reason.
type LeftOut struct {
	// Why is "scope" where the subject's Scope excludes what was drawn,
	// "unsupported" where it answered with ErrUnsupported, and "no claim" where
	// the law claims nothing of what was drawn.
	Why    string `json:"why"`
	Reason string `json:"reason"`
	Draws  int    `json:"draws"`
}
