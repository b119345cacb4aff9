package interval

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// magnitudes cross the whole range of float64: sums that cancel, products that
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

func drawInterval(t *rapid.T, label string) Interval {
	a, b := drawFloat(t, label+" end"), drawFloat(t, label+" other end")
	return Interval{min(a, b), max(a, b)}
}

// drawInside is an end of v or a float64 between its ends.
func drawInside(t *rapid.T, v Interval, label string) float64 {
	switch rapid.IntRange(0, 2).Draw(t, label+" place") {
	case 0:
		return v.Lo
	case 1:
		return v.Hi
	}
	if v.Hi/2-v.Lo/2 > math.MaxFloat64/4 { // rapid's own range would overflow
		return v.Lo
	}
	return rapid.Float64Range(v.Lo, v.Hi).Draw(t, label)
}

func exact(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }

// holdsExactly compares in rational arithmetic: no float rounding in the test.
func holdsExactly(v Interval, want *big.Rat) bool {
	below := math.IsInf(v.Lo, -1) || exact(v.Lo).Cmp(want) <= 0
	above := math.IsInf(v.Hi, 1) || exact(v.Hi).Cmp(want) >= 0
	return below && above
}

var operations = []struct {
	name     string
	interval func(v, w Interval) Interval
	rational func(z, x, y *big.Rat) *big.Rat
}{
	{"add", Add, (*big.Rat).Add},
	{"sub", Sub, (*big.Rat).Sub},
	{"mul", Mul, (*big.Rat).Mul},
	{"div", Div, (*big.Rat).Quo},
	{"hull", Hull, func(z, x, _ *big.Rat) *big.Rat { return z.Set(x) }},
	{"min", Min, func(z, x, y *big.Rat) *big.Rat {
		if x.Cmp(y) < 0 {
			return z.Set(x)
		}
		return z.Set(y)
	}},
}

func TestOperationsContainTheExactResult(t *testing.T) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				v, w := drawInterval(t, "v"), drawInterval(t, "w")
				x, y := drawInside(t, v, "x"), drawInside(t, w, "y")
				if op.name == "div" && y == 0 {
					return // no quotient; that the enclosure is Whole is tested below
				}
				want := op.rational(new(big.Rat), exact(x), exact(y))
				got := op.interval(v, w)
				require.True(t, holdsExactly(got, want), "%s(%v, %v) = %v misses the result at %v, %v", op.name, v, w, got, x, y)
			})
		})
	}
}

func TestFunctionsContainTheExactResult(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := drawInterval(t, "v")
		x := exact(drawInside(t, v, "x"))
		require.True(t, holdsExactly(Sqr(v), new(big.Rat).Mul(x, x)), "sqr %v = %v", v, Sqr(v))
		require.True(t, holdsExactly(Abs(v), new(big.Rat).Abs(x)), "abs %v", v)
		require.True(t, holdsExactly(Neg(v), new(big.Rat).Neg(x)), "neg %v", v)
		require.GreaterOrEqual(t, exact(v.Width()).Cmp(new(big.Rat).Sub(exact(v.Hi), exact(v.Lo))), 0)
		if x.Sign() < 0 {
			return
		}
		// No rational root in general: compare the squares of the ends with x.
		root := Sqrt(v)
		require.GreaterOrEqual(t, root.Lo, 0.0)
		require.LessOrEqual(t, new(big.Rat).Mul(exact(root.Lo), exact(root.Lo)).Cmp(x), 0, "sqrt %v = %v", v, root)
		require.GreaterOrEqual(t, new(big.Rat).Mul(exact(root.Hi), exact(root.Hi)).Cmp(x), 0, "sqrt %v = %v", v, root)
	})
}

// An enclosure that is always the whole line would pass the tests above. Each
// end is one unit outside a result s that is rounded to nearest, so two units
// inwards lie the neighbours of s, strictly between which the exact result is.
func TestPointResultsAreTight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := drawFloat(t, "x"), drawFloat(t, "y")
		for _, op := range operations[:4] {
			if op.name == "div" && y == 0 {
				continue
			}
			got := op.interval(Point(x), Point(y))
			want := op.rational(new(big.Rat), exact(x), exact(y))
			lo, hi := up(up(got.Lo)), down(down(got.Hi))
			require.False(t, !math.IsInf(lo, 1) && exact(lo).Cmp(want) <= 0, "%s(%v, %v) = %v is low", op.name, x, y, got)
			require.False(t, !math.IsInf(hi, -1) && exact(hi).Cmp(want) >= 0, "%s(%v, %v) = %v is high", op.name, x, y, got)
		}
	})
}

func TestInclusionIsotonicity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, w := drawInterval(t, "v"), drawInterval(t, "w")
		wideV, wideW := Hull(v, drawInterval(t, "more v")), Hull(w, drawInterval(t, "more w"))
		for _, op := range operations {
			require.True(t, op.interval(v, w).Within(op.interval(wideV, wideW)), op.name)
		}
		require.True(t, Sqr(v).Within(Sqr(wideV)))
		require.True(t, Abs(v).Within(Abs(wideV)))
		if v.Hi >= 0 { // else Sqrt knows nothing of v
			require.True(t, Sqrt(v).Within(Sqrt(wideV)))
		}
		both, ok := Intersect(wideV, v)
		require.True(t, ok)
		require.Equal(t, v, both)
	})
}

func TestNeighbours(t *testing.T) {
	inf := math.Inf(1)
	for _, x := range []float64{0, math.Copysign(0, -1), 5e-324, 1, 2, 0.1, math.MaxFloat64, inf} {
		for _, v := range []float64{x, -x} {
			require.Equal(t, math.Nextafter(v, -inf), down(v))
			require.Equal(t, math.Nextafter(v, inf), up(v))
		}
	}
	require.True(t, math.IsNaN(up(math.NaN())) && math.IsNaN(down(math.NaN())))
}

func TestExactZeros(t *testing.T) {
	zero, sign := Point(0), Interval{0, 2}
	require.Equal(t, zero, Mul(zero, Whole()), "an unbounded end is not a value")
	require.Equal(t, zero, Sub(Point(0.1), Point(0.1)))
	require.Equal(t, zero, Div(zero, Point(3)))
	require.Equal(t, zero, Sqrt(zero))
	require.Equal(t, 0.0, Mul(sign, sign).Lo)
	require.Equal(t, 0.0, Div(sign, Point(3)).Lo)
	require.Equal(t, 0.0, Div(Neg(sign), Point(3)).Hi)
	require.Less(t, Mul(Point(1e-300), Point(-1e-300)).Lo, 0.0, "a product that underflows is not 0")
}

func TestUnboundedAndUndefined(t *testing.T) {
	inf := math.Inf(1)
	require.Equal(t, Whole(), Div(Point(1), Interval{-1, 1}))
	require.Equal(t, Whole(), Div(Point(1), Interval{0, 1}))
	require.Equal(t, Whole(), Div(Point(1), Interval{-1, 0}))
	require.Equal(t, Whole(), Sqrt(Interval{-2, -1}))
	require.Equal(t, Interval{math.MaxFloat64, inf}, Mul(Point(1e200), Point(1e200)))
	require.Equal(t, Interval{0, inf}, Div(Interval{1, inf}, Interval{1, inf}))
	require.Equal(t, Whole(), Sub(Whole(), Whole()))
	require.False(t, Interval{math.NaN(), 1}.NotPositive())
	require.False(t, Interval{1, math.NaN()}.Positive())
	require.False(t, Whole().Contains(math.NaN()))
	_, ok := Intersect(Point(1), Point(2))
	require.False(t, ok)
}
