package task

import "causalgrad/theory/detmath"

// Entropy is H(y) = -sum y log y of one row, in nats; 0 log 0 is 0. Its mean
// over sequences is the irreducible loss L*.
func Entropy(y []float64) float64 {
	h := 0.0
	for _, p := range y {
		if p > 0 {
			h -= float64(p * detmath.Log(p))
		}
	}
	return h
}

// CrossEntropy is -sum y log f of one row, in nats. It is +Inf where f is 0
// and y is not.
func CrossEntropy(y, f []float64) float64 {
	h := 0.0
	for v, p := range y {
		if p > 0 {
			h -= float64(p * detmath.Log(f[v]))
		}
	}
	return h
}
