package stat

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/close"
)

var (
	rateT   = []float64{8, 16, 32, 64, 128}
	rateGap = []float64{0.31, 0.17, 0.08, 0.043, 0.02}
	rateErr = []float64{0.01, 0.006, 0.004, 0.002, 0.002}
)

func TestFitRateUnweighted(t *testing.T) {
	// scipy.stats.linregress(log(T), log(gap)), t.isf(0.025, 3)
	r, err := FitRate(rateT, rateGap, nil)
	require.NoError(t, err)
	near(t, -0.9891518802209356, r.Exponent)
	near(t, 2.515948469006787, r.Prefactor)
	near(t, 0.02250488298373091, r.StdErr)
	near(t, 0.9984494887909467, r.R2)
	nearInterval(t, -1.0607724619233523, -0.9175312985185189, 0.95, r.Interval)
}

func TestFitRateWeighted(t *testing.T) {
	// statsmodels.WLS(log(gap), [1, log(T)], weights=(gap/stderr)**2).fit(cov_type="fixed scale"), norm.isf(0.025);
	// numpy.polyfit(log(T), log(gap), 1, w=gap/stderr, cov="unscaled") agrees; scipy.stats.chi2.sf of the residuals.
	r, err := FitRate(rateT, rateGap, rateErr)
	require.NoError(t, err)
	near(t, -0.9690106133010187, r.Exponent)
	near(t, 2.3816236154088104, r.Prefactor)
	near(t, 0.02295926809686262, r.StdErr)
	near(t, 0.9980173434005828, r.R2)
	nearInterval(t, -1.014009951882269, -0.9240112747197684, 0.95, r.Interval)
	require.Equal(t, 3, r.Fit.DF)
	near(t, 3.5387542203386566, r.Fit.ChiSquare)
	near(t, 0.3157705029700992, r.Fit.P)
	require.Empty(t, r.Warnings)
}

func TestFitRateFindsAnExactPower(t *testing.T) {
	gap := make([]float64, len(rateT))
	for i, v := range rateT {
		gap[i] = 3 / (v * v)
	}
	r, err := FitRate(rateT, gap, nil)
	require.NoError(t, err)
	// Logs up to 9 round at 1e-15; the slope divides by a spread of 1.
	require.NoError(t, close.Within(r.Exponent, -2, 1e-14, 0))
	require.NoError(t, close.Within(r.Prefactor, 3, 1e-13, 0))
	require.Contains(t, r.Warnings, "the points lie on a line to rounding: the interval says nothing about noise")
}

func TestFitRateRefuses(t *testing.T) {
	_, err := FitRate([]float64{1, 2, 0}, rateGap[:3], nil)
	require.ErrorContains(t, err, "T[2] is 0, expected a finite number above 0")
	_, err = FitRate(rateT[:3], []float64{1, -0.5, 1}, nil)
	require.ErrorContains(t, err, "gap[1] is -0.5")
	_, err = FitRate(rateT[:3], []float64{1, math.NaN(), 1}, nil)
	require.ErrorContains(t, err, "gap[1] is NaN")
	_, err = FitRate(rateT[:2], rateGap[:2], nil)
	require.ErrorContains(t, err, "x has 2 values, expected at least 3")
	_, err = FitRate([]float64{4, 4, 4}, rateGap[:3], nil)
	require.ErrorContains(t, err, "expected at least two values")
}

func TestFitRateWarnsOfErrorsTooLargeForALogarithm(t *testing.T) {
	r, err := FitRate(rateT, rateGap, []float64{0.01, 0.01, 0.01, 0.01, 0.01})
	require.NoError(t, err)
	require.Contains(t, r.Warnings, "gap[3] has relative error 0.23, expected up to 0.2: its logarithm is biased by over a tenth of its error")
}
