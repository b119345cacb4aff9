package detmath

import "math"

// Taylor coefficients of cos and sin in x^2, enough for |x| <= pi/4: the first
// term left out is below 2e-18 relative to the sum.
var (
	cosPoly = [...]float64{1, -1.0 / 2, 1.0 / 24, -1.0 / 720, 1.0 / 40320, -1.0 / 3628800,
		1.0 / 479001600, -1.0 / 87178291200, 1.0 / 20922789888000}
	sinPoly = [...]float64{1, -1.0 / 6, 1.0 / 120, -1.0 / 5040, 1.0 / 362880, -1.0 / 39916800,
		1.0 / 6227020800, -1.0 / 1307674368000, 1.0 / 355687428096000}
)

// CosPi returns cos(pi x) for 0 <= x <= 1, exact at 0, 1/2 and 1. It serves
// the cosine learning-rate schedule.
func CosPi(x float64) float64 {
	if x > 0.5 {
		return -CosPi(1 - x)
	}
	if x <= 0.25 {
		y := math.Pi * x
		return horner(cosPoly[:], float64(y*y))
	}
	y := math.Pi * (0.5 - x)
	return y * horner(sinPoly[:], float64(y*y))
}

func horner(coefficients []float64, z float64) float64 {
	p := 0.0
	for n := len(coefficients) - 1; n >= 0; n-- {
		p = math.FMA(p, z, coefficients[n])
	}
	return p
}
