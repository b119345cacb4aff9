package theorylaws

import (
	"math"
	"math/big"

	"causalgrad/props"
	"pgregory.net/rapid"
)

// functionLaws are about the elementary functions, judged by math/big.
func functionLaws() []props.Law {
	needs := []props.Capability{CanComputeFunctions}
	return []props.Law{
		{ID: "exp-exact", Source: "theory/detmath", Needs: needs, Check: expExact,
			Sentence: "exp is within one unit in the last place of the exact value, subnormal results included."},
		{ID: "log-exact", Source: "theory/detmath", Needs: needs, Check: logExact,
			Sentence: "log is within one unit in the last place of the exact value, subnormal arguments included."},
		{ID: "exp-order", Source: "definition", Needs: needs, Check: expOrder,
			Sentence: "Neither exp nor log falls from one number to the next but for a unit in the last place."},
		{ID: "exp-limits", Source: "IEEE 754", Needs: needs, Check: expLimits,
			Sentence: "exp overflows to infinity and underflows to 0, log is -infinity at 0 and no number below, and a NaN stays one."},
		{ID: "cospi-exact", Source: "theory/detmath", Needs: needs, Check: cosPiExact,
			Sentence: "cos(pi x) is within two units of 2^-53 of the exact value and turns its sign over at x = 1/2."},
	}
}

func functionsOf(s props.Subject) Functions { return s.(FunctionComputer).Functions() }

// evaluated is f(x), or a violation where f panics.
func evaluated(t *rapid.T, what string, f func(float64) float64, x float64) (props.Case, float64) {
	c := props.Case{}.Where("%s of %v, bits %#x", what, x, math.Float64bits(x))
	return c, props.Ask(t, c, what, func() (float64, error) { return f(x), nil })
}

// judgeBits leaves 140 bits more than a float64 has: the judge's own rounding
// never shows.
const judgeBits = 200

func exactly(x float64) *big.Float { return new(big.Float).SetPrec(judgeBits).SetFloat64(x) }

// exactExp sums the series of x/2^32, whose 25th term is below 2^-600 for
// |x| < 1024, and squares 32 times, which doubles an error of 2^-200 as often.
func exactExp(x *big.Float) *big.Float {
	y := new(big.Float).SetMantExp(x, -32)
	sum, term := exactly(1), exactly(1)
	for n := 1; n < 25; n++ {
		term.Mul(term, y)
		term.Quo(term, exactly(float64(n)))
		sum.Add(sum, term)
	}
	for range 32 {
		sum.Mul(sum, sum)
	}
	return sum
}

// exactLog is two steps of Newton's method for exp(y) = x from the sum of
// log(m) and e log(2) for x = m 2^e, which square its error of 2^-42 twice. The
// library's logarithm of a subnormal number itself is off on amd64.
func exactLog(x float64) *big.Float {
	m, e := math.Frexp(x)
	y := exactly(math.Log(m) + float64(e)*math.Ln2)
	for range 2 {
		step := new(big.Float).Neg(y)
		step = exactExp(step)
		step.Mul(step, exactly(x))
		y.Add(y, step.Sub(step, exactly(1)))
	}
	return y
}

// units demands that got is within limit units in the last place of want.
func units(t *rapid.T, c props.Case, what string, got float64, want *big.Float, limit float64) {
	near, _ := want.Float64()
	props.Demand(t, c, !math.IsNaN(got) && !math.IsInf(got, 0), what, want.Text('g', 20), "no finite number")
	unit := math.Nextafter(math.Abs(near), math.Inf(1)) - math.Abs(near)
	miss, _ := new(big.Float).Sub(exactly(got), want).Float64()
	props.AtMost(t, c, what+" off by, in units in the last place", math.Abs(miss)/unit, limit, 0)
}

func expExact(t *rapid.T, s props.Subject) {
	// -745.13 is the logarithm of the smallest number.
	x := rapid.OneOf(rapid.Float64Range(-1, 1), rapid.Float64Range(-745, 709), rapid.Float64Range(-745, -708)).Draw(t, "x")
	c, got := evaluated(t, "exp", functionsOf(s).Exp, x)
	units(t, c, "exp", got, exactExp(exactly(x)), 1)
}

