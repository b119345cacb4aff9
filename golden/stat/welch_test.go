package stat

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWelchOnSleepData(t *testing.T) {
	d, err := Welch(sleepX, sleepY, 0.05)
	require.NoError(t, err)
	// R: t.test(extra ~ group, data = sleep): t = -1.8608, df = 17.776, p-value = 0.07939.
	// scipy.stats.ttest_ind(x, y, equal_var=False) and its confidence_interval(0.95)
	near(t, -1.8608134674868526, d.T)
	near(t, 17.776473516178488, d.DF)
	near(t, 0.0793941401873583, d.P)
	nearInterval(t, -3.3654832307117104, 0.20548323071171137, 0.95, d.Interval)
	require.Equal(t, Undecided, d.Verdict)
}

func TestWelchOnUnequalSizes(t *testing.T) {
	d, err := Welch(sleepX, sleepY[:4], 0.01)
	require.NoError(t, err)
	// scipy.stats.ttest_ind(x, y[:4], equal_var=False), confidence_interval(0.99)
	near(t, -0.33210055759730445, d.T)
	near(t, 11.824636158292902, d.DF)
	near(t, 0.7456260376760083, d.P)
	nearInterval(t, -2.300067273475746, 1.8500672734757457, 0.99, d.Interval)
	require.Len(t, d.Warnings, 1, "4 values of y")
}

func TestWelchWithOneConstantSample(t *testing.T) {
	// By hand: x = {1, 2, 3} has standard error sqrt(1/3) on 2 degrees, y none.
	d, err := Welch([]float64{1, 2, 3}, []float64{5, 5}, 0.05)
	require.NoError(t, err)
	near(t, -3, d.Diff)
	near(t, 2, d.DF)
	require.Contains(t, d.Warnings, "all 2 values of y are equal")
	_, err = Welch([]float64{1, 1}, []float64{5, 5}, 0.05)
	require.ErrorIs(t, err, ErrNoSpread)
}

// The small sample has the larger variance: a pooled t test would be far off.
// Welch's level is approximate, here 0.045 to 0.055, far inside what 3000 trials see.
func TestWelchUnderTheNull(t *testing.T) {
	const trials = 3000
	r, covered := source(2), 0
	p := make([]float64, trials)
	for i := range p {
		d, err := Welch(normals(r, 6, 1, 3), normals(r, 12, 1, 1), 0.05)
		require.NoError(t, err)
		p[i] = d.P
		if d.Interval.Contains(0) {
			covered++
		}
		require.Equal(t, d.Interval.Contains(0), d.Verdict == Undecided, "test and interval agree")
	}
	requireUniform(t, p, "Welch")
	requireRate(t, 0.95, covered, trials, "coverage")
}
