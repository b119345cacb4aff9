package model

import "math"

// addCombination adds sum_j weights[j] * row j to dst. The rows lie one after
// the other and are as long as dst. Bit for bit it is one axpy a row, in
// order; four rows at a time it reads and writes dst a quarter as often.
func addCombination(dst, weights, rows []float64) {
	d, j := len(dst), 0
	for ; j+4 <= len(weights); j += 4 {
		w0, w1, w2, w3 := weights[j], weights[j+1], weights[j+2], weights[j+3]
		four := rows[j*d : (j+4)*d]
		x0, x1, x2, x3 := four[:d], four[d:][:d], four[2*d:][:d], four[3*d:][:d]
		for i, v := range dst {
			v = math.FMA(w0, x0[i], v)
			v = math.FMA(w1, x1[i], v)
			v = math.FMA(w2, x2[i], v)
			dst[i] = math.FMA(w3, x3[i], v)
		}
	}
	for ; j < len(weights); j++ {
		axpy(dst, weights[j], rows[j*d:(j+1)*d])
	}
}

// addOuterProduct adds x y^T to dst, len(x) rows of len(y).
func addOuterProduct(dst, x, y []float64) {
	d := len(y)
	for k, v := range x {
		axpy(dst[k*d:(k+1)*d], v, y)
	}
}

// addMatrixVector adds the product of a matrix with len(v) columns and v to dst.
func addMatrixVector(dst, matrix, v []float64) {
	d := len(v)
	for k := range dst {
		dst[k] += dot(matrix[k*d:(k+1)*d], v)
	}
}

// The three products of d x d matrices that add to dst: x y, x y^T and x^T y.

func addProduct(dst, x, y []float64, d int) {
	for r := 0; r < len(dst); r += d {
		addCombination(dst[r:r+d], x[r:r+d], y)
	}
}

func addProductTransposed(dst, x, y []float64, d int) {
	for r := 0; r < len(dst); r += d {
		addMatrixVector(dst[r:r+d], y, x[r:r+d])
	}
}

func addTransposedProduct(dst, x, y []float64, d int) {
	for r := 0; r < len(dst); r += d {
		addOuterProduct(dst, x[r:r+d], y[r:r+d])
	}
}
