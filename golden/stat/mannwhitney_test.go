package stat

import (
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestMannWhitneyAgreesWithScipy(t *testing.T) {
	evens, odds := make([]float64, 60), make([]float64, 60)
	for i := range evens {
		evens[i], odds[i] = float64(2*i), float64(2*i+10)+0.5
	}
	for _, c := range []struct {
		x, y  []float64
		exact bool
		u, p  float64 // scipy.stats.mannwhitneyu(x, y, method="exact" or "asymptotic")
	}{
		// Hollander and Wolfe (1973), R's ?wilcox.test: W = 35, p = 0.2544 two-sided.
		{[]float64{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46}, []float64{1.15, 0.88, 0.90, 0.74, 1.21}, true, 35, 0.2544122544122544},
		{[]float64{1, 2, 3}, []float64{4, 5, 6}, true, 0, 0.1},
		{sixRuns, []float64{0.2366, 0.2401, 0.2417}, true, 4, 0.26190476190476186},
		{evens[:50], odds[:50], true, 990, 0.07353521062569629},
		{evens, odds, false, 1485, 0.09880047992003485},
		{[]float64{1, 2, 2, 3, 5, 5, 5, 8}, []float64{2, 4, 5, 6, 6, 7, 9, 9}, false, 15.5, 0.08904432070751368},
	} {
		r, err := MannWhitney(c.x, c.y, 0.05)
		require.NoError(t, err)
		require.Equal(t, c.u, r.U)
		require.Equal(t, c.exact, r.Exact)
		near(t, c.p, r.P)
		if len(c.y) >= 8 {
			require.Empty(t, r.Warnings)
		}
		near(t, c.u/float64(len(c.x)*len(c.y)), r.Superiority)
	}
}

// scipy's asymptotic P is 0.0469 here; no arrangement of 3 and 3 can be rarer than 2/20.
func TestTiesDoNotMakePSmallerThanPossible(t *testing.T) {
	r, err := MannWhitney([]float64{1, 1, 1}, []float64{2, 2, 2}, 0.05)
	require.NoError(t, err)
	require.Equal(t, 0.1, r.P)
	require.Equal(t, Undecided, r.Verdict)
	require.Equal(t, []string{
		"need >= 4 samples a side to call anything different at alpha 0.05: the least possible P here is 0.1",
		"P is the normal approximation, which is rough under 8 samples a side"}, r.Warnings)
}

// P is exactly 2/20, and 0.1 is meant when alpha is 0.1.
func TestPEqualToAlphaRejects(t *testing.T) {
	r, err := MannWhitney([]float64{1, 2, 3}, []float64{4, 5, 6}, 0.1)
	require.NoError(t, err)
	require.Equal(t, Different, r.Verdict)
	require.Empty(t, r.Warnings)
	require.Equal(t, 3, rankSumSamples(0.1))
}

func TestMannWhitneyNeedsSpread(t *testing.T) {
	_, err := MannWhitney([]float64{1, 1}, []float64{1, 1, 1}, 0.05)
	require.ErrorIs(t, err, ErrNoSpread)
}

// All arrangements of n x's among n+m places, one by one.
func TestRankSumCountsAgainstEnumeration(t *testing.T) {
	for n := 1; n <= 5; n++ {
		for m := 1; m <= 5; m++ {
			want := make([]float64, n*m+1)
			for set := uint(0); set < 1<<(n+m); set++ {
				if bits.OnesCount(set) != n {
					continue
				}
				u, below := 0, 0
				for i := range n + m {
					if set>>i&1 == 1 {
						u += below
					} else {
						below++
					}
				}
				want[u]++
			}
			require.Equal(t, want, rankSumCounts(n, m), "n %d, m %d", n, m)
		}
	}
}

func TestMannWhitneyInvariances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.IntRange(0, 30), 1, 9).Draw(t, "x")
		y := rapid.SliceOfN(rapid.IntRange(0, 30), 1, 9).Draw(t, "y")
		real := func(v []int, f func(float64) float64) []float64 {
			out := make([]float64, len(v))
			for i := range v {
				out[i] = f(float64(v[i]))
			}
			return out
		}
		id := func(v float64) float64 { return v }
		cube := func(v float64) float64 { return v*v*v - 1000 } // increasing, exact
		r, err := MannWhitney(real(x, id), real(y, id), 0.05)
		if err != nil {
			t.Skip("no spread")
		}
		// U by its definition.
		var u float64
		for _, a := range x {
			for _, b := range y {
				switch {
				case a > b:
					u++
				case a == b:
					u += 0.5
				}
			}
		}
		require.Equal(t, u, r.U)
		grown, err := MannWhitney(real(x, cube), real(y, cube), 0.05)
		require.NoError(t, err)
		require.Equal(t, r, grown, "an increasing function changes nothing")
		swapped, err := MannWhitney(real(y, id), real(x, id), 0.05)
		require.NoError(t, err)
		require.Equal(t, float64(len(x)*len(y)), r.U+swapped.U)
		require.Equal(t, r.P, swapped.P)
	})
}

func TestMannWhitneyNormalApproximationUnderTheNull(t *testing.T) {
	const trials = 2000
	r, p := source(5), make([]float64, trials)
	for i := range p {
		x, y := make([]float64, 40), make([]float64, 70)
		for j := range x {
			x[j] = float64(r.IntN(50)) // ties
		}
		for j := range y {
			y[j] = float64(r.IntN(50))
		}
		o, err := MannWhitney(x, y, 0.05)
		require.NoError(t, err)
		require.False(t, o.Exact)
		p[i] = o.P
	}
	requireUniform(t, p, "Mann-Whitney")
}
