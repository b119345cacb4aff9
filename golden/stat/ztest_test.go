package stat

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestZTest(t *testing.T) {
	got, want := []float64{1.02, 0.97, 3.5, -1}, []float64{1, 1, 3, -1}
	r, err := ZTest(got, want, []float64{0.01, 0.02, 0.1, 0.5}, 0.05)
	require.NoError(t, err)
	// z = 2, -1.5, 5, 0. 4 * 2 * scipy.stats.norm.sf(5); scipy.stats.norm.isf(0.05/4/2)
	require.Equal(t, 2, r.Worst)
	near(t, 5, r.Z)
	near(t, 2.2932125750335462e-06, r.P)
	near(t, 2.497705474412373, r.Limit)
	require.Equal(t, []int{2}, r.Beyond)
	require.Equal(t, Different, r.Verdict)
}

func TestZTestKeepsTheSign(t *testing.T) {
	r, err := ZTest([]float64{1, -7}, []float64{0, 0}, []float64{1, 1}, 0.05)
	require.NoError(t, err)
	require.Equal(t, 1, r.Worst)
	require.Equal(t, -7.0, r.Z)
}

func TestZTestLimitOfManyEntries(t *testing.T) {
	n := 10000
	got, one := make([]float64, n), make([]float64, n)
	for i := range one {
		one[i] = 1
	}
	r, err := ZTest(got, got, one, 1e-6)
	require.NoError(t, err)
	near(t, 6.466951087240516, r.Limit) // scipy.stats.norm.isf(1e-6/2/10000)
	require.Equal(t, 1.0, r.P)
	require.Equal(t, Undecided, r.Verdict)
}

// For independent entries Bonferroni's rate is known: 1 - (1 - 0.05/20)^20 = 0.04883.
func TestZTestFamilywiseRate(t *testing.T) {
	const trials, n = 3000, 20
	r, hits := source(6), 0
	zero, sd := make([]float64, n), make([]float64, n)
	for i := range sd {
		sd[i] = 2
	}
	for range trials {
		o, err := ZTest(normals(r, n, 0, 2), zero, sd, 0.05)
		require.NoError(t, err)
		require.Equal(t, len(o.Beyond) > 0, o.Verdict == Different, "list and verdict agree")
		if o.Verdict == Different {
			hits++
		}
	}
	requireRate(t, 0.04883, hits, trials, "family-wise")
}
