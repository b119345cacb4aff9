package firststep

// The operations below work on vectors of equal length, element by element.
// Every product is rounded by itself, so the bits do not depend on the
// processor.

func fill(dst []float64, v float64) {
	for j := range dst {
		dst[j] = v
	}
}

func add(dst, a []float64) {
	a = a[:len(dst)]
	for j := range dst {
		dst[j] += a[j]
	}
}

func multiply(dst, a []float64) {
	a = a[:len(dst)]
	for j := range dst {
		dst[j] = float64(dst[j] * a[j])
	}
}

// multiplyRows multiplies each of the rows of dst, as long as a, by a.
func multiplyRows(dst, a []float64) {
	for w := len(a); len(dst) >= w; dst = dst[w:] {
		multiply(dst[:w], a)
	}
}

func product(dst, a, b []float64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for j := range dst {
		dst[j] = float64(a[j] * b[j])
	}
}

func addScaled(dst []float64, m float64, a []float64) {
	a = a[:len(dst)]
	for j := range dst {
		dst[j] += float64(m * a[j])
	}
}

func scaledProduct(dst []float64, m float64, a, b []float64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for j := range dst {
		dst[j] = float64(float64(m*a[j]) * b[j])
	}
}

func addProduct(dst, a, b []float64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for j := range dst {
		dst[j] += float64(a[j] * b[j])
	}
}

// addProductOfRows adds the products of the rows of a and b, as long as dst, to it.
func addProductOfRows(dst, a, b []float64) {
	for w := len(dst); len(a) >= w; a, b = a[w:], b[w:] {
		addProduct(dst, a[:w], b[:w])
	}
}

// addProducts adds a times each of the rows of b, as long as a, to the rows of dst.
func addProducts(dst, a, b []float64) {
	for w := len(a); len(dst) > 0; dst, b = dst[w:], b[w:] {
		addProduct(dst[:w], a, b[:w])
	}
}

// reciprocal inverts the elements; one below 2^-960 becomes 0. Such a number is
// the probability-weighted mass of a condition, so the terms it would normalise
// add less than 1e-280 to any expectation, and 0/0 never arises.
func reciprocal(dst []float64) {
	for j, v := range dst {
		if v < 0x1p-960 {
			dst[j] = 0
		} else {
			dst[j] = 1 / v
		}
	}
}

// dot is the inner product, in four partial sums.
func dot(a, b []float64) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64
	for len(a) >= 4 && len(b) >= 4 {
		s0 += float64(a[0] * b[0])
		s1 += float64(a[1] * b[1])
		s2 += float64(a[2] * b[2])
		s3 += float64(a[3] * b[3])
		a, b = a[4:], b[4:]
	}
	for j := range a {
		s0 += float64(a[j] * b[j])
	}
	return (s0 + s1) + (s2 + s3)
}

// dots adds the inner products of a with each of the rows of b, as long as a.
func dots(dst, a, b []float64) {
	w := len(a)
	for x := range dst {
		dst[x] += dot(a, b[x*w:][:w])
	}
}
