package stat

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRankOfThePublishedRun(t *testing.T) {
	r, err := RankOf(publishedRun, sixRuns, 0.05)
	require.NoError(t, err)
	// By hand: 0.2329, 0.2345, 0.2348, 0.2355 | 0.2366 | 0.2367, 0.2433: 2 * 3/7.
	require.Equal(t, 4, r.Below)
	require.Equal(t, 2, r.Above)
	require.Equal(t, 6.0/7, r.P)
	require.Equal(t, Undecided, r.Verdict)
	require.Equal(t, []string{"need >= 39 runs of ours to call anything different at alpha 0.05: the least possible P here is 0.286"}, r.Warnings)
}

func TestRankOfAnOutlierAmong39(t *testing.T) {
	ours := make([]float64, 39)
	for i := range ours {
		ours[i] = float64(i)
	}
	r, err := RankOf(-1, ours, 0.05)
	require.NoError(t, err)
	require.Equal(t, 0.05, r.P)
	require.Equal(t, Different, r.Verdict)
	require.Empty(t, r.Warnings)
}

func TestRankOfCountsTiesAgainstADifference(t *testing.T) {
	r, err := RankOf(1, []float64{1, 1, 2, 3}, 0.05)
	require.NoError(t, err)
	require.Equal(t, 2, r.Equal)
	require.Equal(t, 1.0, r.P) // 2 min(1+2, 1+4)/5, capped
	r, err = RankOf(1, []float64{1, 2, 3, 4}, 0.05)
	require.NoError(t, err)
	require.Equal(t, 0.8, r.P) // 2 (1+1)/5
}

// Each of n+1 exchangeable values in turn is the published one: the number
// with P <= a is at most a(n+1), and exactly that where P takes the value a.
func TestRankPIsExact(t *testing.T) {
	for _, all := range [][]float64{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, {1, 2, 3, 4, 5, 6, 7}, {1, 1, 2, 2, 2, 3, 4}} {
		ties := all[0] == all[1]
		var ps []float64
		for i := range all {
			ours := slices.Delete(slices.Clone(all), i, i+1)
			r, err := RankOf(all[i], ours, 0.05)
			require.NoError(t, err)
			ps = append(ps, r.P)
		}
		for _, a := range ps {
			hits := 0
			for _, p := range ps {
				if p <= a {
					hits++
				}
			}
			share := float64(hits) / float64(len(ps))
			if ties || a == 1 {
				require.LessOrEqual(t, share, a)
			} else {
				require.Equal(t, a, share)
			}
		}
	}
}
