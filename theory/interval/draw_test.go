package interval

import (
	"math"
	"math/big"

	"pgregory.net/rapid"
)

// drawFloat crosses the whole range of float64: sums that cancel, products that
// underflow and overflow.
func drawFloat(t *rapid.T, label string) float64 {
	switch rapid.IntRange(0, 5).Draw(t, label+" kind") {
	case 0:
		return float64(rapid.IntRange(-3, 3).Draw(t, label))
	case 1:
		return rapid.Float64Range(-1e308, 1e308).Draw(t, label)
	case 2:
		return rapid.Float64Range(-1e-300, 1e-300).Draw(t, label)
	}
	return rapid.Float64Range(-2, 2).Draw(t, label)
}

func drawBounded(t *rapid.T, label string) Interval {
	a, b := drawFloat(t, label+" end"), drawFloat(t, label+" other end")
	return Interval{min(a, b), max(a, b)}
}

// drawInterval is bounded but for one draw in eight.
func drawInterval(t *rapid.T, label string) Interval {
	v := drawBounded(t, label)
	switch rapid.IntRange(0, 15).Draw(t, label+" unbounded") {
	case 14:
		v.Lo = math.Inf(-1)
	case 15:
		v.Hi = math.Inf(1)
	}
	return v
}

// drawMember is a finite number of v: an end or one between the ends.
func drawMember(t *rapid.T, v Interval, label string) float64 {
	lo, hi := max(v.Lo, -math.MaxFloat64), min(v.Hi, math.MaxFloat64)
	switch rapid.IntRange(0, 2).Draw(t, label+" place") {
	case 0:
		return lo
	case 1:
		return hi
	}
	if hi/2-lo/2 > math.MaxFloat64/4 { // rapid's own range would overflow
		return lo
	}
	return rapid.Float64Range(lo, hi).Draw(t, label)
}

func exact(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }

// holds compares in rational arithmetic: no rounding in the judge.
func holds(v Interval, want *big.Rat) bool {
	below := math.IsInf(v.Lo, -1) || !math.IsInf(v.Lo, 1) && exact(v.Lo).Cmp(want) <= 0
	above := math.IsInf(v.Hi, 1) || !math.IsInf(v.Hi, -1) && exact(v.Hi).Cmp(want) >= 0
	return below && above
}

func within(v, w Interval) bool { return w.Lo <= v.Lo && v.Hi <= w.Hi }
