package embedding

import (
	"math"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"causalgrad/theory/close"
	"causalgrad/theory/ndarray"
)

// drawTriangle draws a lower triangle with entries in [-1, 1].
func drawTriangle(t *rapid.T, n int) [][]float64 {
	g := make([][]float64, n)
	for i := range g {
		g[i] = make([]float64, n)
		for k := range i + 1 {
			g[i][k] = rapid.Float64Range(-1, 1).Draw(t, "entry")
		}
	}
	return g
}

// TestOrthogonalChangesNothing, to the bit, and a rotation of the one-hot
// vectors up to rounding.
func TestOrthogonalChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "T")
		g := drawTriangle(t, n)
		step, err := Orthogonal(n).Step(g)
		require.NoError(t, err)
		require.Equal(t, g, step)

		angle := rapid.Float64Range(0, math.Pi).Draw(t, "angle")
		i := rapid.IntRange(0, n-2).Draw(t, "plane")
		rotation := Orthogonal(n).gram
		rotation[i][i], rotation[i][i+1], rotation[i+1][i], rotation[i+1][i+1] = math.Cos(angle), math.Sin(angle), -math.Sin(angle), math.Cos(angle)
		step, err = Embedding{"rotation", products(rotation)}.Step(g)
		require.NoError(t, err)
		for i := range g {
			// The Gram matrix is the identity up to 2^-51 (cosine and sine are rounded,
			// then two products); two products with it of n terms of size 1 follow.
			require.NoError(t, close.AllWithin(step[i], g[i], 0, float64(2*n+2)*float64(n)*0x1p-51), "row %d", i)
		}
	})
}

// TestStepIsThatOfTheWeights makes the step on W itself: W = E G Eᵀ with one row
// of E a dimension, then A = Eᵀ W E.
func TestStepIsThatOfTheWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, width := rapid.IntRange(2, 5).Draw(t, "T"), rapid.IntRange(1, 6).Draw(t, "width")
		g := drawTriangle(t, n)
		seed := rapid.Uint64().Draw(t, "seed")
		e, err := Gaussian(n, width, seed)
		require.NoError(t, err)
		x := normal(n, width, seed)
		w := make([][]float64, width)
		for a := range w {
			w[a] = make([]float64, width)
			for b := range w[a] {
				for i := range n {
					for k := range n {
						w[a][b] += x[i][a] * g[i][k] * x[k][b]
					}
				}
			}
		}
		got, err := e.Step(g)
		require.NoError(t, err)
		for i := range n {
			for k := range n {
				want, size := 0.0, 0.0
				for a := range width {
					for b := range width {
						want += x[i][a] * w[a][b] * x[k][b]
						for l := range n {
							for m := range n {
								size += math.Abs(x[i][a] * x[l][a] * g[l][m] * x[m][b] * x[k][b])
							}
						}
					}
				}
				// Both sides sum the same products of five factors, whose sizes add up to
				// size, in some order: fewer than 2 (n + width) + 8 roundings each.
				require.NoError(t, close.Within(got[i][k], want, 0, 2*float64(2*(n+width)+8)*0x1p-53*size), "[%d][%d]", i, k)
			}
		}
	})
}

