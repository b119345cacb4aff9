package certify

import "causalgrad/theory/interval"

// For S = 2 and pi = [[1-a, a], [b, 1-b]] everything is a power of the second
// eigenvalue lambda = 1 - a - b. The stationary distribution is (b, a)/(a + b) and
// detailed balance holds, mu[0] a = mu[1] b, so the reversal R is pi itself
// and the signal of a position at distance p from the ancestor that the child is
// q below, tr(R R^p pi^q) - 1, is
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

// twoTokens settles all competitors for S = 2.
func twoTokens(c *cell, competitors []competitor, orbit bool) proof {
	lambda := lambdaOver(c)
	smallest := closedMargin(lambda, competitors[0], orbit)
	for _, k := range competitors[1:] {
		smallest = interval.Min(smallest, closedMargin(lambda, k, orbit))
	}
	return read(smallest)
}

// closedMargin encloses the parent's signal minus the competitor's, for one
// chain or (orbit) in the mean over its orbit.
func closedMargin(lambda interval.Interval, c competitor, orbit bool) interval.Interval {
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

// lambdaOver is the range of lambda over a cell, exactly.
func lambdaOver(c *cell) interval.Interval {
	aLo, aHi := c.rows[0].along(1, 1, 2)
	bLo, bHi := c.rows[1].along(0, 0, 2)
	return interval.Interval{Lo: float64(Unit-aHi-bHi) / Unit, Hi: float64(Unit-aLo-bLo) / Unit}
}
