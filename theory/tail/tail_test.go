package tail

import (
	"math"
	"math/big"
	"testing"

	"causalgrad/theory/close"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// Closed forms: one and two degrees of freedom of Student's t are
// 1/2 - atan(t)/pi and (1 - t/sqrt(2+t^2))/2; two and four of chi-square
// e^-y and (1+y) e^-y, y = x/2; and one is erfc(sqrt y).
func TestClosedForms(t *testing.T) {
	const tolerance = 1e-12
	for _, x := range []float64{0, 0x1p-30, 0.1, 0.5, 1, 1.9, 2, 3, 7, 25, 200, 600} {
		within := func(got, want float64, what string) {
			require.NoError(t, close.Within(got, want, tolerance, 0), "%s at %v", what, x)
		}
		within(ChiSquare(x, 1), math.Erfc(math.Sqrt(x/2)), "chi-square, 1")
		within(ChiSquare(x, 2), math.Exp(-x/2), "chi-square, 2")
		within(ChiSquare(x, 4), math.Exp(-x/2)*(1+x/2), "chi-square, 4")
		within(Student(x, 1), math.Atan2(1, x)/math.Pi, "Student, 1")
		root := math.Sqrt(2 + x*x)
		within(Student(x, 2), 1/(root*(root+x)), "Student, 2") // the difference written without cancelling
		within(Student(-x, 2), 1-1/(root*(root+x)), "Student, 2, left")
	}
}

// Against the library, wherever its own answer is more than rounding.
func TestAgainstTheLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		freedom := float64(rapid.IntRange(1, 20000).Draw(t, "freedom"))
		// Around the mean by up to ten standard deviations.
		x := math.Max(0, freedom+rapid.Float64Range(-10, 10).Draw(t, "deviations")*math.Sqrt(2*freedom))
		want := distuv.ChiSquared{K: freedom}.Survival(x)
		// The library's logarithm of gamma has an error of a few units of its size,
		// 1e5 at most here: 1e5 * 2^-52 = 2e-11 of the answer, and a few of these.
		require.NoError(t, close.Within(ChiSquare(x, freedom), want, 1e-10, 1e-15))
		s := rapid.Float64Range(0.001, 10).Draw(t, "t") * float64(rapid.SampledFrom([]int{-1, 1}).Draw(t, "sign"))
		want = distuv.StudentsT{Sigma: 1, Nu: freedom}.Survival(s)
		// It rounds nu/(nu+t^2), which moves sqrt(1 - that) and the probability,
		// about 0.4 |t| from 1/2, by half an ulp of 1 times 0.4 nu/|t|.
		require.NoError(t, close.Within(Student(s, freedom), want, 1e-10, 0x1p-53*freedom/math.Abs(s)), "t = %v, %v", s, freedom)
	})
}

// Tables of Student's t: three digits after the point, and the quantile is where
// the tail is p.
func TestStudentQuantile(t *testing.T) {
	for _, c := range []struct{ p, nu, want float64 }{
		{0.025, 1, 12.706}, {0.025, 10, 2.228}, {0.005, 60, 2.660}, {0.05, 120, 1.658}, {0.0005, 1, 636.619}, {0.5, 7, 0},
	} {
		got := StudentQuantile(c.p, c.nu)
		require.NoError(t, close.Within(got, c.want, 0, 5e-4+1e-9), "%+v", c)
		require.LessOrEqual(t, Student(got, c.nu), c.p)
		require.NoError(t, close.Within(Student(got, c.nu), c.p, 1e-13, 0), "%+v", c)
	}
}

func TestEdges(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	require.Equal(t, []float64{0.5, 0, 1, 0}, []float64{Student(0, 3), Student(inf, 3), Student(-inf, 3), Student(1e200, 3)})
	require.Equal(t, []float64{1, 1, 0}, []float64{ChiSquare(0, 3), ChiSquare(-1, 3), ChiSquare(inf, 3)})
	require.Zero(t, ChiSquare(1e5, 3))
	for _, v := range []float64{Student(nan, 3), Student(1, nan), Student(1, 0), ChiSquare(nan, 3), ChiSquare(1, nan),
		ChiSquare(1, 0), ChiSquare(0, 0), ChiSquare(5, 0), ChiSquare(inf, 0)} {
		require.True(t, math.IsNaN(v))
	}
}

// TestBetaHalfOfIntegers: Gamma(n + 1/2)/(Gamma(n) sqrt(pi)) = n C(2n, n) / 4^n, here
// without rounding. The square root, the exponential, the product and up to 31
// factors of the shift, two operations each, round by 2^-53.
func TestBetaHalfOfIntegers(t *testing.T) {
	for _, n := range []int64{1, 2, 31, 32, 33, 64, 200} {
		exact := new(big.Rat).SetFrac(new(big.Int).Binomial(2*n, n), new(big.Int).Lsh(big.NewInt(1), uint(2*n)))
		want, _ := exact.Mul(exact, big.NewRat(n, 1)).Float64()
		operations := float64(8 + 2*max(0, 32-n))
		require.NoError(t, close.Within(betaHalf(float64(n)), want, operations*0x1p-53, 0), "n = %d", n)
	}
}
