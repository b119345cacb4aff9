package stat

import "fmt"

// Verdict is the answer to a comparison, in a word.
type Verdict string

const (
	// Equivalent: the difference is shown, at error rate alpha, to be within the margin.
	Equivalent Verdict = "equivalent"
	// Different: a difference is shown at error rate alpha.
	Different Verdict = "different"
	// Undecided: these data show neither. It is not a form of agreement.
	Undecided Verdict = "undecided"
)

// Interval is a two-sided confidence interval: over repeated data it covers
// the true value with probability Confidence (or nearly; see the function that built it).
type Interval struct {
	Lo         float64 `json:"lo"`
	Hi         float64 `json:"hi"`
	Confidence float64 `json:"confidence"`
}

// Contains reports whether v lies in the closed interval.
func (i Interval) Contains(v float64) bool { return i.Lo <= v && v <= i.Hi }

// String prints the interval with its confidence, as in "[0.23, 0.24] (95%)".
func (i Interval) String() string {
	return fmt.Sprintf("[%.6g, %.6g] (%.6g%%)", i.Lo, i.Hi, 100*i.Confidence)
}

// Outcome is what every significance test reports.
type Outcome struct {
	// P is the two-sided p-value.
	P float64 `json:"p"`
	// LeastP is the least P that any data of this size could have given; 0 where there is no such floor.
	LeastP float64 `json:"least_p"`
	// Alpha is the error rate the caller asked for.
	Alpha float64 `json:"alpha"`
	// Verdict is Different if P <= Alpha and Undecided otherwise; never Equivalent.
	Verdict Verdict `json:"verdict"`
	// Warnings says what weakens the answer and what would help.
	Warnings []string `json:"warnings,omitempty"`
}

// newOutcome fills an Outcome. need completes the warning given when no data
// of this size could have been called different.
func newOutcome(p, leastP, alpha float64, need string) Outcome {
	o := Outcome{P: min(p, 1), LeastP: min(leastP, 1), Alpha: alpha, Verdict: Undecided}
	if o.P <= alpha {
		o.Verdict = Different
	}
	if o.LeastP > alpha {
		o.Warnings = append(o.Warnings, fmt.Sprintf(
			"%s to call anything different at alpha %g: the least possible P here is %.3g", need, alpha, o.LeastP))
	}
	return o
}
