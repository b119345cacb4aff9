package props

import (
	"fmt"
	"math"
	"strings"
)

// Verdict is what a run says of a law.
type Verdict string

// The verdicts. A law that is not applicable has not been tested.
const (
	Passed        Verdict = "passed"
	Failed        Verdict = "failed"
	NotApplicable Verdict = "not applicable"
	Error         Verdict = "error" // the law could not be tested: not the subject's fault
)

// Result is the outcome of one law.
type Result struct {
	Law     Law
	Subject string
	Verdict Verdict
	Missing Capability // why it is not applicable
	Draws   int        // draws that held; a failing one is not counted
	// Failure is the shrunk counterexample of a failed law.
	Failure *Counterexample
	// Flaky tells that the same question got different answers: the case then
	// does not always fail.
	Flaky bool
	// Message explains an error in one line.
	Message string
	// Seed, Asked and Shrinks are the options of the run: Replay's.
	Seed     uint64
	Asked    int
	Shrinks  int
	Coverage []Cover
	Classes  []ClassCount
}

// judge fills in the verdict from what was recorded.
func (r *Result) judge(rec *recorder, tb *capture, shrinks int) {
	r.Verdict, r.Draws = Passed, rec.draws
	r.Coverage, r.Classes = rec.coverage(), rec.classCounts()
	switch {
	case rec.failed:
		r.Verdict, r.Failure = Failed, rec.counterexample
		if r.Failure == nil {
			r.Failure = &Counterexample{Case: "(the law did not say)", Expected: "an answer", Got: rec.panicked, Excess: -1}
		}
		// The budget of shrinks can end between a failure and its repetition,
		// which to rapid looks the same.
		r.Flaky = strings.Contains(tb.text, "flaky test") && rec.shrinking <= shrinks
	case tb.failed:
		r.Verdict = Error
		r.Message, _, _ = strings.Cut(tb.text, "\n")
	}
}

// Replay is the command that repeats the result.
func (r Result) Replay() string {
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

// FalseAlarm bounds the probability that a right subject fails the law in a
// run under o.
func (o Options) FalseAlarm(l Law) float64 {
	return math.Min(float64(o.draws(l))*l.FalseAlarm, 1)
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
		fmt.Fprintf(&b, " (%s cannot %s)", r.Subject, r.Missing)
	case Error:
		fmt.Fprintf(&b, " (%s)", r.Message)
	case Failed:
		fmt.Fprintf(&b, " after %d draws\nclaim:    %s (%s)\n%s", r.Draws, r.Law.Sentence, r.Law.Source, r.Failure)
		if r.Flaky {
			b.WriteString("\nnote:     the same question got different answers")
		}
		fmt.Fprintf(&b, "\nreplay:   %s", r.Replay())
	}
	return b.String()
}
