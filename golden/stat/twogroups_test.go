package stat

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSplitLawOfThree: of three normal values the two gaps' smaller over larger
// is r <= q with probability (6/pi) atan(q sqrt 3 / (2+q)), because the centred
// triple is isotropic in the plane; and the best split cuts the larger gap, with
// ratio (4/3) (1/r + 1/2)^2.
func TestSplitLawOfThree(t *testing.T) {
	null := normalSplits(3)
	for _, q := range []float64{0.02, 0.1, 0.3, 0.6, 0.9} {
		at, _ := slices.BinarySearch(null, 4./3*(1/q+0.5)*(1/q+0.5))
		got := float64(len(null)-at) / float64(len(null))
		want := 6 / math.Pi * math.Atan(q*math.Sqrt(3)/(2+q))
		// 20000 draws: 5 standard errors, a false alarm of 6e-7 each (the seed is fixed).
		require.LessOrEqual(t, math.Abs(got-want), 5*math.Sqrt(want*(1-want)/20000), "q = %g", q)
	}
}

func TestSplitInTwo(t *testing.T) {
	// Two pairs: means 1 and 11, between 1 (2*2/4) * 10^2 = 100, within 4 * 1.
	g, err := SplitInTwo([]float64{10, 0, 12, 2}, 0.05)
	require.NoError(t, err)
	require.Equal(t, 2, g.Low)
	require.Equal(t, 25.0, g.Ratio)
	require.Greater(t, g.P, 0.05, "four values can do that by chance")

	g, err = SplitInTwo([]float64{0.149, 0.1507, 0.1488, 0.2005, 0.2035, 0.2032, 0.201}, 0.05)
	require.NoError(t, err)
	require.Equal(t, 3, g.Low)
	require.Equal(t, Different, g.Verdict)
	require.Less(t, g.P, 0.001)

	g, err = SplitInTwo([]float64{1, 2, 3, 4, 5, 6, 7, 8}, 0.05)
	require.NoError(t, err)
	require.Equal(t, Undecided, g.Verdict)
	require.Greater(t, g.P, 0.3)

	g, err = SplitInTwo([]float64{1, 1, 1, 2}, 0.05)
	require.NoError(t, err)
	require.True(t, math.IsInf(g.Ratio, 1))
	require.Equal(t, 3, g.Low)

	for _, bad := range [][]float64{{1, 2, 3}, {1, 2, math.NaN(), 4}, make([]float64, 1001)} {
		_, err = SplitInTwo(bad, 0.05)
		require.Error(t, err)
	}
	_, err = SplitInTwo([]float64{1, 1, 1, 1}, 0.05)
	require.ErrorIs(t, err, ErrNoSpread)
	_, err = SplitInTwo([]float64{1, 2, 3, 4}, 0.7)
	require.ErrorContains(t, err, "alpha")
}
