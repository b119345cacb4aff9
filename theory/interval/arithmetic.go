package interval

import "math"

// Add contains x + y.
func Add(v, w Interval) Interval { return Interval{sumDown(v.Lo, w.Lo), sumUp(v.Hi, w.Hi)} }

// Sub contains x - y.
func Sub(v, w Interval) Interval { return Interval{sumDown(v.Lo, -w.Hi), sumUp(v.Hi, -w.Lo)} }

// Neg is -v, exactly.
func Neg(v Interval) Interval { return Interval{-v.Hi, -v.Lo} }

// Mul contains x y. An end of 0 against an infinite end counts as 0: the
// infinite end stands for arbitrarily large numbers, not for a value.
func Mul(v, w Interval) Interval {
	if v.Lo >= 0 && w.Lo >= 0 { // the common case, and two products instead of four
		return Interval{productDown(v.Lo, w.Lo), productUp(v.Hi, w.Hi)}
	}
	return Interval{
		min(productDown(v.Lo, w.Lo), productDown(v.Lo, w.Hi), productDown(v.Hi, w.Lo), productDown(v.Hi, w.Hi)),
		max(productUp(v.Lo, w.Lo), productUp(v.Lo, w.Hi), productUp(v.Hi, w.Lo), productUp(v.Hi, w.Hi)),
	}
}

// Div contains x / y. When w contains 0 that is the whole line.
func Div(v, w Interval) Interval {
	if !(w.Lo > 0 || w.Hi < 0) {
		return Whole()
	}
	return Interval{
		min(quotientDown(v.Lo, w.Lo), quotientDown(v.Lo, w.Hi), quotientDown(v.Hi, w.Lo), quotientDown(v.Hi, w.Hi)),
		max(quotientUp(v.Lo, w.Lo), quotientUp(v.Lo, w.Hi), quotientUp(v.Hi, w.Lo), quotientUp(v.Hi, w.Hi)),
	}
}

// Sqr contains x^2; unlike Mul(v, v) it knows that both factors are the same.
func Sqr(v Interval) Interval {
	a := Abs(v)
	return Interval{productDown(a.Lo, a.Lo), productUp(a.Hi, a.Hi)}
}

// Abs contains |x|, exactly.
func Abs(v Interval) Interval {
	switch {
	case v.Lo >= 0:
		return v
	case v.Hi <= 0:
		return Neg(v)
	}
	return Interval{0, max(-v.Lo, v.Hi)}
}

// down is math.Nextafter towards -Inf; the common cases are spelled out because
// everything here waits for it.
func down(x float64) float64 {
	switch {
	case x > 0:
		return math.Float64frombits(math.Float64bits(x) - 1)
	case -math.MaxFloat64 <= x && x < 0:
		return math.Float64frombits(math.Float64bits(x) + 1)
	}
	return math.Nextafter(x, math.Inf(-1)) // of 0, -Inf and NaN
}

// up is math.Nextafter towards +Inf. Taking -down from 0, here and below,
// never gives -0.
func up(x float64) float64 { return 0 - down(-x) }

// sumDown is at most x + y. A sum that rounds to 0 is 0: float64 sums do not
// underflow.
func sumDown(x, y float64) float64 {
	if s := x + y; s != 0 {
		return down(s)
	}
	return 0
}

func sumUp(x, y float64) float64 { return 0 - sumDown(-x, -y) }

// productDown is at most x y. A product with a factor 0 is 0.
func productDown(x, y float64) float64 {
	if x == 0 || y == 0 {
		return 0
	}
	return signedDown(x * y)
}

func productUp(x, y float64) float64 { return 0 - productDown(-x, y) }

// quotientDown is at most x / y, y != 0. A quotient of 0 is 0. It counts as 0
// where both are infinite too: the quotients near such a corner lie between 0
// and an infinity that another corner gives.
func quotientDown(x, y float64) float64 {
	if x == 0 || math.IsInf(x, 0) && math.IsInf(y, 0) {
		return 0
	}
	return signedDown(x / y)
}

func quotientUp(x, y float64) float64 { return 0 - quotientDown(-x, y) }

// signedDown rounds a product or quotient down. One that underflowed keeps its
// sign bit, and +0 is at most the number it stands for: the sign stays exact.
func signedDown(x float64) float64 {
	if x == 0 && !math.Signbit(x) {
		return 0
	}
	return down(x)
}
