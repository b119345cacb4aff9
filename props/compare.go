package props

import (
	"fmt"
	"math"

	"causalgrad/golden/stat"
	"pgregory.net/rapid"
)

// The comparisons of the laws. A NaN fails every one of them.

// Within demands |got-want| <= tolerance.
func Within(t *rapid.T, c Case, what string, got, want, tolerance float64) {
	if miss := math.Abs(got - want); !(miss <= tolerance) {
		Violation(t, Counterexample{c.String(), what, fmt.Sprintf("%v within %.3g", want, tolerance),
			fmt.Sprint(got), excess(miss, tolerance)})
	}
}

// WithinAll demands it of every entry, and reports the worst one.
func WithinAll(t *rapid.T, c Case, what string, got, want []float64, tolerance float64) {
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
		Within(t, c, fmt.Sprintf("%s[%d]", what, at), got[at], want[at], tolerance)
	}
}

// WithinMatrix demands it of every entry of a matrix with want's shape, and
// reports the worst one.
func WithinMatrix(t *rapid.T, c Case, what string, got, want [][]float64, tolerance float64) {
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
		Within(t, c, fmt.Sprintf("%s[%d][%d]", what, row, column), got[row][column], want[row][column], tolerance)
	}
}

// AtMost demands got <= bound + slack.
func AtMost(t *rapid.T, c Case, what string, got, bound, slack float64) {
	if !(got <= bound+slack) {
		Violation(t, Counterexample{c.String(), what, fmt.Sprintf("at most %v within %.3g", bound, slack), fmt.Sprint(got), excess(got-bound, slack)})
	}
}

// AtLeast demands got >= bound - slack.
func AtLeast(t *rapid.T, c Case, what string, got, bound, slack float64) {
	if !(got >= bound-slack) {
		Violation(t, Counterexample{c.String(), what, fmt.Sprintf("at least %v within %.3g", bound, slack), fmt.Sprint(got), excess(bound-got, slack)})
	}
}

// Equal demands the same bits of every entry; nil and empty agree.
func Equal[T comparable](t *rapid.T, c Case, what string, got, want []T) {
	if len(got) != len(want) {
		Violation(t, Counterexample{c.String(), what, fmt.Sprintf("%d values", len(want)), fmt.Sprintf("%d values", len(got)), math.Inf(1)})
	}
	for i := range got {
		if got[i] != want[i] {
			Violation(t, Counterexample{c.String(), fmt.Sprintf("%s[%d]", what, i), fmt.Sprintf("%v exactly", want[i]), fmt.Sprint(got[i]), math.Inf(1)})
		}
	}
}

// Demand demands ok; expected says of what.
func Demand(t *rapid.T, c Case, ok bool, what, expected, got string) {
	if !ok {
		Violation(t, Counterexample{c.String(), what, expected, got, -1})
	}
}

// Plausible demands that a test at error rate alpha does not call the data
// different from what the law says.
func Plausible(t *rapid.T, c Case, what string, o stat.Outcome, err error, expected, got string) {
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

// At names an entry of a matrix.
func At(what string, i, k int) string { return fmt.Sprintf("%s[%d][%d]", what, i, k) }

// BitsOf makes -0 differ from 0, and a NaN equal to itself.
func BitsOf(values []float64) []uint64 {
	bits := make([]uint64, len(values))
	for i, v := range values {
		bits[i] = math.Float64bits(v)
	}
	return bits
}
