package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/detmath"
)

// eachVariant runs f on every variant of this machine and requires the same
// bits of all results. f must not depend on anything but its inputs.
func eachVariant(t *testing.T, f func() []float64) {
	t.Helper()
	was := Name()
	defer func() { require.NoError(t, Use(was)) }()
	require.NoError(t, Use(Portable))
	want := f()
	for _, name := range Available()[1:] {
		require.NoError(t, Use(name))
		requireBits(t, want, f(), name)
	}
}

// requireBits compares bit patterns; all NaN count as one.
func requireBits(t *testing.T, want, got []float64, name string) {
	t.Helper()
	require.Len(t, got, len(want))
	for i := range want {
		if math.IsNaN(want[i]) && math.IsNaN(got[i]) {
			continue
		}
		require.Equal(t, math.Float64bits(want[i]), math.Float64bits(got[i]), "%s, element %d: %v, portable %v", name, i, got[i], want[i])
	}
}

func normals(r *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = r.NormFloat64()
	}
	return v
}

func TestGemm(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, m := range []int{4, 8, 20} {
		for _, n := range []int{4, 8, 12, 16, 20, 24, 28, 40} {
			for _, inner := range []int{1, 2, 3, 7, 64} {
				for _, slack := range []int{0, 3} {
					ldc, ldb := n+slack, n+2*slack
					c, b := normals(r, m*ldc), normals(r, inner*ldb)
					a := normals(r, m*(inner+slack))
					for _, left := range []Operand{{a, inner + slack, 1}, {a, 1, m}} {
						eachVariant(t, func() []float64 {
							out := append([]float64(nil), c...)
							Gemm(out, ldc, left, b, ldb, m, n, inner)
							return out
						})
					}
				}
			}
		}
	}
}

// TestGemmIsTheProduct judges the portable variant by the definition, in the
// same order: equal bits.
func TestGemmIsTheProduct(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	const m, n, inner = 8, 12, 5
	a, b, c := normals(r, m*inner), normals(r, inner*n), normals(r, m*n)
	want := append([]float64(nil), c...)
	for i := range m {
		for j := range n {
			for k := range inner {
				want[i*n+j] = math.FMA(a[k*m+i], b[k*n+j], want[i*n+j])
			}
		}
	}
	Gemm(c, n, Operand{a, 1, m}, b, n, m, n, inner)
	requireBits(t, want, c, "definition")
}

func TestExpEqualsDetmath(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	x := []float64{0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), math.NaN(), 709.7, 709.79, 710, -708.5, -745, -745.2, -746,
		7.09782712893383973096e+02, -7.45133219101941108420e+02, 1e300, -1e300, 5e-324, 1e-300, math.Ln2 / 2, -math.Ln2 / 2, 88, -88}
	for range 20000 {
		x = append(x, (r.Float64()-0.5)*3000, r.NormFloat64(), -r.ExpFloat64(), math.Float64frombits(r.Uint64()))
	}
	eachVariant(t, func() []float64 {
		out := append([]float64(nil), x...)
		Exp(out)
		for i := range out {
			if w := detmath.Exp(x[i]); !math.IsNaN(w) {
				require.Equal(t, math.Float64bits(w), math.Float64bits(out[i]), "%s: Exp(%v)", Name(), x[i])
			}
		}
		return out
	})
}

func TestSoftmax(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	for n := Lanes; n <= 40; n += Lanes {
		for _, scale := range []float64{0, 1, 30, 1000} {
			x := normals(r, n)
			for i := range x {
				x[i] *= scale
			}
			for pad := range Lanes {
				for p := range pad {
					x[n-1-p] = math.Inf(-1)
				}
				eachVariant(t, func() []float64 {
					out := append([]float64(nil), x...)
					largest, sum := Softmax(out)
					total := 0.0
					for _, p := range out {
						total += p
					}
					// n products and additions, each within 2^-53.
					require.LessOrEqual(t, math.Abs(total-1), 2*float64(n)*0x1p-53, "%s: the softmax of %v sums to %v", Name(), x, total)
					return append(out, largest, sum)
				})
			}
		}
	}
	x := []float64{1, math.NaN(), 0, 2, 3, 4, 5, 6}
	eachVariant(t, func() []float64 {
		out := append([]float64(nil), x...)
		_, sum := Softmax(out)
		require.True(t, math.IsNaN(sum), "a NaN must not vanish")
		return append(out, sum)
	})
}

func TestAdd2AndAddRows(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	for n := 0; n <= 24; n++ {
		x, y, src, rows := normals(r, n), normals(r, n), normals(r, n), normals(r, 3*(n+1))
		eachVariant(t, func() []float64 {
			a, b, sums, two := copies(x), copies(y), copies(rows), n&^(Lanes-1)
			Add2(a, b, src[:two])
			AddRows(Rows{sums, n + 1}, Rows{src, 0}, 3, n)
			for i := range src {
				for row := range 3 {
					require.Equal(t, rows[row*(n+1)+i]+src[i], sums[row*(n+1)+i])
				}
				if i < two {
					require.Equal(t, x[i]+src[i], a[i])
					require.Equal(t, y[i]+src[i], b[i])
				}
			}
			return copies(a, b, sums)
		})
	}
}