func logExact(t *rapid.T, s props.Subject) {
	x := rapid.OneOf(rapid.Float64Range(0.5, 2), rapid.Float64Range(0x1p-1022, math.MaxFloat64), rapid.Float64Range(0x1p-1074, 0x1p-1022)).Draw(t, "x")
	c, got := evaluated(t, "log", functionsOf(s).Log, x)
	if x == 1 {
		props.Equal(t, c, "log", []float64{got}, []float64{0})
		return
	}
	units(t, c, "log", got, exactLog(x), 1)
}

func expOrder(t *rapid.T, s props.Subject) {
	f := functionsOf(s)
	for i, name := range []string{"exp", "log"} {
		f := []func(float64) float64{f.Exp, f.Log}[i]
		x := rapid.Float64Range(0x1p-1074, 700).Draw(t, "x of "+name)
		y := x
		for range rapid.IntRange(1, 3).Draw(t, "steps") {
			y = math.Nextafter(y, math.Inf(1))
		}
		_, low := evaluated(t, name, f, x)
		c, high := evaluated(t, name, f, y)
		// Each is off by one unit at most.
		props.AtLeast(t, c, name, high, low, 2*(math.Nextafter(math.Abs(low), math.Inf(1))-math.Abs(low)))
	}
}

func expLimits(t *rapid.T, s props.Subject) {
	f := functionsOf(s)
	large := rapid.OneOf(rapid.Just(math.Inf(1)), rapid.Float64Range(709.79, math.MaxFloat64)).Draw(t, "large")
	small := rapid.OneOf(rapid.Just(math.Inf(1)), rapid.Float64Range(745.14, math.MaxFloat64)).Draw(t, "small")
	negative := rapid.OneOf(rapid.Just(math.Inf(1)), rapid.Float64Range(0x1p-1074, math.MaxFloat64)).Draw(t, "negative")
	for _, k := range []struct {
		name string
		f    func(float64) float64
		x    float64
		want float64
	}{
		{"exp", f.Exp, large, math.Inf(1)}, {"exp", f.Exp, -small, 0}, {"exp", f.Exp, 0, 1}, {"log", f.Log, 0, math.Inf(-1)},
		{"log", f.Log, math.Inf(1), math.Inf(1)}, {"log", f.Log, 1, 0},
	} {
		c, got := evaluated(t, k.name, k.f, k.x)
		props.Equal(t, c, k.name, []float64{got}, []float64{k.want})
	}
	for _, k := range []struct {
		name string
		f    func(float64) float64
		x    float64
	}{{"exp", f.Exp, math.NaN()}, {"log", f.Log, math.NaN()}, {"log", f.Log, -negative}} {
		c, got := evaluated(t, k.name, k.f, k.x)
		props.Demand(t, c, math.IsNaN(got), k.name, "NaN", "a number")
	}
}

func cosPiExact(t *rapid.T, s props.Subject) {
	x := rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{0, 0.25, 0.5, 0.75, 1})).Draw(t, "x")
	c, got := evaluated(t, "cospi", functionsOf(s).CosPi, x)
	// The judge is cos at 200 bits by its series in (pi x)^2 <= 10: the 40th term is below 2^-250.
	pi, _ := new(big.Float).SetPrec(judgeBits).SetString("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798")
	square := pi.Mul(pi, exactly(x))
	square.Mul(square, square)
	sum, term := exactly(1), exactly(1)
	for n := 1; n < 40; n++ {
		term.Mul(term, square)
		term.Quo(term, exactly(-float64((2*n-1)*2*n)))
		sum.Add(sum, term)
	}
	want, _ := sum.Float64()
	props.Within(t, c, "cospi", got, want, 2*0x1p-53)
	_, mirrored := evaluated(t, "cospi", functionsOf(s).CosPi, 1-x)
	// 1-x is rounded by 2^-54, which pi enlarges.
	props.Within(t, c, "cospi of 1-x", mirrored, -got, 8*0x1p-53)
	if x*4 == math.Trunc(x*4) && x != 0.25 && x != 0.75 {
		props.Equal(t, c, "cospi", []float64{got}, []float64{1 - 2*x})
	}
}
