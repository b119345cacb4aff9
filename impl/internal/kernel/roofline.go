package kernel

import "math"

// Roofline does n rounds of independent fused steps, as fast as the variant can
// without touching memory, and returns the number of floating-point operations:
// the yardstick of the benchmarks.
func Roofline(n int) float64 {
	if n < 1 {
		return 0
	}
	const chains = 12
	switch running.Load() {
	case avx512:
		rooflineAVX512(n)
		return float64(n * chains * 2 * Lanes * 2)
	case avx2:
		rooflineAVX2(n)
		return float64(n * chains * Lanes * 2)
	}
	var s [8]float64
	for range n {
		for c := range s {
			s[c] = math.FMA(s[c], 0.5, 1)
		}
	}
	if s[0] > 2 {
		return 0 // never: keeps the loop alive
	}
	return float64(n * len(s) * 2)
}
