package theorylaws

import (
	"fmt"
	"math"
	"math/big"

	"causalgrad/props"
	"causalgrad/props/oracle"
	"causalgrad/theory/interval"
	"pgregory.net/rapid"
)

// intervalLaws are exact: float64 numbers are rational, and the laws compare
// in rational arithmetic, without a tolerance.
func intervalLaws() []props.Law {
	needs := []props.Capability{CanEnclose}
	return []props.Law{
		{ID: "interval-arithmetic", Source: "theory.md section 4", Needs: needs, Check: intervalArithmetic,
			Sentence: "The sum, difference, product and quotient of two intervals contain those of any of their numbers, infinite ends, underflow and overflow included."},
		{ID: "interval-functions", Source: "theory.md section 4", Needs: needs, Check: intervalFunctions,
			Sentence: "The negative, size, square and root of an interval contain those of any of its numbers, and no two of them are further apart than its width."},
		{ID: "interval-tight", Source: "theory.md section 4", Needs: needs, Check: intervalTight,
			Sentence: "On single numbers an operation's ends are next but one to the exact result at most."},
		{ID: "interval-isotone", Source: "theory.md section 4", Needs: needs, Check: intervalIsotone,
			Sentence: "Wider arguments give no narrower result."},
		{ID: "interval-signs", Source: "theory.md section 4", Needs: needs, Check: intervalSigns,
			Sentence: "No product, quotient or square has numbers of a sign that its factors rule out, underflow included, and a factor 0 gives 0."},
		{ID: "interval-undefined", Source: "theory.md section 4", Needs: needs, Check: intervalUndefined,
			Sentence: "A division by an interval that holds 0, and the root of negative numbers, tell nothing: the result is the whole line."},
		{ID: "interval-sets", Source: "theory.md section 4", Needs: needs, Check: intervalSets,
			Sentence: "Hull, intersection and minimum are the smallest intervals that contain what they must."},
		{ID: "interval-predicates", Source: "theory.md section 4", Needs: needs, Check: intervalPredicates,
			Sentence: "A predicate is true exactly when it is true of every number of the interval, and false where an end is no number."},
		{ID: "interval-nearest", Source: "theory.md section 4", Needs: needs, Check: intervalNearest,
			Sentence: "The numbers that round to the ends of an interval lie in its \"nearest\" enclosure, which is one step wider each way."},
	}
}

// calculation is a law's use of a subject's intervals.
type calculation struct {
	t *rapid.T
	s IntervalArithmetic
}

func calculate(t *rapid.T, s props.Subject) calculation {
	return calculation{t, s.(IntervalArithmetic)}
}

func intervalCase(operation string, v ...interval.Interval) props.Case {
	return props.Case{}.Where("%s of %v", operation, v)
}

func (c calculation) do(operation string, v, w interval.Interval) interval.Interval {
	text := intervalCase(operation, v, w)
	got := props.Ask(c.t, text, operation, func() (interval.Interval, error) { return c.s.Interval(operation, v, w) })
	props.Demand(c.t, text, !math.IsNaN(got.Lo) && !math.IsNaN(got.Hi), operation, "two ends", fmt.Sprint(got))
	return got
}

func (c calculation) is(predicate string, v, w interval.Interval) bool {
	return props.Ask(c.t, intervalCase(predicate, v, w), predicate, func() (bool, error) { return c.s.IntervalIs(predicate, v, w) })
}

