// Package tail gives the tail probabilities of Student's t and of the chi-square
// distribution with the same bits on every machine, which the library's do not
// have: theirs rest on logarithms and gamma functions that differ by build.
//
// Its own error is below 1e-10 of the probability up to 20000 degrees of freedom (the
// tests) and grows in proportion to them beyond; probabilities below the smallest float64 are 0. It
// knows no data and no test.
package tail

import (
	"math"

	"causalgrad/theory/detmath"
)

// Student is P(T > t) for Student's t with nu > 0 degrees of freedom; NaN where an
// argument is NaN or nu is not positive.
func Student(t, nu float64) float64 {
	switch {
	case math.IsNaN(t) || !(nu > 0):
		return math.NaN()
	case t < 0:
		return 1 - Student(-t, nu)
	}
	square := float64(t * t)
	if math.IsInf(square, 1) {
		return 0
	}
	return beta(nu/2, 0.5, nu/(nu+square), square/(nu+square)) / 2
}

// StudentQuantile is the t >= 0 with P(T > t) = p, 0 < p <= 1/2, within a few units
// in the last place: bisection between powers of two.
func StudentQuantile(p, nu float64) float64 {
	low, high := 0.0, 1.0
	for Student(high, nu) > p {
		low, high = high, 2*high
	}
	for range 64 {
		middle := (low + high) / 2 // no overflow: the doubling stops far below
		if Student(middle, nu) > p {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// ChiSquare is P(X > x) for the chi-square distribution with k > 0 degrees of
// freedom; NaN where an argument is NaN or k is not positive.
func ChiSquare(x, k float64) float64 {
	switch {
	case math.IsNaN(x) || !(k > 0):
		return math.NaN()
	case x <= 0:
		return 1
	case math.IsInf(x, 1):
		return 0
	}
	a, y := float64(k/2), float64(x/2)
	front := density(a, y)
	if y < a+1 {
		return 1 - float64(front*gammaSeries(a, y))
	}
	return front * gammaFraction(a, y)
}

// gammaSeries is the lower incomplete gamma function over y^a e^-y:
// sum_n y^n / (a (a+1) ... (a+n)), for y < a+1, of positive terms.
func gammaSeries(a, y float64) float64 {
	term, sum := 1/a, 1/a
	for n := 1.0; term > sum*0x1p-54; n++ {
		term = float64(term * float64(y/(a+n)))
		sum += term
	}
	return sum
}

// gammaFraction is the upper incomplete gamma function over y^a e^-y for
// y >= a+1: the continued fraction 1/(y+1-a- 1(1-a)/(y+3-a- 2(2-a)/(y+5-a- ...))).
func gammaFraction(a, y float64) float64 {
	b := y + 1 - a
	return 1 / fraction(b, func(n float64) (float64, float64) { return float64(n * (a - n)), b + n + n })
}

// beta is the regularised incomplete beta function I_x(a, b), where a or b is 1/2,
// given 1 - x too, so that neither is a difference.
func beta(a, b, x, rest float64) float64 {
	if x == 0 || rest == 0 {
		return x
	}
	if x > (a+1)/(a+b+2) {
		return 1 - beta(b, a, rest, x)
	}
	front := detmath.Exp(float64(a*detmath.Log(x))+float64(b*detmath.Log(rest))) * betaHalf(a+b-0.5)
	return front / a / fraction(1, func(n float64) (float64, float64) {
		m := math.Floor(n / 2)
		if n == 2*m {
			return float64(m*(b-m)) * x / float64((a+n-1)*(a+n)), 1
		}
		return -float64((a+m)*(a+b+m)) * x / float64((a+n-1)*(a+n)), 1
	})
}

// fraction is b0 + a1/(b1 + a2/(b2 + ...)) with terms(n) = (an, bn), by the
// modified method of Lentz.
func fraction(b0 float64, terms func(n float64) (float64, float64)) float64 {
	const tiny = 0x1p-1000
	f, c, d := b0, b0, 0.0
	for n := 1.0; n < 1e6; n++ {
		a, b := terms(n)
		if d = b + float64(a*d); d == 0 {
			d = tiny
		}
		if c = b + a/c; c == 0 {
			c = tiny
		}
		d = 1 / d
		step := float64(c * d)
		f *= step
		if math.Abs(step-1) <= 0x1p-52 {
			break
		}
	}
	return f
}

// stirling are B_2n / (2n (2n-1)), the coefficients of x^(1-2n) in
// log Gamma(x) = (x - 1/2) log x - x + log(2 pi)/2 + ...; from x = 16 on eight of
// them leave less than 1e-19.
var stirling = [...]float64{1. / 12, -1. / 360, 1. / 1260, -1. / 1680, 1. / 1188, -691. / 360360, 1. / 156, -3617. / 122400}

// density is y^a e^-y / Gamma(a). Large terms are subtracted by hand.
func density(a, y float64) float64 {
	shift, x := 1.0, a
	for ; x < 16; x++ {
		shift *= x / y
	}
	power, rest := 1/x, 0.0
	for _, c := range stirling {
		rest += float64(c * power)
		power /= float64(x * x)
	}
	const rootTwoPi = 2.50662827463100050241576528481105
	return detmath.Exp(float64(x*detmath.Log(y/x))+(x-y)-rest) * math.Sqrt(x) / rootTwoPi * shift
}

// betaHalf is 1/B(a, 1/2) = Gamma(a + 1/2) / (Gamma(a) sqrt(pi)). The ratio is
// sqrt(x) e^(-1/(8x) + 1/(192 x^3) - 1/(640 x^5) + 17/(14336 x^7)), from x = 32 on to
// 1e-16, and grows by (x + 1/2)/x from x to x + 1.
func betaHalf(a float64) float64 {
	shift, x := 1.0, a
	for ; x < 32; x++ {
		shift *= x / (x + 0.5)
	}
	square := 1 / float64(x*x)
	series := -1./8 + float64(square*(1./192+float64(square*(-1./640+float64(square*17/14336)))))
	const rootPi = 1.77245385090551602729816748334115
	return math.Sqrt(x) * detmath.Exp(series/x) * shift / rootPi
}
