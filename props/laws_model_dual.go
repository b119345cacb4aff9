package props

import (
	"math"
)

// wide is the unevaluated sum hi + lo of two float64, about 106 bits
// (double-double arithmetic, T. J. Dekker 1971): the laws' oracles compute in
// it, so that only the subject's rounding can be seen.
type wide struct{ hi, lo float64 }

// exactSum is a + b without error (Knuth's two-sum).
func exactSum(a, b float64) wide {
	s := a + b
	t := s - a
	return wide{s, (a - (s - t)) + (b - t)}
}

func (x wide) plus(y wide) wide {
	s, t := exactSum(x.hi, y.hi), exactSum(x.lo, y.lo)
	s = exactSum(s.hi, s.lo+t.hi)
	return exactSum(s.hi, s.lo+t.lo)
}

func (x wide) negative() wide    { return wide{-x.hi, -x.lo} }
func (x wide) minus(y wide) wide { return x.plus(y.negative()) }

func (x wide) times(y wide) wide {
	p := float64(x.hi * y.hi)
	low := math.FMA(x.hi, y.hi, -p)
	low += float64(x.hi*y.lo) + float64(x.lo*y.hi)
	return exactSum(p, low)
}

// over is long division, three digits of 53 bits.
func (x wide) over(y wide) wide {
	q := wide{}
	for range 3 {
		digit := wide{hi: x.minus(q.times(y)).hi / y.hi}
		q = q.plus(digit)
	}
	return q
}

// ln2 to 106 bits.
var ln2 = wide{0.693147180559945286e+00, 2.319046813846299558e-17}

// exp reduces x to r = (x - k ln 2)/2^9, |r| < 7e-4, sums e^r - 1 to r^10/10!
// (the next term is below 2^-140) and doubles the angle back as
// e^2r - 1 = 2(e^r-1) + (e^r-1)^2. Below -740 it is 0.
func (x wide) exp() wide {
	if x.hi < -740 {
		return wide{}
	}
	k := math.Round(x.hi / ln2.hi)
	r := x.minus(ln2.times(wide{hi: k}))
	r = wide{r.hi * 0x1p-9, r.lo * 0x1p-9}
	m := wide{}
	for n := 10.0; n >= 1; n-- {
		m = m.plus(wide{hi: 1}).times(r).over(wide{hi: n}) // Horner: r/n (1 + ...)
	}
	for range 9 {
		m = m.plus(m).plus(m.times(m))
	}
	m = m.plus(wide{hi: 1})
	return wide{math.Ldexp(m.hi, int(k)), math.Ldexp(m.lo, int(k))}
}

// log corrects the library's y by d = x e^-y - 1, |d| < 2^-50:
// log x = y + d - d^2/2 + d^3/3 - ...
func (x wide) log() wide {
	if x.hi <= 0 {
		return wide{hi: math.Log(x.hi)}
	}
	y := wide{hi: math.Log(x.hi)}
	d := x.times(y.negative().exp()).minus(wide{hi: 1})
	return y.plus(d).minus(d.times(d).times(wide{hi: 0.5}))
}

// sqrt corrects the library's root y by (x - y^2)/2y.
func (x wide) sqrt() wide {
	y := wide{hi: math.Sqrt(x.hi)}
	if y.hi == 0 {
		return y
	}
	return y.plus(x.minus(y.times(y)).over(y.plus(y)))
}

// dual is a value and its derivative along one direction of the parameters:
// forward differentiation, with no step and no truncation.
type dual struct{ value, slope wide }

func constant(v float64) dual { return dual{value: wide{hi: v}} }

func (x dual) plus(y dual) dual  { return dual{x.value.plus(y.value), x.slope.plus(y.slope)} }
func (x dual) minus(y dual) dual { return dual{x.value.minus(y.value), x.slope.minus(y.slope)} }

func (x dual) times(y dual) dual {
	return dual{x.value.times(y.value), x.value.times(y.slope).plus(x.slope.times(y.value))}
}

func (x dual) over(y dual) dual {
	q := x.value.over(y.value)
	return dual{q, x.slope.minus(q.times(y.slope)).over(y.value)}
}

func (x dual) exp() dual {
	e := x.value.exp()
	return dual{e, e.times(x.slope)}
}

func (x dual) log() dual {
	if x.value.hi <= 0 { // -Inf; nothing that depends on it is compared
		return dual{value: x.value.log()}
	}
	return dual{x.value.log(), x.slope.over(x.value)}
}

// zero tells that neither the value nor the slope is there.
func (x dual) zero() bool { return x.value.hi == 0 && x.slope.hi == 0 }
