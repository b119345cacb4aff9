package kernel

import (
	"math"

	"causalgrad/theory/detmath"
)

// Exp replaces each element by its exponential: the bits of detmath.Exp (but
// for the payload of a NaN). The length is a multiple of Lanes.
func Exp(x []float64) {
	if len(x) == 0 {
		return
	}
	checkLanes(len(x))
	if wide() {
		expAVX512(&x[0], len(x))
		return
	}
	if vector() {
		expAVX2(&x[0], len(x))
		return
	}
	for i, v := range x {
		x[i] = detmath.Exp(v)
	}
}

// Softmax replaces x by its softmax and returns the largest element and the
// sum of exp(x - largest). The length is a positive multiple of Lanes: pad with
// -Inf, which gets weight 0. A NaN makes the sum and all weights NaN.
func Softmax(x []float64) (largest, sum float64) {
	var l, s [1]float64
	SoftmaxRows(x, len(x), l[:], s[:])
	return l[0], s[0]
}

// SoftmaxRows is Softmax of every row of a matrix with len(largest) rows of cols
// numbers: row i's largest element and sum go to largest[i] and sum[i].
func SoftmaxRows(x []float64, cols int, largest, sum []float64) {
	rows := len(largest)
	if rows == 0 {
		return
	}
	checkLanes(cols)
	if cols == 0 {
		panic("kernel: softmax of nothing")
	}
	x, sum = x[:rows*cols], sum[:rows]
	if vector() {
		subtractLargestAVX2(&x[0], &largest[0], cols, rows)
		Exp(x)
		normalizeAVX2(&x[0], &sum[0], cols, rows)
		return
	}
	for i := range rows {
		largest[i], sum[i] = softmaxPortable(x[i*cols : (i+1)*cols])
	}
}

func checkLanes(n int) {
	if n%Lanes != 0 {
		panic("kernel: the length must be a multiple of 4")
	}
}

func softmaxPortable(x []float64) (largest, sum float64) {
	m := *(*[4]float64)(x)
	for i := Lanes; i < len(x); i += Lanes {
		for l, v := range (*[4]float64)(x[i:]) {
			m[l] = larger(m[l], v)
		}
	}
	largest = larger(larger(m[0], m[2]), larger(m[1], m[3]))
	var s [4]float64
	for i := 0; i < len(x); i += Lanes {
		block := (*[4]float64)(x[i:])
		for l, v := range block {
			e := detmath.Exp(v - largest)
			block[l] = e
			s[l] += e
		}
	}
	sum = (s[0] + s[2]) + (s[1] + s[3])
	scale := 1 / sum
	for i := range x {
		x[i] *= scale
	}
	return largest, sum
}

// larger is the vector unit's maximum: the second operand unless the first one
// is larger. Which of two equal numbers or which NaN it is shows in no result.
func larger(a, b float64) float64 {
	if a > b {
		return a
	}
	return b
}

// SoftmaxBackward turns the derivative with respect to the weights p = softmax
// of scores into the derivative with respect to the scores, in place:
// g <- p (g - sum p g). Both have one length, a positive multiple of Lanes.
func SoftmaxBackward(p, g []float64) { SoftmaxBackwardRows(p, g, len(g), 1) }

// SoftmaxBackwardRows is SoftmaxBackward of rows of cols numbers.
func SoftmaxBackwardRows(p, g []float64, cols, rows int) {
	if rows == 0 {
		return
	}
	checkLanes(cols)
	p, g = p[:rows*cols], g[:rows*cols]
	if vector() {
		softmaxBackwardAVX2(&p[0], &g[0], cols, rows)
		return
	}
	for i := 0; i < len(g); i += cols {
		softmaxBackwardPortable(p[i:i+cols], g[i:i+cols])
	}
}

func softmaxBackwardPortable(p, g []float64) {
	var s [4]float64
	for i := 0; i < len(g); i += Lanes {
		x, y := (*[4]float64)(p[i:]), (*[4]float64)(g[i:])
		for l := range 4 {
			s[l] = math.FMA(x[l], y[l], s[l])
		}
	}
	mean := (s[0] + s[2]) + (s[1] + s[3])
	for i, v := range p {
		g[i] = v * (g[i] - mean)
	}
}
