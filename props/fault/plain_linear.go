package fault

import (
	"math"
)

// matrix is a row-major view of a flat vector.
type matrix struct {
	rows, cols int
	v          []float64
}

func newMatrix(rows, cols int) matrix { return matrix{rows, cols, make([]float64, rows*cols)} }

func (m matrix) row(i int) []float64 { return m.v[i*m.cols : (i+1)*m.cols] }

func (m matrix) transposed() matrix {
	t := newMatrix(m.cols, m.rows)
	for i := range m.rows {
		for j, v := range m.row(i) {
			t.v[j*m.rows+i] = v
		}
	}
	return t
}

// times is m x.
func (m matrix) times(x []float64) []float64 {
	y := make([]float64, m.rows)
	for i := range y {
		y[i] = inner(m.row(i), x)
	}
	return y
}

// transposeTimes is m^T x. Most features are one-hot: zeros are skipped.
func (m matrix) transposeTimes(x []float64) []float64 {
	y := make([]float64, m.cols)
	for i, v := range x {
		if v != 0 {
			accumulate(y, v, m.row(i))
		}
	}
	return y
}

// addOuter adds x y^T.
func (m matrix) addOuter(x, y []float64) {
	for i, v := range x {
		if v != 0 {
			accumulate(m.row(i), v, y)
		}
	}
}

// accumulate adds c x to y.
func accumulate(y []float64, c float64, x []float64) {
	for i, v := range x {
		y[i] += c * v
	}
}

func inner(x, y []float64) float64 {
	sum := 0.0
	for i, v := range x {
		sum += v * y[i]
	}
	return sum
}

func total(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum
}

func allZero(x []float64) bool {
	for _, v := range x {
		if v != 0 {
			return false
		}
	}
	return true
}

// softmax returns exp(z)/sum exp(z), shifted by the largest score.
func softmax(z []float64) []float64 { return shiftedSoftmax(z, largest(z)) }

func shiftedSoftmax(z []float64, shift float64) []float64 {
	p := make([]float64, len(z))
	for i, v := range z {
		p[i] = math.Exp(v - shift)
	}
	sum := total(p)
	for i := range p {
		p[i] /= sum
	}
	return p
}

func largest(z []float64) float64 {
	top := math.Inf(-1)
	for _, v := range z {
		top = math.Max(top, v)
	}
	return top
}

// softmaxBackward is J(p) dp = p * (dp - <p, dp>), for p = softmax(z).
func softmaxBackward(p, dp []float64) []float64 {
	mean := inner(p, dp)
	dz := make([]float64, len(p))
	for i, v := range p {
		dz[i] = v * (dp[i] - mean)
	}
	return dz
}

// single is x rounded to single precision.
func single(x []float64) {
	for i, v := range x {
		x[i] = float64(float32(v))
	}
}
