package interval

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The four operations without rounding.
var operations = []struct {
	name     string
	interval func(v, w Interval) Interval
	rational func(z, x, y *big.Rat) *big.Rat
}{
	{"add", Add, (*big.Rat).Add},
	{"sub", Sub, (*big.Rat).Sub},
	{"mul", Mul, (*big.Rat).Mul},
	{"div", Div, (*big.Rat).Quo},
}

func TestOperationsContainTheExactResult(t *testing.T) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				v, w := drawInterval(t, "v"), drawInterval(t, "w")
				x, y := drawMember(t, v, "x"), drawMember(t, w, "y")
				if op.name == "div" && y == 0 {
					return // no quotient; that the enclosure is Whole is tested below
				}
				want := op.rational(new(big.Rat), exact(x), exact(y))
				if got := op.interval(v, w); !holds(got, want) {
					t.Fatalf("%s(%v, %v) = %v misses the result at %v and %v", op.name, v, w, got, x, y)
				}
			})
		})
	}
}

func TestFunctionsContainTheExactResult(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := drawInterval(t, "v")
		x, other := exact(drawMember(t, v, "x")), exact(drawMember(t, v, "other"))
		requireHolds := func(name string, got Interval, want *big.Rat) {
			if !holds(got, want) {
				t.Fatalf("%s(%v) = %v misses the value at %s", name, v, got, x.FloatString(5))
			}
		}
		requireHolds("Neg", Neg(v), new(big.Rat).Neg(x))
		requireHolds("Abs", Abs(v), new(big.Rat).Abs(x))
		requireHolds("Sqr", Sqr(v), new(big.Rat).Mul(x, x))
		apart := new(big.Rat).Sub(x, other)
		requireHolds("Width", Interval{0, v.Width()}, apart.Abs(apart))
	})
}

// requireTight demands that the exact result lies strictly between the ends of
// got moved two units inwards. An enclosure that is always the whole line would
// pass the tests above; here each end is one unit outside a result that is
// rounded to nearest, whose neighbours enclose the exact one.
func requireTight(t require.TestingT, name string, x, y float64, got Interval, want *big.Rat) {
	lo, hi := up(up(got.Lo)), down(down(got.Hi))
	if holds(Interval{lo, math.Inf(1)}, want) || holds(Interval{math.Inf(-1), hi}, want) {
		require.Failf(t, "an end is far out", "%s(%v, %v) = %v", name, x, y, got)
	}
}

func TestPointResultsAreTight(t *testing.T) {
	check := func(t require.TestingT, x, y float64) {
		for _, op := range operations {
			if op.name != "div" || y != 0 {
				requireTight(t, op.name, x, y, op.interval(Point(x), Point(y)), op.rational(new(big.Rat), exact(x), exact(y)))
			}
		}
	}
	for _, x := range []float64{-3, -1, 0, 1, 2, 1e-320} {
		for _, y := range []float64{-3, -1, 0, 1, 2, 1e-320} {
			check(t, x, y)
		}
	}
	rapid.Check(t, func(t *rapid.T) { check(t, drawFloat(t, "x"), drawFloat(t, "y")) })
}

func TestInclusionIsotonicity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, w := drawInterval(t, "v"), drawInterval(t, "w")
		wideV, wideW := Hull(v, drawBounded(t, "more v")), Hull(w, drawBounded(t, "more w"))
		for name, do := range map[string]func(v, w Interval) Interval{
			"add": Add, "sub": Sub, "mul": Mul, "div": Div, "hull": Hull, "min": Min,
			"sqr": func(v, _ Interval) Interval { return Sqr(v) },
			"abs": func(v, _ Interval) Interval { return Abs(v) },
		} {
			if narrow, wide := do(v, w), do(wideV, wideW); !within(narrow, wide) {
				t.Fatalf("%s(%v, %v) = %v is not within %v, that of %v and %v", name, v, w, narrow, wide, wideV, wideW)
			}
		}
	})
}

