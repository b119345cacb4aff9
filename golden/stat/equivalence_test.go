package stat

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTOSTOfSixRunsAgainstThePublishedOne(t *testing.T) {
	e, err := TOST(sixRuns, publishedRun, 0.01, 0.05)
	require.NoError(t, err)
	// statsmodels DescrStatsW(a).ttost_mean(0.2266, 0.2466); scipy.stats.ttest_1samp(a, 0.2366)
	// for PDifferent; scipy.stats.t.interval(0.90, 5, a.mean()-0.2366, sem) for the interval.
	near(t, 0.0006492307044136085, e.PLower)
	near(t, 0.00048607566874198994, e.PUpper)
	near(t, 0.8403763881526812, e.PDifferent)
	nearInterval(t, -0.003324613397588072, 0.002691280064254695, 0.9, e.Interval)
	near(t, 0.0006492307044136085, e.P())
	require.Equal(t, Equivalent, e.Verdict)
	require.Equal(t, "equivalent: difference -0.000316667, interval [-0.00332461, 0.00269128] (90%) within margin +-0.01 "+
		"(P lower 0.000649, upper 0.000486, of no difference 0.84)", e.String())
}

// sleepDifferences are those of Student's pairs plus a shift. The 90% interval
// of their mean is [-2.2930, -0.8670] plus the shift, the two-sided P of no
// difference 0.00283 (R: t.test(x, y, paired = TRUE)), at a shift of 0.8 0.0759.
func sleepDifferences(shift float64) []float64 {
	d := make([]float64, len(sleepX))
	for i, x := range sleepX {
		d[i] = x - sleepY[i] + shift
	}
	return d
}

// The interval against margins that put it on each side of every boundary.
func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		shift, margin float64
		want          Verdict
	}{
		{0, 2.30, Equivalent},
		{0, 2.29, Undecided},
		{0, 0.87, Undecided}, // significant, but perhaps within the margin
		{0, 0.86, Different}, // outside and significant
		{0.8, 1.50, Equivalent},
		{0.8, 1.49, Undecided},
		{0.8, 0.07, Undecided},
		{0.8, 0.06, Undecided}, // outside the margin, but the two-sided P is 0.0759
	} {
		e, err := TOST(sleepDifferences(c.shift), 0, c.margin, 0.05)
		require.NoError(t, err)
		require.Equal(t, c.want, e.Verdict, "shift %v, margin %v: %s", c.shift, c.margin, e)
		where := map[Verdict]string{Equivalent: "] (90%) within margin", Different: "] (90%) outside margin", Undecided: "] (90%) neither within nor clearly outside margin"}
		require.Contains(t, e.String(), where[c.want])
	}
}

func TestEquivalenceSaysWhatItDoesNotHide(t *testing.T) {
	e, err := TOST(sleepDifferences(0), 0, 2.3, 0.05)
	require.NoError(t, err)
	require.Equal(t, Equivalent, e.Verdict)
	require.Equal(t, []string{"a difference is there (P 0.00283), smaller than the margin"}, e.Warnings)
}

// The warning's n is right: at n samples of this spread the half-width is
// within the margin, at n-1 it is not.
func TestTOSTSaysHowManySamplesAreNeeded(t *testing.T) {
	e, err := TOST(sixRuns, publishedRun, 0.001, 0.05)
	require.NoError(t, err)
	require.Equal(t, Undecided, e.Verdict)
	// scipy.stats.t.isf(0.05, n-1) * 0.00365645547855661 / n**0.5 is 0.0010007 at 38 and 0.00098713 at 39
	require.Equal(t, []string{"need about 39 samples to show equivalence within 0.001, were there no difference at all"}, e.Warnings)
	require.Equal(t, "about 39 samples", samplesForMargin(0.00365645547855661, 0.001, 0.05))
	require.Equal(t, "over a million samples", samplesForMargin(1, 1e-6, 0.05))
}

// The half-width of the 90% interval of the six runs is 0.0030079.
func TestTOSTAsksForSamplesOnlyIfTheIntervalCannotFit(t *testing.T) {
	for margin, warnings := range map[float64]int{0.0030: 1, 0.0031: 0} {
		e, err := TOST(sixRuns, publishedRun, margin, 0.05)
		require.NoError(t, err)
		require.Len(t, e.Warnings, warnings, "margin %v", margin)
	}
}

// At a true difference equal to the margin each wrong (or barely right) word
// is said with probability alpha: the worst case of its error rate. The margin is 4.5
// standard errors wide, so the far side adds nothing.
func TestTOSTErrorRates(t *testing.T) {
	const trials, alpha = 3000, 0.05
	r, equivalent, different := source(3), 0, 0
	for range trials {
		e, err := TOST(normals(r, 8, 2, 1), 0, 2, alpha)
		require.NoError(t, err)
		switch e.Verdict {
		case Equivalent:
			equivalent++
		case Different:
			different++
		}
	}
	requireRate(t, alpha, equivalent, trials, "called equivalent at the margin")
	requireRate(t, alpha, different, trials, "called different at the margin")
}

// Two readings of the same test: P-values against the interval.
func TestEquivalentIsTheIntervalWithinTheMargin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-1, 1), 2, 9).Draw(t, "x")
		margin := rapid.Float64Range(0.01, 3).Draw(t, "margin")
		e, err := TOST(x, 0, margin, 0.05)
		if err != nil {
			t.Skip("no spread")
		}
		// P and the interval round differently: keep off the boundary by 1e-9 of the margin.
		grown, shrunk := margin*(1+1e-9), margin*(1-1e-9)
		switch {
		case e.Interval.Lo >= -shrunk && e.Interval.Hi <= shrunk:
			require.Equal(t, Equivalent, e.Verdict)
		case e.Interval.Lo < -grown || e.Interval.Hi > grown:
			require.NotEqual(t, Equivalent, e.Verdict)
		}
		for i := range x {
			x[i] = -x[i]
		}
		mirrored, err := TOST(x, 0, margin, 0.05)
		require.NoError(t, err)
		require.Equal(t, e.Verdict, mirrored.Verdict)
		require.Equal(t, e.PLower, mirrored.PUpper)
	})
}
