package markov

import "math"

// StationarySVD32 computes stationary distributions as the official implementation does:
// the right singular vector of pi^T - I to its smallest singular value, divided
// by its sum, all in float32. Errors are absolute, about 1e-7 over the
// second-smallest singular value; components may come out negative, and of a
// chain that is reducible to float32 the distribution is arbitrary. It exists to measure
// what that does to a training; [Stationary] is right.
//
// The decomposition is a one-sided Jacobi iteration, not the official library's
// algorithm: the errors are of the same size and not the same numbers. It has
// buffers of its own: one a goroutine.
type StationarySVD32 struct {
	tokens int
	// Column-major: the columns of (pi^T - I) V, and of V.
	a, v []float32
}

// NewStationarySVD32 makes buffers for chains of so many tokens.
func NewStationarySVD32(tokens int) *StationarySVD32 {
	return &StationarySVD32{tokens, make([]float32, tokens*tokens), make([]float32, tokens*tokens)}
}

// jacobiSweeps bounds the iteration, which ends by itself after about 5 sweeps.
const jacobiSweeps = 30

// jacobiTolerance is the cosine of two columns that counts as orthogonal: a few
// units of float32.
const jacobiTolerance = 0x1p-22

// Stationary writes the distribution of the row-major chain p to mu.
func (j *StationarySVD32) Stationary(p, mu []float64) {
	s := j.tokens
	for a := range s { // pi^T - I has column a = row a of pi - I
		for b := range s {
			j.a[a*s+b], j.v[a*s+b] = float32(p[a*s+b]), 0
		}
		j.a[a*s+a], j.v[a*s+a] = j.a[a*s+a]-1, 1
	}
	for range jacobiSweeps {
		if !j.sweep() {
			break
		}
	}
	smallest, at := float32(math.MaxFloat32), 0
	for c := range s {
		if n := dot32(j.column(j.a, c), j.column(j.a, c)); n < smallest {
			smallest, at = n, c
		}
	}
	vector, sum := j.column(j.v, at), float32(0)
	for _, x := range vector {
		sum += x
	}
	for b, x := range vector {
		mu[b] = float64(x / sum)
	}
}

func (j *StationarySVD32) column(m []float32, c int) []float32 {
	return m[c*j.tokens : (c+1)*j.tokens]
}

// sweep rotates every pair of columns to orthogonality and tells whether any
// was not.
func (j *StationarySVD32) sweep() bool {
	rotated := false
	for c := range j.tokens {
		for d := range c {
			x, y := j.column(j.a, c), j.column(j.a, d)
			xx, yy, xy := dot32(x, x), dot32(y, y), dot32(x, y)
			if xy == 0 || math.Abs(float64(xy)) <= jacobiTolerance*math.Sqrt(float64(xx)*float64(yy)) {
				continue
			}
			rotated = true
			zeta := (yy - xx) / (2 * xy)
			root := float32(math.Sqrt(float64(1 + float32(zeta*zeta))))
			tangent := 1 / (zeta + root)
			if zeta < 0 {
				tangent = 1 / (zeta - root)
			}
			cos := 1 / float32(math.Sqrt(float64(1+float32(tangent*tangent))))
			rotate32(x, y, cos, cos*tangent)
			rotate32(j.column(j.v, c), j.column(j.v, d), cos, cos*tangent)
		}
	}
	return rotated
}

// rotate32 is (x, y) <- (cos x - sin y, sin x + cos y).
func rotate32(x, y []float32, cos, sin float32) {
	for i, v := range x {
		w := y[i]
		x[i] = float32(cos*v) - float32(sin*w)
		y[i] = float32(sin*v) + float32(cos*w)
	}
}

func dot32(x, y []float32) float32 {
	sum := float32(0)
	for i, v := range x {
		sum += float32(v * y[i])
	}
	return sum
}
