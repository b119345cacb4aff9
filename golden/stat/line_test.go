package stat

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFitLineOnAnscombesFirst(t *testing.T) {
	// F. J. Anscombe, Am. Stat. 27 (1973) 17-21; scipy.stats.linregress, scipy.stats.t.isf(0.025, 9).
	x := []float64{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}
	y := []float64{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68}
	l, err := FitLine(x, y, nil, 0.95)
	require.NoError(t, err)
	near(t, 0.5000909090909091, l.Slope)
	near(t, 3.0000909090909103, l.Intercept)
	near(t, 0.11790550059563408, l.SlopeErr)
	near(t, 0.666542459508775, l.R2)
	nearInterval(t, 0.23337013638518744, 0.7668116817966308, 0.95, l.Interval)
	require.Nil(t, l.Fit)
	require.Empty(t, l.Warnings)
}

func TestFitLineWarnings(t *testing.T) {
	l, err := FitLine([]float64{0, 1, 2, 3}, []float64{0, 1.1, 1.9, 3}, nil, 0.95)
	require.NoError(t, err)
	// scipy: t.isf(0.025, 2)/norm.isf(0.025) = 2.195, t.isf(0.025, 3)/norm.isf(0.025) = 1.624
	require.Equal(t, []string{"need >= 5 points for an interval within twice the width that known errors would give: 4 leave 2 degrees of freedom"}, l.Warnings)

	l, err = FitLine([]float64{0, 1, 2, 3, 4}, []float64{0.25, 0.75, 1.25, 1.75, 2.25}, nil, 0.95)
	require.NoError(t, err)
	require.Equal(t, []string{"the points lie on a line to rounding: the interval says nothing about noise"}, l.Warnings)

	l, err = FitLine([]float64{0, 1}, []float64{5, 5}, []float64{1, 1}, 0.95)
	require.NoError(t, err)
	require.Equal(t, 0.0, l.R2)
	require.Len(t, l.Warnings, 2) // R2 undefined; two points cannot show a bend

	l, err = FitLine([]float64{0, 1, 2}, []float64{0, 1, 0}, []float64{0.1, 0.1, 0.1}, 0.95)
	require.NoError(t, err)
	near(t, 200.0/3, l.Fit.ChiSquare) // residuals 1/3, 2/3, 1/3 about the mean 1/3, over 0.1^2
	require.Contains(t, l.Warnings[0], "the points do not lie on a line within their errors")
}

func TestFitLineCovers(t *testing.T) {
	const trials = 3000
	x := []float64{0, 1, 2, 4, 7}
	sd := []float64{1, 0.5, 2, 1, 0.2}
	r, plain, weighted := source(8), 0, 0
	p := make([]float64, trials)
	for i := range p {
		even, uneven := make([]float64, len(x)), make([]float64, len(x))
		for j := range x {
			even[j] = 3 - 2*x[j] + r.NormFloat64()
			uneven[j] = 3 - 2*x[j] + sd[j]*r.NormFloat64()
		}
		l, err := FitLine(x, even, nil, 0.95)
		require.NoError(t, err)
		if l.Interval.Contains(-2) {
			plain++
		}
		l, err = FitLine(x, uneven, sd, 0.95)
		require.NoError(t, err)
		if l.Interval.Contains(-2) {
			weighted++
		}
		p[i] = l.Fit.P
	}
	requireRate(t, 0.95, plain, trials, "coverage, unweighted")
	requireRate(t, 0.95, weighted, trials, "coverage, weighted")
	requireUniform(t, p, "lack of fit")
}
