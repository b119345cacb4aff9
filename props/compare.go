package props

import (
	"fmt"
	"math"

	"causalgrad/golden/stat"
	"causalgrad/props/outcome"
	"pgregory.net/rapid"
)

// The comparisons of the laws. A NaN fails every one of them.

// coarsest is the largest tolerance that a draw may have of a stationary probability, an
// information, a signal or a gradient. These are of order 0.01 to 1, so above it a wrong
// answer would pass.
const coarsest = 1e-3

// tellable leaves out a draw whose tolerance would hide a mistake: on a chain that
// hardly ever leaves a set of tokens the stationary distribution is known to a few
// digits only, fewer the coarser the subject's arithmetic is.
func tellable(t *rapid.T, tolerance float64) float64 {
	if !(tolerance <= coarsest) {
		leaveOut(t, noClaim, "rounding on this nearly reducible chain may hide a mistake")
	}
	return tolerance
}

// within demands |got-want| <= tolerance. Where a law compares two answers of
// the subject, want is one of them and may be infinite.
func within(t *rapid.T, c question, what string, got, want, tolerance float64) {
	if math.IsInf(want, 0) || math.IsNaN(want) {
		violate(t, c, what, "two finite numbers that agree", fmt.Sprintf("%v and %v", want, got))
	}
	if miss := math.Abs(got - want); !(miss <= tolerance) {
		missed(t, c, what, fmt.Sprintf("%v within %.3g", want, tolerance), got, miss, tolerance)
	}
}

// withinAll demands it of every entry, and reports the worst one.
func withinAll(t *rapid.T, c question, what string, got, want []float64, tolerance float64) {
	if len(got) != len(want) {
		violate(t, c, what, fmt.Sprintf("%d numbers", len(want)), fmt.Sprintf("%d numbers", len(got)))
	}
	worst, at := 0.0, -1
	for i := range got {
		miss := math.Abs(got[i] - want[i])
		if math.IsNaN(miss) {
			worst, at = miss, i
			break
		}
		if miss > worst {
			worst, at = miss, i
		}
	}
	if at >= 0 {
		within(t, c, fmt.Sprintf("%s[%d]", what, at), got[at], want[at], tolerance)
	}
}

// withinMatrix demands it of every entry of a matrix with want's shape, and
// reports the worst one.
func withinMatrix(t *rapid.T, c question, what string, got, want [][]float64, tolerance float64) {
	row, column, worst := -1, -1, -1.0
	for i := range want {
		if len(got) != len(want) || len(got[i]) != len(want[i]) {
			violate(t, c, what, "the shape of the other matrix", "another shape")
		}
		for k := range want[i] {
			miss := math.Abs(got[i][k] - want[i][k])
			if math.IsNaN(miss) {
				miss = math.Inf(1)
			}
			if miss > worst {
				row, column, worst = i, k, miss
			}
		}
	}
	if row >= 0 {
		within(t, c, fmt.Sprintf("%s[%d][%d]", what, row, column), got[row][column], want[row][column], tolerance)
	}
}

// atMost demands got <= bound + slack.
func atMost(t *rapid.T, c question, what string, got, bound, slack float64) {
	if !(got <= bound+slack) {
		missed(t, c, what, fmt.Sprintf("at most %v within %.3g", bound, slack), got, got-bound, slack)
	}
}

// atLeast demands got >= bound - slack.
func atLeast(t *rapid.T, c question, what string, got, bound, slack float64) {
	if !(got >= bound-slack) {
		missed(t, c, what, fmt.Sprintf("at least %v within %.3g", bound, slack), got, bound-got, slack)
	}
}

// equal demands the same bits of every entry; nil and empty agree.
func equal[T comparable](t *rapid.T, c question, what string, got, want []T) {
	if len(got) != len(want) {
		violate(t, c, what, fmt.Sprintf("%d values", len(want)), fmt.Sprintf("%d values", len(got)))
	}
	for i := range got {
		if got[i] != want[i] {
			violate(t, c, fmt.Sprintf("%s[%d]", what, i), fmt.Sprintf("%v exactly", want[i]), fmt.Sprint(got[i]))
		}
	}
}

// demand demands ok; expected says of what.
func demand(t *rapid.T, c question, ok bool, what, expected, got string) {
	if !ok {
		violate(t, c, what, expected, got)
	}
}

// plausible demands that a test at error rate alpha does not call the data
// different from what the law says.
func plausible(t *rapid.T, c question, what string, o stat.Outcome, err error, expected, got string) {
	if err != nil {
		violate(t, c, what, expected, "data that cannot be tested: "+err.Error())
	}
	if o.Verdict == stat.Different {
		violate(t, c, what, expected, fmt.Sprintf("%s, which has probability %.3g (limit %.3g)", got, o.P, o.Alpha))
	}
}

// missed ends the draw: got misses what is expected by more than the tolerance.
func missed(t *rapid.T, c question, what, expected string, got, miss, tolerance float64) {
	x := outcome.Counterexample{Case: c.String(), What: what, Expected: expected, Got: fmt.Sprint(got)}
	if tolerance > 0 && !math.IsNaN(miss) && !math.IsInf(miss, 0) {
		x.OffBy = miss / tolerance
	}
	fail(t, x)
}

// entryText names an entry of a matrix.
func entryText(what string, i, k int) string { return fmt.Sprintf("%s[%d][%d]", what, i, k) }

// sampleAlarm is the false-alarm rate of one draw of a sampling law, shared by
// all comparisons that the draw makes (Bonferroni). Every test below keeps its
// rate exactly, at any sample size: no normal approximation is used.
const sampleAlarm = 1e-9

// counted demands that counts out of n independent trials fit the
// probabilities of their cells, by one exact binomial test a cell.
func counted(t *rapid.T, c question, what func(cell int) string, counts []int, n int, probability []float64, alarm float64) {
	for cell, k := range counts {
		p := math.Min(probability[cell], 1) // a product of rounded probabilities
		o, err := stat.BinomialTest(k, n, p, alarm/float64(len(counts)))
		plausible(t, c, what(cell), o, err,
			fmt.Sprintf("probability %.6g", p), fmt.Sprintf("%d of %d (%.6g)", k, n, float64(k)/float64(n)))
	}
}

// balance is a sum of independent centred terms, each at most 1 in size.
type balance struct{ sum, variance float64 }

// add adds a term with its variance (or a bound of it).
func (b *balance) add(term, variance float64) {
	b.sum += term
	b.variance += variance
}

// zero demands that the sum is what its variance allows, by Bernstein's
// inequality: P(|sum| > x) <= 2 exp(-x^2 / (2 (V + x/3))), which is solved for
// the x that has probability alarm.
func (b balance) zero(t *rapid.T, c question, what string, alarm float64) {
	l := math.Log(2 / alarm)
	within(t, c, what, b.sum, 0, l/3+math.Sqrt(l*l/9+2*b.variance*l))
}
