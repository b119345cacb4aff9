package props

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

// Result is the outcome of one law.
type Result struct {
	Law
	Subject string  `json:"-"`
	Verdict Verdict `json:"verdict"`
	Draws   int     `json:"draws"` // that held; a failing one is not counted
	// Missing is why it is not applicable, where the subject's scope is not why.
	Missing Capability `json:"missing,omitempty"`
	// Message explains in one line an error, or why a law was not tried or is not
	// applicable though no capability is missing.
	Message string `json:"message,omitempty"`
	// LeftOut counts the draws that were left out, by their reason: neither held
	// nor failed, and replaced by other draws.
	LeftOut []LeftOut `json:"left_out,omitempty"`
	// Failure is the shrunk counterexample of a failed law.
	Failure *Counterexample `json:"failure,omitempty"`
	// Seed, Asked and Shrinks are the options of the run: Replay's.
	Seed    uint64 `json:"-"`
	Asked   int    `json:"-"`
	Shrinks int    `json:"-"`
	// Coverage counts the draws that met a theorem's condition, Classes those of
	// a generator's class. Neither counts draws after the first failure.
	Coverage []Hypothesis `json:"-"`
	Classes  []ClassCount `json:"-"`
	again    string       // Replay's in a test
}

// judge fills in the verdict from what was recorded.
func (r *Result) judge(rec *recorder, tb *capture, shrinks int) {
	r.Verdict, r.Draws = Passed, rec.draws
	r.Coverage, r.Classes, r.LeftOut = rec.coverage(), rec.classCounts(), rec.leftOut
	switch {
	case rec.failed:
		r.Verdict, r.Failure = Failed, rec.counterexample
		if r.Failure == nil {
			r.Failure = &Counterexample{Kind: NoAnswer, Case: "(the law did not say)", Expected: "an answer", Got: rec.panicked}
		}
		// The budget of shrinks can end between a failure and its repetition,
		// which to rapid looks the same.
		r.Failure.Flaky = strings.Contains(tb.text, "flaky test") && rec.shrinking <= shrinks
	case tb.failed || rec.hopeless():
		r.Verdict = Error
		r.Message, _, _ = strings.Cut(tb.text, "\n")
		if out := rec.notCovered(); out != nil {
			r.Verdict, r.Message = NotTried, fmt.Sprintf("only %d draws were covered: %s", rec.draws, out.Reason)
			if out.Why == outsideScope && rec.draws == 0 {
				r.Verdict, r.Message = NotApplicable, out.Reason
			}
		}
	}
}

// Replay is the command that repeats the result: in a test the test itself,
// elsewhere the run of the command line, behind which a subject's own command
// goes.
func (r Result) Replay() string {
	if r.again != "" {
		return r.again
	}
	draws := r.Asked
	if draws == 0 {
		draws = DefaultDraws
	}
	text := fmt.Sprintf("causalgrad conform --law %s --seed %d --draws %d", r.Law.ID, r.Seed, draws)
	if r.Shrinks != 0 { // the budget decides which case is the smallest
		text += fmt.Sprintf(" --shrinks %d", max(r.Shrinks, 0))
	}
	return text
}

// Why says why the law was not tested; "" where it was.
func (r Result) Why() string {
	if r.Missing != "" {
		return fmt.Sprintf("%s cannot %s", r.Subject, r.Missing)
	}
	return r.Message
}

// String is the result in one line, and for a failed law its claim, the case,
// and the command that replays it.
func (r Result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", r.Law.ID, r.Verdict)
	switch r.Verdict {
	case Passed:
		fmt.Fprintf(&b, " (%d draws)", r.Draws)
	case NotApplicable:
		fmt.Fprintf(&b, " (%s)", r.Why())
	case Error, NotTried:
		fmt.Fprintf(&b, " (%s)", r.Message)
	case Failed:
		fmt.Fprintf(&b, " after %d draws\nclaim:    %s (%s)\n%s", r.Draws, r.Law.Sentence, r.Law.Source, r.Failure)
		fmt.Fprintf(&b, "\nreplay:   %s", r.Replay())
	}
	return b.String()
}
