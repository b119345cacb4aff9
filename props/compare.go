package props

import (
	"fmt"
	"math"

	"causalgrad/golden/stat"
	"pgregory.net/rapid"
)

// The comparisons of the laws. A NaN fails every one of them.

// within demands |got-want| <= tolerance.
func within(t *rapid.T, c Case, what string, got, want, tolerance float64) {
	if miss := math.Abs(got - want); !(miss <= tolerance) {
		Violation(t, Counterexample{c.String(), what, fmt.Sprintf("%v within %.3g", want, tolerance),
			fmt.Sprint(got), excess(miss, tolerance)})
	}
}

// withinAll demands it of every entry, and reports the worst one.
func withinAll(t *rapid.T, c Case, what string, got, want []float64, tolerance float64) {
	if len(got) != len(want) {
		Violation(t, Counterexample{c.String(), what, fmt.Sprintf("%d numbers", len(want)), fmt.Sprintf("%d numbers", len(got)), -1})
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
func withinMatrix(t *rapid.T, c Case, what string, got, want [][]float64, tolerance float64) {
	row, column, worst := -1, -1, -1.0
	for i := range want {
		if len(got) != len(want) || len(got[i]) != len(want[i]) {
			Violation(t, Counterexample{c.String(), what, "the shape of the other matrix", "another shape", -1})
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
func atMost(t *rapid.T, c Case, what string, got, bound, slack float64) {
	if !(got <= bound+slack) {
		Violation(t, Counterexample{c.String(), what, fmt.Sprintf("at most %v within %.3g", bound, slack), fmt.Sprint(got), excess(got-bound, slack)})
	}
}

// atLeast demands got >= bound - slack.
func atLeast(t *rapid.T, c Case, what string, got, bound, slack float64) {
	if !(got >= bound-slack) {
		Violation(t, Counterexample{c.String(), what, fmt.Sprintf("at least %v within %.3g", bound, slack), fmt.Sprint(got), excess(bound-got, slack)})
	}
}

// equal demands the same bits of every entry; nil and empty agree.
func equal[T comparable](t *rapid.T, c Case, what string, got, want []T) {
	if len(got) != len(want) {
		Violation(t, Counterexample{c.String(), what, fmt.Sprintf("%d values", len(want)), fmt.Sprintf("%d values", len(got)), math.Inf(1)})
	}
	for i := range got {
		if got[i] != want[i] {
			Violation(t, Counterexample{c.String(), fmt.Sprintf("%s[%d]", what, i), fmt.Sprintf("%v exactly", want[i]), fmt.Sprint(got[i]), math.Inf(1)})
		}
	}
}

// demand demands ok; expected says of what.
func demand(t *rapid.T, c Case, ok bool, what, expected, got string) {
	if !ok {
		Violation(t, Counterexample{c.String(), what, expected, got, -1})
	}
}

// plausible demands that a test at error rate alpha does not call the data
// different from what the law says.
func plausible(t *rapid.T, c Case, what string, o stat.Outcome, err error, expected, got string) {
	if err != nil {
		Violation(t, Counterexample{c.String(), what, expected, "data that cannot be tested: " + err.Error(), -1})
	}
	if o.Verdict == stat.Different {
		Violation(t, Counterexample{c.String(), what, expected, fmt.Sprintf("%s, which has probability %.3g (limit %.3g)", got, o.P, o.Alpha), -1})
	}
}

func excess(miss, tolerance float64) float64 {
	if tolerance <= 0 || math.IsNaN(miss) {
		return math.Inf(1)
	}
	return miss / tolerance
}

// at names an entry of a matrix.
func at(what string, i, k int) string { return fmt.Sprintf("%s[%d][%d]", what, i, k) }

func itoa(i int) string { return fmt.Sprint(i) }
