// Package close compares floating-point numbers in one place, so that no
// comparison in the project can be passed by a NaN.
//
// It never chooses a tolerance: the caller states one and derives it beside
// the call.
package close

import (
	"fmt"
	"math"
)

// Within reports whether |got-want| <= abs + rel*|want|. It returns nil when
// that holds and an error with both values and the excess otherwise. A NaN in
// any argument is an error; infinities agree only with themselves.
func Within(got, want, rel, abs float64) error {
	for _, v := range [...]float64{got, want, rel, abs} {
		if math.IsNaN(v) {
			return fmt.Errorf("got %v, want %v (rel %g, abs %g): NaN never compares", got, want, rel, abs)
		}
	}
	if math.IsInf(got, 0) || math.IsInf(want, 0) {
		if got == want {
			return nil
		}
		return fmt.Errorf("got %v, want %v", got, want)
	}
	tolerance := abs + float64(rel*math.Abs(want))
	if diff := math.Abs(got - want); diff > tolerance {
		return fmt.Errorf("got %v, want %v: off by %.3g, tolerance %.3g", got, want, diff, tolerance)
	}
	return nil
}

// AllWithin applies Within to each pair and names the first index that fails.
// Slices of different lengths are an error.
func AllWithin(got, want []float64, rel, abs float64) error {
	if len(got) != len(want) {
		return fmt.Errorf("got %d values, want %d", len(got), len(want))
	}
	for i := range got {
		if err := Within(got[i], want[i], rel, abs); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
	}
	return nil
}

// RelativeError is |got-want|/scale, where scale is the largest magnitude in
// want (so that entries near 0 are judged against their neighbours); it is
// NaN when any value is NaN and |got| itself where want is all zero.
func RelativeError(got, want []float64) float64 {
	var worst, scale float64
	for i := range want {
		worst = math.Max(worst, math.Abs(got[i]-want[i]))
		scale = math.Max(scale, math.Abs(want[i]))
	}
	if scale == 0 {
		return worst
	}
	return worst / scale
}