// Factors of one sign have products, quotients and squares of one sign, however
// small they are; and a factor 0 makes 0, beside an unbounded one too: an
// infinite end is not a value.
func TestSignsAreExact(t *testing.T) {
	check := func(t require.TestingT, v, w Interval) {
		for _, op := range operations[2:] {
			if op.name == "div" && w.Lo == 0 {
				continue
			}
			for _, got := range []Interval{op.interval(v, w), op.interval(Neg(v), Neg(w)), Neg(op.interval(v, Neg(w))), Neg(op.interval(Neg(v), w))} {
				require.GreaterOrEqual(t, got.Lo, 0.0, "%s of %v and %v, up to signs: %v", op.name, v, w, got)
			}
		}
		across := Hull(Neg(v), w)
		require.GreaterOrEqual(t, Sqr(across).Lo, 0.0, "Sqr(%v)", across)
		require.GreaterOrEqual(t, Abs(across).Lo, 0.0, "Abs(%v)", across)
	}
	for _, tiny := range []float64{1e-300, 5e-324} { // whose products and quotients by 1e300 underflow
		check(t, Point(tiny), Point(tiny))
		check(t, Point(tiny), Point(1e300))
	}
	rapid.Check(t, func(t *rapid.T) { check(t, Abs(drawInterval(t, "v")), Abs(drawInterval(t, "w"))) })
	zero := Point(0)
	for _, w := range []Interval{Whole(), {-1, 2}, {1, math.Inf(1)}} {
		require.Equal(t, zero, Mul(zero, w), "%v", w)
		require.Equal(t, zero, Mul(w, zero), "%v", w)
	}
	require.Equal(t, zero, Sub(Point(0.1), Point(0.1)))
	require.Equal(t, zero, Div(zero, Point(3)))
	require.Less(t, Mul(Point(1e-300), Point(-1e-300)).Lo, 0.0, "a product that underflows is not 0")
}

// Neg and Abs round nothing.
func TestNegAndAbsAreExact(t *testing.T) {
	for _, c := range []struct{ v, neg, abs Interval }{
		{Interval{0.5, 2}, Interval{-2, -0.5}, Interval{0.5, 2}},
		{Interval{0, 2}, Interval{-2, 0}, Interval{0, 2}},
		{Interval{-2, 0.5}, Interval{-0.5, 2}, Interval{0, 2}},
		{Interval{-0.5, 2}, Interval{-2, 0.5}, Interval{0, 2}},
		{Interval{-2, -0.5}, Interval{0.5, 2}, Interval{0.5, 2}},
	} {
		require.Equal(t, c.neg, Neg(c.v), "%v", c.v)
		require.Equal(t, c.abs, Abs(c.v), "%v", c.v)
	}
}

func TestUnboundedAndUndefined(t *testing.T) {
	inf := math.Inf(1)
	for _, divisor := range []Interval{{-1, 1}, {0, 1}, {-1, 0}, {0, 0}, {math.NaN(), 1}} {
		require.Equal(t, Whole(), Div(Point(1), divisor), "1 / %v", divisor)
	}
	require.Equal(t, Interval{math.MaxFloat64, inf}, Mul(Point(1e200), Point(1e200)))
	require.Equal(t, Interval{0, inf}, Div(Interval{1, inf}, Interval{1, inf}))
	require.Equal(t, Whole(), Sub(Whole(), Whole()))
}

func TestNeighbours(t *testing.T) {
	inf := math.Inf(1)
	for _, x := range []float64{0, math.Copysign(0, -1), 5e-324, 1, 2, 0.1, math.MaxFloat64, inf} {
		for _, v := range []float64{x, -x} {
			require.Equal(t, math.Nextafter(v, -inf), down(v), "down(%v)", v)
			require.Equal(t, math.Nextafter(v, inf), up(v), "up(%v)", v)
			require.Equal(t, Interval{math.Nextafter(v, -inf), math.Nextafter(v, inf)}, Nearest(v, v), "what rounds to %v", v)
		}
	}
	require.True(t, math.IsNaN(up(math.NaN())) && math.IsNaN(down(math.NaN())), "the neighbours of NaN")
}