// TestGaussianVectors: squared lengths are 1 and products of two vectors 0 on
// average, with the variances 2/width and 1/width.
func TestGaussianVectors(t *testing.T) {
	const n, width = 60, 400
	e, err := Gaussian(n, width, 7)
	require.NoError(t, err)
	gram := e.gram
	var lengths, products float64
	for i := range n {
		lengths += gram[i][i] / n
		for k := range i {
			products += gram[i][k] * gram[i][k]
			require.Equal(t, gram[i][k], gram[k][i])
		}
	}
	// Six standard errors, fixed seed: the mean of n squared lengths has variance
	// 2/(width n); width times the mean of n(n-1)/2 squared products is 1 with
	// variance about 2 over their number.
	pairs := float64(n * (n - 1) / 2)
	require.NoError(t, close.Within(lengths, 1, 0, 6*math.Sqrt(2/float64(width*n))))
	require.NoError(t, close.Within(products*width/pairs, 1, 0, 6*math.Sqrt(2/pairs)))
	again, err := Gaussian(n, width, 8)
	require.NoError(t, err)
	require.NotEqual(t, gram, again.gram)
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"orthogonal": "orthogonal", "gaussian:32,7": "gaussian:32,7", "@testdata/eye3.npy": "@testdata/eye3.npy",
	} {
		e, err := Parse(text, 3)
		require.NoError(t, err, text)
		require.Equal(t, want, e.String())
		require.Equal(t, 3, e.Positions())
	}
	e, err := Parse("@testdata/eye3.npy", 3)
	require.NoError(t, err)
	require.Equal(t, Orthogonal(3).gram, e.gram)
	narrow := filepath.Join(t.TempDir(), "narrow.npy")
	require.NoError(t, os.WriteFile(narrow, ndarray.WriteNPY([]int{3, 1}, []float64{1, -1, 1}), 0o600))
	e, err = Parse("@"+narrow, 3)
	require.NoError(t, err, "one number a position is the least width")
	require.Equal(t, 3, e.Positions())

	for text, want := range map[string]string{
		"gauss":                  "want orthogonal | gaussian:WIDTH,SEED",
		"gaussian:32":            "want orthogonal",
		"gaussian:x,1":           `width "x"`,
		"gaussian:1.5,1":         `width "1.5"`,
		"gaussian:0,1":           "width = 0, want 1 to 65536",
		"gaussian:70000,1":       "width = 70000",
		"gaussian:8,-1":          `seed "-1"`,
		"@testdata/none.npy":     "none.npy",
		"@testdata/vector.npy":   "shape [3], want (3, width)",
		"@testdata/infinite.npy": "[1][0] = +Inf",
	} {
		_, err := Parse(text, 3)
		require.ErrorContains(t, err, want, text)
	}
	broken := filepath.Join(t.TempDir(), "broken.npy")
	require.NoError(t, os.WriteFile(broken, []byte("no array"), 0o600))
	_, err = Parse("@"+broken, 3)
	require.ErrorContains(t, err, "broken.npy")
}

func TestStepRefusesOtherShapes(t *testing.T) {
	_, err := Orthogonal(3).Step(make([][]float64, 2))
	require.ErrorIs(t, err, ErrShape)
	_, err = Orthogonal(2).Step([][]float64{{1, 0}, {1}})
	require.ErrorContains(t, err, "row 1 has 1 entries")
}

// TestStepErrorBoundsTheStep: the exact step of entries within their bounds is
// within the step's bound, and the bound is not idle: it is no more than a few times
// what the worst entries can do.
func TestStepErrorBoundsTheStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 5).Draw(t, "T")
		g := drawTriangle(t, n)
		e, err := Gaussian(n, rapid.IntRange(1, 6).Draw(t, "width"), rapid.Uint64().Draw(t, "seed"))
		require.NoError(t, err)
		size := rapid.SampledFrom([]float64{0, 1e-12, 1e-3}).Draw(t, "bound")
		i := rapid.IntRange(0, n-1).Draw(t, "row of the step")
		k := rapid.IntRange(0, n-1).Draw(t, "its entry")
		bound, worst := make([][]float64, n), make([][]*big.Rat, n)
		for u := range bound {
			bound[u] = make([]float64, n)
			for v := range n {
				bound[u][v] = size
				shift := size
				if e.gram[i][u]*e.gram[v][k] < 0 {
					shift = -size
				}
				worst[u] = append(worst[u], new(big.Rat).Add(new(big.Rat).SetFloat64(g[u][v]), new(big.Rat).SetFloat64(shift)))
			}
		}
		exact := new(big.Rat)
		for u := range n {
			for v := range n {
				term := new(big.Rat).Mul(new(big.Rat).SetFloat64(e.gram[i][u]), worst[u][v])
				exact.Add(exact, term.Mul(term, new(big.Rat).SetFloat64(e.gram[v][k])))
			}
		}
		step, err := e.Step(g)
		require.NoError(t, err)
		limit, err := e.StepError(g, bound)
		require.NoError(t, err)
		moved, _ := exact.Sub(exact, new(big.Rat).SetFloat64(step[i][k])).Float64()
		require.LessOrEqual(t, math.Abs(moved), limit[i][k])
		if size > 1e-6 { // rounding is nothing beside it
			require.LessOrEqual(t, limit[i][k], 1.001*math.Abs(moved))
		}
	})
	_, err := Orthogonal(2).StepError([][]float64{{1, 0}, {0, 1}}, [][]float64{{1}})
	require.ErrorIs(t, err, ErrShape)
}
