package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPredictionInterval(t *testing.T) {
	// R: predict(lm(x ~ 1), interval = "prediction")[1, ], x <- c(1, 2, 4, 4.5): mean 2.875, sd 1.6520, t(3) 3.18245.
	p, err := PredictionInterval([]float64{1, 2, 4, 4.5}, 0.95)
	require.NoError(t, err)
	near(t, 2.875, p.Mean)
	deviation := math.Sqrt((1.875*1.875 + 0.875*0.875 + 1.125*1.125 + 1.625*1.625) / 3)
	near(t, deviation, p.StdDev)
	near(t, deviation/2, p.StdErr)
	half := 3.182446305284263 * deviation * math.Sqrt(1.25)
	nearInterval(t, 2.875-half, 2.875+half, 0.95, p.Interval)
	_, err = PredictionInterval([]float64{3, 3}, 0.95)
	require.ErrorIs(t, err, ErrNoSpread)
	_, err = PredictionInterval([]float64{3}, 0.95)
	require.ErrorContains(t, err, "expected at least 2")
	_, err = PredictionInterval([]float64{3, 4}, 0.05)
	require.ErrorContains(t, err, "confidence is 0.05")
}

// One more normal draw lies inside as often as it should, also of few. Of 20000
// trials the share has the standard error 0.0015; six of them are allowed. Left out,
// the 1 under the root gives 0.75 with five draws, and normal quantiles give 0.88.
func TestPredictionIntervalCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const trials = 20000
	for _, n := range []int{2, 5, 16} {
		inside := 0
		for range trials {
			x := make([]float64, n)
			for i := range x {
				x[i] = 3 + 2*r.NormFloat64()
			}
			p, err := PredictionInterval(x, 0.95)
			require.NoError(t, err)
			if next := 3 + 2*r.NormFloat64(); p.Interval.Lo <= next && next <= p.Interval.Hi {
				inside++
			}
		}
		require.LessOrEqual(t, math.Abs(float64(inside)/trials-0.95), 6*0.0015, "n = %d", n)
	}
}

func TestPredictionP(t *testing.T) {
	p, err := PredictionInterval([]float64{1, 2, 4, 4.5}, 0.95)
	require.NoError(t, err)
	// At an end of the 95% interval P is 0.05, at the mean 1.
	near(t, 0.05, p.P(p.Interval.Hi))
	near(t, 0.05, p.P(p.Interval.Lo))
	near(t, 1, p.P(p.Mean))
}

func TestFisher(t *testing.T) {
	// scipy.stats.combine_pvalues([0.01, 0.2, 0.7]): statistic 13.142575..., P = exp(-x/2) sum (x/2)^k/k!, k < 3.
	half := -(math.Log(0.01) + math.Log(0.2) + math.Log(0.7))
	got, err := Fisher([]float64{0.01, 0.2, 0.7})
	require.NoError(t, err)
	near(t, math.Exp(-half)*(1+half+half*half/2), got)
	one, err := Fisher([]float64{0.3})
	require.NoError(t, err)
	near(t, 0.3, one)
	_, err = Fisher([]float64{0})
	require.ErrorContains(t, err, "p[0] is 0")
	_, err = Fisher(nil)
	require.ErrorContains(t, err, "at least 1")
}
