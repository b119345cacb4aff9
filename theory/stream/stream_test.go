package stream

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"causalgrad/theory/detmath"
)

func TestSameKeySameStream(t *testing.T) {
	k := Key{Seed: 3, Purpose: Train, Step: 7, Shard: 11}
	a, b := New(k), New(Key{})
	b.Reset(k)
	for range 100 {
		require.Equal(t, a.Uint64(), b.Uint64())
	}
}

// TestFirstWordsAreFixed pins the contract: these words came from the first
// version and every golden depends on them.
func TestFirstWordsAreFixed(t *testing.T) {
	s := New(Key{Seed: 1, Purpose: Train, Step: 2, Shard: 3})
	require.Equal(t, [3]uint64{0xf81a55e652379ef5, 0x5679946ff49c81f3, 0x5e4ac2f390466400}, [3]uint64{s.Uint64(), s.Uint64(), s.Uint64()})
}

// Float64 is a multiple of 2^-53 in [0, 1); Open an odd one, so never 0, 1/2 or 1.
func TestUniformsAreMultiples(t *testing.T) {
	s := New(Key{Seed: 4, Purpose: Law})
	for range 2000 {
		u := s.Float64() * 0x1p53
		require.Equal(t, math.Floor(u), u, "Float64 times 2^53")
		require.Less(t, u, 0x1p53)
		u = s.Open() * 0x1p53
		require.Equal(t, 1.0, math.Mod(u, 2), "Open times 2^53, modulo 2")
		require.Less(t, u, 0x1p53)
	}
}

func TestEachFieldOfTheKeyMatters(t *testing.T) {
	seen := map[uint64]Key{}
	for seed := range uint64(5) {
		for purpose := Graph; purpose <= Bench; purpose++ {
			for step := range uint64(5) {
				for shard := range uint64(5) {
					k := Key{seed, purpose, step, shard}
					w := New(k).Uint64()
					require.NotContains(t, seen, w, "%v and %v start alike", k, seen[w])
					seen[w] = k
				}
			}
		}
	}
}

// kolmogorov returns the Kolmogorov-Smirnov statistic sqrt(n) D of the values.
func kolmogorov(values []float64, cdf func(float64) float64) float64 {
	sorted := append([]float64(nil), values...)
	slices.Sort(sorted)
	n, d := float64(len(sorted)), 0.0
	for i, v := range sorted {
		f := cdf(v)
		d = math.Max(d, math.Max(f-float64(i)/n, float64(i+1)/n-f))
	}
	return d * math.Sqrt(n)
}

// The level of the tests below: P(sqrt(n) D > 2.7) is about 2 exp(-2*2.7^2) =
// 9e-7 under the null; the seeds are fixed, so a pass is a pass for ever.
const kolmogorovLimit = 2.7

func TestVariatesFollowTheirDistributions(t *testing.T) {
	const n = 20000
	draw := func(f func(s *Stream) float64) []float64 {
		s := New(Key{Seed: 5, Purpose: Law})
		v := make([]float64, n)
		for i := range v {
			v[i] = f(s)
		}
		return v
	}
	identity := func(x float64) float64 { return x }
	for _, c := range []struct {
		name string
		draw func(s *Stream) float64
		cdf  func(float64) float64
	}{
		{"Float64", (*Stream).Float64, identity},
		{"Open", (*Stream).Open, identity},
		{"Exponential", (*Stream).Exponential, func(x float64) float64 { return -math.Expm1(-x) }},
		{"Normal", (*Stream).Normal, distuv.UnitNormal.CDF},
	} {
		require.Less(t, kolmogorov(draw(c.draw), c.cdf), kolmogorovLimit, c.name)
	}
	for _, shape := range []float64{0.03, 0.1, 0.3, 0.49, 0.5, 0.9, 1, 1.5, 3, 10} {
		gamma := distuv.Gamma{Alpha: shape, Beta: 1}
		logs := draw(func(s *Stream) float64 { return s.LogGamma(shape) })
		got := kolmogorov(logs, func(x float64) float64 { return gamma.CDF(math.Exp(x)) })
		if shape < 0.1 {
			// exp underflows here; near 0 the distribution function is G^shape / Gamma(shape+1).
			got = kolmogorov(logs, func(x float64) float64 {
				if x < -30 {
					return math.Exp(shape*x) / math.Gamma(shape+1)
				}
				return gamma.CDF(math.Exp(x))
			})
		}
		require.Less(t, got, kolmogorovLimit, "shape %v", shape)
	}
}

