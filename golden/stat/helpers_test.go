package stat

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/close"
)

// Reference numbers are printed with all 17 digits by the call in the comment
// beside them (scipy 1.17.1, statsmodels 0.15.0, R 4.x examples where said).
// gonum's and scipy's distribution functions agree to 1e-12 up to 1000 degrees
// of freedom (TestQuantilesAgreeWithScipy), and the moments in the examples lose at
// most two more digits to cancellation: 1e-10.
const referenceTolerance = 1e-10

// near compares with a reference number.
func near(t *testing.T, want, got float64) {
	t.Helper()
	require.NoError(t, close.Within(got, want, referenceTolerance, 0))
}

func nearInterval(t *testing.T, lo, hi, confidence float64, got Interval) {
	t.Helper()
	near(t, lo, got.Lo)
	near(t, hi, got.Hi)
	near(t, confidence, got.Confidence)
}

// requireRate fails if hits among independent trials are impossible at this
// rate: false alarm 1e-9 a call, were the seed fresh.
func requireRate(t *testing.T, rate float64, hits, trials int, what string) {
	t.Helper()
	o, err := BinomialTest(hits, trials, rate, 0.05)
	require.NoError(t, err)
	require.Greater(t, o.P, 1e-9, "%s: %d of %d, expected a share of %v", what, hits, trials, rate)
}

// requireUniform checks, coarsely, that p-values are uniform.
func requireUniform(t *testing.T, p []float64, what string) {
	t.Helper()
	for _, level := range []float64{0.01, 0.05, 0.2, 0.5, 0.9} {
		hits := 0
		for _, v := range p {
			if v <= level {
				hits++
			}
		}
		requireRate(t, level, hits, len(p), what)
	}
}

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

func normals(r *rand.Rand, n int, mean, sd float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = mean + sd*r.NormFloat64()
	}
	return x
}

// sixRuns are six independent replications of one published training run
// (final position-block deficit), and publishedRun is the published one.
var sixRuns = []float64{0.2329, 0.2355, 0.2348, 0.2433, 0.2345, 0.2367}

const publishedRun = 0.2366

// sleepX and sleepY are Student's sleep data (Biometrika 6 (1908) 1-25; R's "sleep").
var (
	sleepX = []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	sleepY = []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
)