// drawMagnitude crosses the whole range of float64: sums that cancel, products
// that underflow and overflow.
func drawMagnitude(t *rapid.T, label string) float64 {
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

// drawInterval draws an interval with finite ends and, one time in eight each,
// makes an end infinite.
func drawInterval(t *rapid.T, label string) interval.Interval {
	v := drawBounded(t, label)
	switch rapid.IntRange(0, 15).Draw(t, label+" unbounded") {
	case 14:
		v.Lo = math.Inf(-1)
	case 15:
		v.Hi = math.Inf(1)
	}
	return v
}

func drawBounded(t *rapid.T, label string) interval.Interval {
	a, b := drawMagnitude(t, label+" end"), drawMagnitude(t, label+" other end")
	return interval.Interval{Lo: min(a, b), Hi: max(a, b)}
}

// drawMember is a finite number of v: an end or one between them.
func drawMember(t *rapid.T, v interval.Interval, label string) float64 {
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

// below reports lo <= x and above hi >= x, where infinite ends hold always.
func below(lo float64, x *big.Rat) bool {
	return math.IsInf(lo, -1) || !math.IsInf(lo, 1) && oracle.Rational(lo).Cmp(x) <= 0
}
func above(hi float64, x *big.Rat) bool {
	return math.IsInf(hi, 1) || !math.IsInf(hi, -1) && oracle.Rational(hi).Cmp(x) >= 0
}

// holds demands that got contains x.
func (c calculation) holds(text props.Case, what string, got interval.Interval, x *big.Rat) {
	near, _ := x.Float64()
	props.Demand(c.t, text, below(got.Lo, x) && above(got.Hi, x), what, fmt.Sprintf("an interval that contains %v", near), fmt.Sprint(got))
}

// arithmetic is the four operations without rounding.
var arithmetic = []struct {
	name  string
	exact func(z, x, y *big.Rat) *big.Rat
}{{"add", (*big.Rat).Add}, {"sub", (*big.Rat).Sub}, {"mul", (*big.Rat).Mul}, {"div", (*big.Rat).Quo}}

func intervalArithmetic(t *rapid.T, s props.Subject) {
	c := calculate(t, s)
	v, w := drawInterval(t, "v"), drawInterval(t, "w")
	x, y := drawMember(t, v, "x"), drawMember(t, w, "y")
	for _, op := range arithmetic {
		got := c.do(op.name, v, w)
		if op.name != "div" || y != 0 {
			c.holds(intervalCase(op.name, v, w).Where("at %v and %v", x, y), op.name, got, op.exact(new(big.Rat), oracle.Rational(x), oracle.Rational(y)))
		}
	}
}

func intervalFunctions(t *rapid.T, s props.Subject) {
	c := calculate(t, s)
	v := drawInterval(t, "v")
	x, other := oracle.Rational(drawMember(t, v, "x")), oracle.Rational(drawMember(t, v, "other"))
	check := func(name string, want *big.Rat) { c.holds(intervalCase(name, v), name, c.do(name, v, v), want) }
	check("neg", new(big.Rat).Neg(x))
	check("abs", new(big.Rat).Abs(x))
	check("sqr", new(big.Rat).Mul(x, x))
	apart := new(big.Rat).Sub(x, other)
	check("width", apart.Abs(apart))
	if x.Sign() < 0 {
		return
	}
	// A root is rarely rational: the squares of the ends are compared with x.
	root := c.do("sqrt", v, v)
	square := func(end float64) *big.Rat { return new(big.Rat).Mul(oracle.Rational(end), oracle.Rational(end)) }
	ok := root.Lo >= 0 && square(root.Lo).Cmp(x) <= 0 && (math.IsInf(root.Hi, 1) || square(root.Hi).Cmp(x) >= 0)
	props.Demand(t, intervalCase("sqrt", v), ok, "sqrt", "an interval of numbers from 0 on that contains the root of "+x.RatString(), fmt.Sprint(root))
}

// intervalTight: a result rounded to nearest lies next to the exact one, and
// an end may lie one step further out.
func intervalTight(t *rapid.T, s props.Subject) {
	c := calculate(t, s)
	x, y := drawMagnitude(t, "x"), drawMagnitude(t, "y")
	v, w := c.do("point", interval.Interval{Lo: x}, interval.Interval{}), c.do("point", interval.Interval{Lo: y}, interval.Interval{})
	for _, op := range arithmetic {
		if op.name == "div" && y == 0 {
			continue
		}
		c.close(op.name, v, w, c.do(op.name, v, w), op.exact(new(big.Rat), oracle.Rational(x), oracle.Rational(y)))
	}
	// A root r has r^2 = |x|: its neighbours' squares lie on both sides.
	size := c.do("abs", v, v)
	props.Equal(t, intervalCase("abs", v), "abs", []float64{size.Lo, size.Hi}, []float64{math.Abs(x), math.Abs(x)})
	root := c.do("sqrt", size, size)
	lo, hi := inwards(root)
	square := func(end float64) *big.Rat { return new(big.Rat).Mul(oracle.Rational(end), oracle.Rational(end)) }
	ok := x == 0 || square(lo).Cmp(oracle.Rational(size.Hi)) > 0 && square(hi).Cmp(oracle.Rational(size.Lo)) < 0
	props.Demand(t, intervalCase("sqrt", size), ok, "sqrt", "ends next but one to the root", fmt.Sprint(root))
}

// inwards are the ends of v two steps inside.
func inwards(v interval.Interval) (lo, hi float64) {
	up, down := math.Inf(1), math.Inf(-1)
	return math.Nextafter(math.Nextafter(v.Lo, up), up), math.Nextafter(math.Nextafter(v.Hi, down), down)
}

// close demands that the ends of got, two steps inwards, have passed x.
func (c calculation) close(name string, v, w, got interval.Interval, x *big.Rat) {
	lo, hi := inwards(got)
	near, _ := x.Float64()
	props.Demand(c.t, intervalCase(name, v, w), !below(lo, x) && !above(hi, x), name,
		fmt.Sprintf("ends next but one to %v", near), fmt.Sprint(got))
}

func intervalIsotone(t *rapid.T, s props.Subject) {
	c := calculate(t, s)
	v, w := drawInterval(t, "v"), drawInterval(t, "w")
	wideV, wideW := c.do("hull", v, drawBounded(t, "more v")), c.do("hull", w, drawBounded(t, "more w"))
	for _, name := range []string{"add", "sub", "mul", "div", "hull", "min", "neg", "abs", "sqr", "sqrt"} {
		if name == "sqrt" && v.Hi < 0 {
			continue // no number has a root, nothing is known
		}
		narrow, wide := c.do(name, v, w), c.do(name, wideV, wideW)
		props.Demand(t, intervalCase(name, v, w).Where("inside %v and %v", wideV, wideW), wide.Lo <= narrow.Lo && narrow.Hi <= wide.Hi, name,
			fmt.Sprintf("an interval within %v", wide), fmt.Sprint(narrow))
	}
}

func intervalSigns(t *rapid.T, s props.Subject) {
	c := calculate(t, s)
	v, w := c.do("abs", drawInterval(t, "v"), interval.Interval{}), c.do("abs", drawInterval(t, "w"), interval.Interval{})
	sign := func(name string, v, w interval.Interval, positive bool) {
		got := c.do(name, v, w)
		props.Demand(t, intervalCase(name, v, w), positive && got.Lo >= 0 || !positive && got.Hi <= 0, name, "numbers of one sign", fmt.Sprint(got))
	}
	minusV, minusW := c.do("neg", v, v), c.do("neg", w, w)
	for _, name := range []string{"mul", "div"} {
		if name == "div" && w.Lo == 0 {
			continue
		}
		sign(name, v, w, true)
		sign(name, minusV, minusW, true)
		sign(name, v, minusW, false)
		sign(name, minusV, w, false)
	}
	sign("sqr", c.do("hull", minusV, w), w, true)
	zero := interval.Interval{}
	for _, other := range []interval.Interval{v, minusW, c.do("whole", zero, zero)} {
		got := c.do("mul", zero, other)
		props.Demand(t, intervalCase("mul", zero, other), got == zero, "mul", "0", fmt.Sprint(got))
	}
}

func intervalUndefined(t *rapid.T, s props.Subject) {
	c := calculate(t, s)
	v := drawInterval(t, "v")
	across := c.do("hull", drawInterval(t, "w"), interval.Interval{})
	negative := c.do("neg", c.do("abs", v, v), v)
	negative.Hi = min(negative.Hi, -math.SmallestNonzeroFloat64)
	negative.Lo = min(negative.Lo, negative.Hi)
	for _, got := range []interval.Interval{c.do("div", v, across), c.do("sqrt", negative, negative)} {
		props.Demand(t, intervalCase("div and sqrt", v, across, negative), math.IsInf(got.Lo, -1) && math.IsInf(got.Hi, 1), "result", "the whole line", fmt.Sprint(got))
	}
}

func intervalNearest(t *rapid.T, s props.Subject) {
	c := calculate(t, s)
	x := drawMagnitude(t, "x")
	v := interval.Interval{Lo: x, Hi: x}
	got := c.do("nearest", v, v)
	up, down := math.Nextafter(x, math.Inf(1)), math.Nextafter(x, math.Inf(-1))
	// Between the middles of x and its neighbours everything rounds to x.
	for _, neighbour := range []float64{up, down} {
		middle := new(big.Rat).Add(oracle.Rational(x), oracle.Rational(neighbour))
		c.holds(intervalCase("nearest", v), "nearest", got, middle.Quo(middle, big.NewRat(2, 1)))
	}
	props.Demand(t, intervalCase("nearest", v), got.Lo >= down && got.Hi <= up, "nearest", fmt.Sprintf("%v to %v", down, up), fmt.Sprint(got))
}