// TestRowsAreSoftmaxes: each row's bits are those of the row alone.
func TestRowsAreSoftmaxes(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	for cols := Lanes; cols <= 24; cols += Lanes {
		x, g := normals(r, 5*cols), normals(r, 5*cols)
		eachVariant(t, func() []float64 {
			p, d, largest, sum := copies(x), copies(g), make([]float64, 5), make([]float64, 5)
			SoftmaxRows(p, cols, largest, sum)
			SoftmaxBackwardRows(p, d, cols, 5)
			for i := range 5 {
				row, dRow := copies(x[i*cols:(i+1)*cols]), copies(g[i*cols:(i+1)*cols])
				l, s := Softmax(row)
				SoftmaxBackward(row, dRow)
				requireBits(t, copies(row, dRow, []float64{l, s}), copies(p[i*cols:(i+1)*cols], d[i*cols:(i+1)*cols], []float64{largest[i], sum[i]}), "row alone")
			}
			return copies(p, d, largest, sum)
		})
	}
}

func TestSoftmaxBackward(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for n := Lanes; n <= 40; n += Lanes {
		p, g := normals(r, n), normals(r, n)
		Softmax(p)
		eachVariant(t, func() []float64 {
			out := append([]float64(nil), g...)
			SoftmaxBackward(p, out)
			mean := 0.0
			for i := range p {
				mean += p[i] * g[i]
			}
			for i := range p {
				// |g| < 8; the mean is a sum of n products, p sums to 1.
				require.LessOrEqual(t, math.Abs(out[i]-p[i]*(g[i]-mean)), 8*float64(n+4)*0x1p-53, "%s: derivative by score %d of %d: %v", Name(), i, n, out[i])
			}
			return out
		})
	}
}

func TestUnknownVariantIsAnError(t *testing.T) {
	was := Name()
	err := Use("sse")
	require.ErrorContains(t, err, `"sse"`)
	require.Equal(t, was, Name())
	require.NoError(t, Err())
}

func TestPad(t *testing.T) {
	for n, want := range map[int]int{1: 4, 4: 4, 5: 8, 20: 20, 33: 36} {
		require.Equal(t, want, Pad(n))
	}
}

func TestWrongLengthsPanicInGo(t *testing.T) {
	for i, f := range []func(){
		func() { Exp(make([]float64, 3)) },
		func() { Softmax(make([]float64, 0)) },
		func() {
			Gemm(make([]float64, 15), 4, Operand{make([]float64, 4), 1, 4}, make([]float64, 4), 4, 4, 4, 1)
		},
		func() {
			Gemm(make([]float64, 16), 4, Operand{make([]float64, 3), 1, 4}, make([]float64, 4), 4, 4, 4, 1)
		},
		func() {
			Gemm(make([]float64, 16), 4, Operand{make([]float64, 4), 1, 4}, make([]float64, 3), 4, 4, 4, 1)
		},
		func() {
			Gemm(make([]float64, 16), 4, Operand{make([]float64, 4), 1, 4}, make([]float64, 4), 4, 3, 4, 1)
		},
		func() { Add2(make([]float64, 3), make([]float64, 4), make([]float64, 4)) },
		func() { AddRows(Rows{zeros(7), 4}, Rows{zeros(8), 4}, 2, 4) },
		func() { AddRows(Rows{zeros(8), 4}, Rows{zeros(7), 4}, 2, 4) },
		func() { SoftmaxRows(make([]float64, 8), 3, make([]float64, 2), make([]float64, 2)) },
		func() { SoftmaxRows(make([]float64, 8), 0, make([]float64, 2), make([]float64, 2)) },
		func() { SoftmaxRows(make([]float64, 7), 4, make([]float64, 2), make([]float64, 2)) },
		func() { SoftmaxRows(make([]float64, 8), 4, make([]float64, 2), make([]float64, 1)) },
		func() { SoftmaxBackwardRows(make([]float64, 8), make([]float64, 7), 4, 2) },
		func() { SoftmaxBackward(make([]float64, 3), make([]float64, 4)) },
	} {
		require.Panics(t, f, fmt.Sprint(i))
	}
}

func TestRooflineCountsItsOperations(t *testing.T) {
	was := Name()
	defer func() { require.NoError(t, Use(was)) }()
	for _, name := range Available() {
		require.NoError(t, Use(name))
		require.Equal(t, 3*Roofline(5), Roofline(15))
		require.Equal(t, 20*Roofline(5), Roofline(100)) // its numbers are at their fixed point
		require.Zero(t, Roofline(0))
	}
}
