package props

import (
	"cmp"
	"fmt"
	"strings"

	"causalgrad/props/outcome"
)

// Result is the outcome of one law.
type Result struct {
	Law
	Subject string          `json:"-"`
	Verdict outcome.Verdict `json:"verdict"`
	Draws   int             `json:"draws"` // that held; a failing one is not counted
	// LeftOut counts the draws that were left out, by their reason: neither held
	// nor failed, and replaced by other draws.
	LeftOut []outcome.LeftOut `json:"left_out,omitempty"`
	// Missing is why it is not applicable, where the subject's scope is not why.
	Missing Capability `json:"missing,omitempty"`
	// Message explains in one line an error, or why a law was not tried or is not
	// applicable though no capability is missing.
	Message string `json:"message,omitempty"`
	// Failure is the shrunk counterexample of a failed law.
	Failure *outcome.Counterexample `json:"failure,omitempty"`
	// Seed, Asked and Shrinks are the options of the run: Replay's.
	Seed    uint64 `json:"-"`
	Asked   int    `json:"-"`
	Shrinks int    `json:"-"`
	// Met counts the conditions and classes that the draws met, until the first
	// failure.
	Met   outcome.Counts `json:"-"`
	again string         // Replay's in a test
}

// judge fills in the verdict from what was recorded.
func (r *Result) judge(rec *recorder, tb *capture, shrinks int) {
	r.Verdict, r.Draws = outcome.Passed, rec.draws
	r.Met, r.LeftOut = rec.met, rec.leftOut
	switch {
	case rec.failed:
		r.Verdict, r.Failure = outcome.Failed, rec.counterexample
		if r.Failure == nil {
			r.Failure = &outcome.Counterexample{Kind: outcome.NoAnswer, Case: "(the law did not say)", Expected: "an answer", Got: rec.panicked}
		}
		// The budget of shrinks can end between a failure and its repetition,
		// which to rapid looks the same.
		r.Failure.Flaky = strings.Contains(tb.text, "flaky test") && rec.shrinking <= shrinks
	case tb.failed || rec.hopeless():
		r.Verdict = outcome.Error
		r.Message, _, _ = strings.Cut(tb.text, "\n")
		if out := rec.notCovered(); out != nil {
			r.Verdict, r.Message = outcome.NotTried, fmt.Sprintf("only %d draws were covered: %s", rec.draws, out.Reason)
			if out.Why == outsideScope && rec.draws == 0 {
				r.Verdict, r.Message = outcome.NotApplicable, out.Reason
			}
		}
	}
}

// Replay is the command that repeats the result: in a test the test itself,
// elsewhere the run of the command line, behind which a subject's own command
// goes. program is how that is started; "" means causalgrad.
func (r Result) Replay(program string) string {
	if r.again != "" {
		return r.again
	}
	draws := r.Asked
	if draws == 0 {
		draws = DefaultDraws
	}
	text := fmt.Sprintf("%s conform --law %s --seed %d --draws %d", cmp.Or(program, "causalgrad"), r.Law.ID, r.Seed, draws)
	if r.Shrinks != 0 { // the budget decides which case is the smallest
		text += fmt.Sprintf(" --shrinks %d", max(r.Shrinks, 0))
	}
	return text
}

// Why says why the law was not tested; "" where it was.
func (r Result) Why() string {
	if r.Missing != "" {
		return fmt.Sprintf("%s lacks the capability %s", r.Subject, r.Missing)
	}
	return r.Message
}

// several is a number with its noun: "1 draw", "2 draws".
func several(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// String is the result in one line, and for a failed law its claim, the case,
// and the command that replays it.
func (r Result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", r.Law.ID, r.Verdict)
	switch r.Verdict {
	case outcome.Passed:
		fmt.Fprintf(&b, " (%s)", several(r.Draws, "draw"))
	case outcome.NotApplicable:
		fmt.Fprintf(&b, " (%s)", r.Why())
	case outcome.Error, outcome.NotTried:
		fmt.Fprintf(&b, " (%s)", r.Message)
	case outcome.Failed:
		fmt.Fprintf(&b, " after %s\nclaim:    %s (%s)\n%s", several(r.Draws, "draw"), r.Law.Sentence, r.Law.Source, r.Failure)
		fmt.Fprintf(&b, "\nreplay:   %s", r.Replay(""))
	}
	return b.String()
}
