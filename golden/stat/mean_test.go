package stat

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMeanIntervalOfSixRuns(t *testing.T) {
	m, err := MeanInterval(sixRuns, 0.95)
	require.NoError(t, err)
	// scipy.stats.t.interval(0.95, 5, a.mean(), scipy.stats.sem(a))
	near(t, 0.23628333333333332, m.Mean)
	near(t, 0.00365645547855661, m.StdDev)
	near(t, 0.0014927416982779623, m.StdErr)
	nearInterval(t, 0.23244611863844308, 0.24012054802822355, 0.95, m.Interval)
	require.Empty(t, m.Warnings)
}

func TestMeanIntervalWarnsOfFewSamples(t *testing.T) {
	// 1 - 2^(1-n) >= 0.95 first at n = 6 (benchmath's rule for the median).
	m, err := MeanInterval(sixRuns[:5], 0.95)
	require.NoError(t, err)
	require.Equal(t, []string{"need >= 6 samples in x for an interval at level 0.95 that does not lean on normality"}, m.Warnings)
}

func TestMeanIntervalWarnsOfRoundingAsNoise(t *testing.T) {
	m, err := MeanInterval([]float64{1, 1, 1 + 0x1p-52, 1, 1, 1}, 0.95)
	require.NoError(t, err)
	require.Contains(t, m.Warnings, "the spread of x is of the size of rounding errors")
}

func TestEqualValuesHaveNoInterval(t *testing.T) {
	_, err := MeanInterval([]float64{1, 1, 1}, 0.95)
	require.ErrorIs(t, err, ErrNoSpread)
	// 0.1 three times has a mean that is not 0.1 in float64: spread must not come from there.
	_, err = MeanInterval([]float64{0.1, 0.1, 0.1}, 0.95)
	require.ErrorIs(t, err, ErrNoSpread)
}

// Values that share their leading digits have the moments of what differs.
// 2^40 + {0, 1/4, 1/2, 3/4} is exact in float64, and so are all steps.
func TestMomentsDoNotCancel(t *testing.T) {
	m, err := describe("x", []float64{0x1p40, 0x1p40 + 0.25, 0x1p40 + 0.5, 0x1p40 + 0.75}, 2)
	require.NoError(t, err)
	require.Equal(t, 0x1p40+0.375, m.mean)
	require.Equal(t, 0.3125/3, m.variance) // 2 (0.375^2 + 0.125^2) / 3
}

// Student's interval is exact for normal draws of any number: with the normal
// quantile instead, 5 draws are covered at 0.878.
func TestMeanIntervalCovers(t *testing.T) {
	const trials = 4000
	r, hits := source(1), 0
	for range trials {
		m, err := MeanInterval(normals(r, 5, 10, 2), 0.95)
		require.NoError(t, err)
		if m.Interval.Contains(10) {
			hits++
		}
	}
	requireRate(t, 0.95, hits, trials, "coverage")
}
