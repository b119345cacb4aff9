package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Upper tails are taken as lower tails at the mirrored point: gonum's Survival
// of the normal is 1-erf, which has no digits left beyond z = 8.

// normalUpper is P(Z >= z) for a standard normal Z.
func normalUpper(z float64) float64 { return distuv.UnitNormal.CDF(-z) }

// normalQuantile is the z with P(Z >= z) = q.
func normalQuantile(q float64) float64 { return -distuv.UnitNormal.Quantile(q) }

// tUpper is P(T >= t) for Student's T with nu degrees of freedom.
func tUpper(t, nu float64) float64 { return distuv.StudentsT{Sigma: 1, Nu: nu}.CDF(-t) }

// tQuantile is the t with P(T >= t) = q, for q in (0, 0.5).
func tQuantile(q, nu float64) float64 {
	return crossing(func(t float64) float64 { return tUpper(t, nu) }, q, 0, math.MaxFloat64)
}

// crossing returns the least x in [lo, hi], lo >= 0, at which the
// non-increasing f is down to q. It bisects the bit patterns, which order
// non-negative numbers as their values do, so it takes at most 64 steps and
// leaves no error but that of f.
//
// gonum's own Quantile is not used for t and beta: it inverts the incomplete
// beta function by an iteration that goes astray in far tails (v0.17: t with
// 1e5 degrees at 1e-9 gives -81.65, right is -5.998), where Bonferroni levels live.
func crossing(f func(float64) float64, q, lo, hi float64) float64 {
	a, b := math.Float64bits(lo), math.Float64bits(hi)
	for b-a > 1 {
		mid := a + (b-a)/2
		if f(math.Float64frombits(mid)) > q {
			a = mid
		} else {
			b = mid
		}
	}
	return math.Float64frombits(b)
}
