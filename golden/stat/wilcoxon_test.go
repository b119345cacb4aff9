package stat

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWilcoxonAgreesWithScipy(t *testing.T) {
	long := make([]float64, 60)
	for i := range long {
		long[i] = float64(i + 1)
		if (i+1)%3 == 0 {
			long[i] = -long[i]
		}
	}
	for _, c := range []struct {
		d     []float64
		exact bool
		w, p  float64 // scipy.stats.wilcoxon(d, zero_method="wilcox", method="exact", or "asymptotic" with correction=True)
	}{
		// Hollander and Wolfe (1973), R's ?wilcox.test: V = 40, p = 0.01953 one-sided.
		{[]float64{0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01}, true, 40, 0.0390625},
		// Darwin's maize, scipy's own example.
		{[]float64{6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75}, true, 96, 0.041259765625},
		{[]float64{0, 0, 1, 2, 3, 4, 5, 6}, true, 21, 0.03125},
		{[]float64{1, 1, -2, 3, 3, -3, 4, 5, 6, 7, 8, -9}, false, 58, 0.14593012679176756},
		{[]float64{0, 1, -1, 2, 2, 3, 4}, false, 19.5, 0.07313979965890892},
		{long, false, 1200, 0.03622649417878663},
	} {
		r, err := Wilcoxon(c.d, 0.05)
		require.NoError(t, err)
		require.Equal(t, c.w, r.W)
		require.Equal(t, c.exact, r.Exact)
		near(t, c.p, r.P)
	}
}

func TestWilcoxonWarnings(t *testing.T) {
	r, err := Wilcoxon([]float64{0, 1, 2, 3, 4, 5}, 0.05)
	require.NoError(t, err)
	require.Equal(t, Undecided, r.Verdict)
	require.Equal(t, 1, r.Zeros)
	require.Equal(t, []string{
		"need >= 6 differences other than 0 to call anything different at alpha 0.05: the least possible P here is 0.0625",
		"1 differences are exactly 0 and were dropped"}, r.Warnings)
	// scipy.stats.wilcoxon([1]*6, method="asymptotic", correction=True) is 0.0197; 2/2^6 is the least possible.
	r, err = Wilcoxon([]float64{1, 1, 1, 1, 1, 1}, 0.05)
	require.NoError(t, err)
	require.Equal(t, 0.03125, r.P)
	_, err = Wilcoxon([]float64{0, 0}, 0.05)
	require.ErrorIs(t, err, ErrNoSpread)
}

// All sign patterns of n ranks, one by one.
func TestSignedRankCountsAgainstEnumeration(t *testing.T) {
	for n := 1; n <= 10; n++ {
		want := make([]float64, n*(n+1)/2+1)
		for signs := range 1 << n {
			w := 0
			for i := range n {
				w += (signs >> i & 1) * (i + 1)
			}
			want[w]++
		}
		require.Equal(t, want, signedRankCounts(n), "n %d", n)
	}
}

// An exact test is valid: over all equally likely data, P <= a has probability
// at most a, with equality where a is attained and the distribution symmetric.
func TestSignedRankPIsExact(t *testing.T) {
	const n = 8
	ps := make([]float64, 0, 1<<n)
	for signs := range 1 << n {
		d := make([]float64, n)
		for i := range d {
			d[i] = float64(i+1) * float64(2*(signs>>i&1)-1)
		}
		r, err := Wilcoxon(d, 0.05)
		require.NoError(t, err)
		ps = append(ps, r.P)
	}
	for _, a := range ps {
		if a == 1 {
			continue // capped
		}
		hits := 0
		for _, p := range ps {
			if p <= a {
				hits++
			}
		}
		require.Equal(t, a, float64(hits)/float64(len(ps)))
	}
}
