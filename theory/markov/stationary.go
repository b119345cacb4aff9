package markov

import "math"

// Stationary writes the stationary distribution of the row-major s x s transition
// matrix p to mu. work has room for s*s numbers; nothing is allocated.
//
// It is the algorithm of Grassmann, Taksar and Heyman: Gaussian elimination
// without a subtraction, so every component has a small relative error
// whatever the condition of the chain (rows 1e-12 from deterministic
// included). The diagonal of p is never read: a row's holding probability is
// what its other entries leave. p must be irreducible.
func Stationary(p []float64, s int, mu, work []float64) {
	a := work[:s*s]
	copy(a, p)
	for n := s - 1; n > 0; n-- {
		row := a[n*s : n*s+n]
		leave := 0.0
		for _, v := range row {
			leave += v
		}
		for i := range n {
			weight := a[i*s+n] / leave
			a[i*s+n] = weight
			to := a[i*s : i*s+n]
			for j, v := range row {
				to[j] += float64(weight * v)
			}
		}
	}
	mu[0] = 1
	total := 1.0
	for n := 1; n < s; n++ {
		v := 0.0
		for i := range n {
			v += float64(mu[i] * a[i*s+n])
		}
		mu[n] = v
		total += v
		if total > 0x1p10 {
			// Keep the unnormalised distribution in range on chains with rates of 1e-300.
			total = rescale(mu[:n+1], total)
		}
	}
	for n := range s {
		mu[n] /= total
	}
}

// rescale multiplies mu by a power of two that brings total, its sum, to
// [1/2, 1), and returns the new sum: exact but for underflow.
func rescale(mu []float64, total float64) float64 {
	_, exponent := math.Frexp(total)
	for i, v := range mu {
		mu[i] = math.Ldexp(v, -exponent)
	}
	return math.Ldexp(total, -exponent)
}
