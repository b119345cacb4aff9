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
