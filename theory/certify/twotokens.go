package certify

import (
	"causalgrad/theory/interval"
)

// For S = 2 and pi = [[1-a, a], [b, 1-b]] everything is a power of the second
// eigenvalue lambda = 1 - a - b. The stationary law is (b, a)/(a + b) and
// detailed balance holds, mu[0] a = mu[1] b, so the reversal R is pi itself
// and the signal at distances p and q (box.margin) is
//
//	tr(pi^(p+q+1)) - 1 = lambda^(p+q+1):
//
// lambda^2 for the parent, lambda for the child itself, lambda^(d+1) at
// distance d. (In the centred kernel's terms: B = lambda w w^T with
// w = (sqrt mu[1], -sqrt mu[0]), so (B^p)^T B^q = lambda^(p+q) w w^T.)
//
// The orbit of pi under separate permutations of rows and columns has four
// members, two with lambda and two with -lambda (swapping the rows maps (a, b)
// to (1-b, 1-a)), so its mean signal is 0 at even distances, 0 for the child
// itself, and lambda^(d+1) at odd ones.

// twoTokenMargin encloses the parent's signal minus the competitor's, for one
// chain or (orbit) in the mean over its orbit.
func twoTokenMargin(lambda interval.Interval, c competitor, orbit bool) interval.Interval {
	d := c.p + c.q
	square := interval.Sqr(lambda)
	switch {
	case c.other, orbit && d%2 == 0:
		return square
	case d == 0:
		return interval.Mul(lambda, interval.Sub(lambda, interval.Point(1)))
	}
	return interval.Mul(square, interval.Sub(interval.Point(1), power2(lambda, d-1)))
}

// power2 encloses x^n, n >= 1: monotone for odd n, a function of |x| for even.
func power2(x interval.Interval, n int) interval.Interval {
	if n%2 == 0 {
		x = interval.Abs(x)
	}
	return interval.Hull(pointPower(x.Lo, n), pointPower(x.Hi, n))
}

func pointPower(x float64, n int) interval.Interval {
	result, square := interval.Point(1), interval.Point(x)
	for ; n > 0; n /= 2 {
		if n%2 == 1 {
			result = interval.Mul(result, square)
		}
		square = interval.Mul(square, square)
	}
	return result
}

// lambdaOver is the range of lambda over a cell, exactly: corner 1 of row 0 is
// token 1's, so a and b are the entries off the diagonal.
func lambdaOver(c *cell) interval.Interval {
	aLo, aHi := order(c.rows[0][0][1], c.rows[0][1][1])
	bLo, bHi := order(c.rows[1][0][0], c.rows[1][1][0])
	return interval.Interval{
		Lo: float64(unit-int(aHi)-int(bHi)) / unit,
		Hi: float64(unit-int(aLo)-int(bLo)) / unit,
	}
}

func order(x, y uint16) (lo, hi uint16) { return min(x, y), max(x, y) }