func TestDirichletMarginalsAreBeta(t *testing.T) {
	for _, alpha := range []float64{0.1, 1, 3} {
		s := New(Key{Seed: 6, Purpose: Law})
		row := make([]float64, 4)
		first := make([]float64, 20000)
		for i := range first {
			s.Dirichlet(alpha, row)
			first[i] = row[i%4]
			sum := row[0] + row[1] + row[2] + row[3]
			// Four divisions and three additions, each within 2^-53.
			require.LessOrEqual(t, math.Abs(sum-1), 8*0x1p-53)
		}
		beta := distuv.Beta{Alpha: alpha, Beta: 3 * alpha}
		require.Less(t, kolmogorov(first, beta.CDF), kolmogorovLimit, "alpha %v", alpha)
	}
}

func TestDirichletNeverReturnsZero(t *testing.T) {
	s := New(Key{Seed: 7, Purpose: Law})
	row := make([]float64, 3)
	floored := 0
	for range 5000 {
		s.Dirichlet(0.001, row)
		for _, p := range row {
			require.GreaterOrEqual(t, p, MinProbability)
			if p == MinProbability {
				floored++
			}
		}
	}
	require.Positive(t, floored, "the case was not exercised")
}

// requireEqualShares is a chi-square test at a false alarm of 1e-6.
func requireEqualShares(t *testing.T, counts []int) {
	t.Helper()
	n := 0
	for _, c := range counts {
		n += c
	}
	expected, chi2 := float64(n)/float64(len(counts)), 0.0
	for _, c := range counts {
		chi2 += (float64(c) - expected) * (float64(c) - expected) / expected
	}
	require.Less(t, chi2, distuv.ChiSquared{K: float64(len(counts) - 1)}.Quantile(1-1e-6), "%v", counts)
}

func TestIntNIsUniform(t *testing.T) {
	s := New(Key{Seed: 8, Purpose: Law})
	counts := make([]int, 7)
	for range 70000 {
		counts[s.IntN(7)]++
	}
	requireEqualShares(t, counts)
}

// Without rejection 8 words in a row would become 0, 0, 0, 1, 1, 1, 2, 2 of
// 3 * 2^61, so the residue 2 would come up in a quarter of the draws. (An int of
// 32 bits has no bound that shows it.)
func TestIntNRejectsWhatDoesNotDivide(t *testing.T) {
	s := New(Key{Seed: 8, Purpose: Law})
	counts := make([]int, 3)
	for range 3000 {
		counts[s.IntN(3<<(strconv.IntSize-3))%3]++
	}
	requireEqualShares(t, counts)
}

func TestShuffleIsAPermutation(t *testing.T) {
	s := New(Key{Seed: 9, Purpose: Law})
	v := []int{0, 1, 2, 3, 4}
	s.Shuffle(v)
	require.ElementsMatch(t, []int{0, 1, 2, 3, 4}, v)
	require.NotEqual(t, []int{0, 1, 2, 3, 4}, v)
}

// Fisher and Yates: every order equally likely, from one IntN less than elements.
func TestShuffleIsUniform(t *testing.T) {
	s := New(Key{Seed: 9, Purpose: Law})
	at := map[[3]int]int{{0, 1, 2}: 0, {0, 2, 1}: 1, {1, 0, 2}: 2, {1, 2, 0}: 3, {2, 0, 1}: 4, {2, 1, 0}: 5} // only looked up
	counts := make([]int, 6)
	for range 6000 {
		v, twin := [3]int{0, 1, 2}, *s
		s.Shuffle(v[:])
		counts[at[v]]++
		twin.IntN(3)
		twin.IntN(2)
		require.Equal(t, twin, *s, "the words used")
	}
	requireEqualShares(t, counts)
}

func BenchmarkLogGamma(b *testing.B) {
	s := New(Key{Purpose: Bench})
	for b.Loop() {
		s.LogGamma(0.1)
	}
}

func BenchmarkDirichlet(b *testing.B) {
	for _, size := range []int{3, 10} {
		b.Run(fmt.Sprintf("S=%d", size), func(b *testing.B) {
			s, rows := New(Key{Purpose: Bench}), make([]float64, size*size)
			for b.Loop() {
				s.DirichletRows(0.1, size, rows)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(rows)), "ns/entry")
		})
	}
}

func BenchmarkExponential(b *testing.B) {
	s := New(Key{Purpose: Bench})
	for b.Loop() {
		s.Exponential()
	}
}

func TestExpIsCloseToDetmath(t *testing.T) {
	s, worst := New(Key{Seed: 10, Purpose: Law}), 0.0
	for range 100000 {
		x := 1440*s.Float64() - 740
		want := detmath.Exp(x)
		// detmath.Exp is within 1 unit in the last place.
		worst = max(worst, math.Abs(exp(x)-want)/(math.Nextafter(want, math.Inf(1))-want))
	}
	t.Logf("largest distance: %.1f units in the last place", worst)
	require.LessOrEqual(t, worst, 4.0)
	for _, x := range []float64{0, math.Inf(1), math.Inf(-1), 710, -746} {
		require.Equal(t, detmath.Exp(x), exp(x))
	}
	require.True(t, math.IsNaN(exp(math.NaN())), "exp(NaN) is NaN")
}
