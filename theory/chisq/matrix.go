package chisq

// The products below are written out, with every product rounded by itself, so
// that the bits do not depend on the processor.

// product is a b for row-major s x s matrices.
func product(a, b []float64, s int) []float64 {
	out := make([]float64, s*s)
	for i := range s {
		for l := range s {
			v := a[i*s+l]
			for j := range s {
				out[i*s+j] += float64(v * b[l*s+j])
			}
		}
	}
	return out
}

// transposedProduct is a^T b.
func transposedProduct(a, b []float64, s int) []float64 {
	out := make([]float64, s*s)
	for l := range s {
		for i := range s {
			v := a[l*s+i]
			for j := range s {
				out[i*s+j] += float64(v * b[l*s+j])
			}
		}
	}
	return out
}

// inner is the Frobenius inner product.
func inner(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += float64(v * b[i])
	}
	return sum
}

func squaredNorm(a []float64) float64 { return inner(a, a) }
