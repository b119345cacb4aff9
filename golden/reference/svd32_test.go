package reference

import (
	"math"
	"slices"
	"testing"

	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
)

// TestSVD32HasErrorsLikeTheOfficialLaw: the float32 law is as far from the exact
// one as a backward stable decomposition in float32 may be, and no nearer than
// float32 is.
//
// Such a decomposition is that of a matrix at most e = 10 S (1 + sqrt S) units of
// 2^-24 away (as in Stationary.singular, with the rounding of pi itself); that
// turns its null vector by at most e over the second-smallest singular value, and
// dividing by the sum of a unit vector of non-negative entries, at least 1,
// makes at most 1 + sqrt S times that. The official laws satisfy the same bound.
func TestSVD32HasErrorsLikeTheOfficialLaw(t *testing.T) {
	f, err := openShipped("vec_stationary.json")
	require.NoError(t, err)
	var ours, official []float64
	for i, m := range f.(*Stationary).Matrices {
		s := m.Chain.Tokens()
		mu := make([]float64, s)
		markov.NewStationarySVD32(s).Stationary(m.Chain.Flat(), mu)
		worst := 0.0
		for a, want := range m.Exact {
			worst = max(worst, math.Abs(mu[a]-want))
		}
		root := 1 + math.Sqrt(float64(s))
		bound := 10 * float64(s) * root * 0x1p-24 / m.Singular * root
		require.LessOrEqual(t, worst, bound, "matrix %d", i)
		require.LessOrEqual(t, m.Error32, bound, "matrix %d: the official law", i)
		ours, official = append(ours, worst), append(official, m.Error32)
	}
	slices.Sort(ours)
	slices.Sort(official)
	// A law in float64 would be 1e-9 of the official error, a wrong one 1e6 times.
	middle := len(ours) / 2
	require.Greater(t, ours[middle], official[middle]/100)
	require.Less(t, ours[middle], official[middle]*100)
	t.Logf("median error %.2g, official %.2g; largest %.2g, official %.2g", ours[middle], official[middle], ours[len(ours)-1], official[len(ours)-1])
}
