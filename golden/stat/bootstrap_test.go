package stat

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"causalgrad/theory/close"
)

// spatial is the spatial test of 26 children (Efron and Tibshirani, An
// Introduction to the Bootstrap, 1993, table 14.1).
var spatial = []float64{48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41}

func mean(x []float64) float64     { return stat.Mean(x, nil) }
func variance(x []float64) float64 { return stat.PopVariance(x, nil) }

// Both methods and the stream itself against scipy.stats.bootstrap(method=...),
// whose index generator was replaced by a Python rewriting of PCG-DXSM with the same key.
func TestBootstrapAgreesWithScipyOnTheSameResamples(t *testing.T) {
	p, err := BootstrapPercentile(spatial, variance, 0.9, Resampling{2000, 1})
	require.NoError(t, err)
	near(t, 171.53402366863904, p.Estimate)
	near(t, 42.0766470457733, p.StdErr)
	nearInterval(t, 97.57721893491124, 236.2420118343195, 0.9, p.Interval)

	b, err := BootstrapBCa(spatial, variance, 0.9, Resampling{2000, 1})
	require.NoError(t, err)
	nearInterval(t, 114.19291003321479, 259.57353522583685, 0.9, b.Interval)
	require.Empty(t, b.Warnings)

	// In whole numbers, so that resamples with the estimate's own value tie with it in any order of addition.
	tenThousandths := []float64{2329, 2355, 2348, 2433, 2345, 2367}
	p, err = BootstrapPercentile(tenThousandths, mean, 0.95, Resampling{1000, 7})
	require.NoError(t, err)
	near(t, 13.99628694982048, p.StdErr)
	nearInterval(t, 2341.1541666666662, 2393.1791666666663, 0.95, p.Interval)
	require.Empty(t, p.Warnings)
	b, err = BootstrapBCa(tenThousandths, mean, 0.95, Resampling{1000, 7})
	require.NoError(t, err)
	nearInterval(t, 2344.586178879077, 2403.9658369324948, 0.95, b.Interval)
}

// The book's own BCa interval for this variance is (115.8, 259.6), from 2000
// other resamples. An end at level 0.05 of 2000 has a level known to sqrt(0.05 * 0.95 / 2000) =
// 0.005 in each of the two; the variance's density there (normal, sd 42) makes
// that 0.005 * 42 / 0.103 = 2. Six times sqrt(2) that, for two independent sets.
func TestBCaAgreesWithEfronAndTibshirani(t *testing.T) {
	b, err := BootstrapBCa(spatial, variance, 0.9, Resampling{2000, 2})
	require.NoError(t, err)
	require.NoError(t, close.Within(b.Interval.Lo, 115.8, 0, 17))
	require.NoError(t, close.Within(b.Interval.Hi, 259.6, 0, 17))
}

func TestBootstrapIsAFunctionOfItsSeed(t *testing.T) {
	interval := func(seed uint64) Interval {
		b, err := BootstrapBCa(spatial, mean, 0.9, Resampling{500, seed})
		require.NoError(t, err)
		return b.Interval
	}
	require.Equal(t, interval(5), interval(5))
	require.NotEqual(t, interval(5), interval(6))
}

func TestBootstrapWarnings(t *testing.T) {
	b, err := BootstrapPercentile(spatial, mean, 0.95, Resampling{999, 1})
	require.NoError(t, err)
	require.Equal(t, []string{"need >= 1000 resamples to place an end of the interval beyond which 0.025 of them lie"}, b.Warnings)
	b, err = BootstrapPercentile(sixRuns[:5], mean, 0.95, Resampling{2000, 1})
	require.NoError(t, err)
	require.Len(t, b.Warnings, 1)
	require.Contains(t, b.Warnings[0], "need >= 6 samples")
}

func TestBootstrapRefusesWhatItCannotDo(t *testing.T) {
	_, err := BootstrapPercentile([]float64{2, 2, 2}, mean, 0.9, Resampling{100, 1})
	require.ErrorIs(t, err, ErrNoSpread)
	_, err = BootstrapPercentile(spatial, func(x []float64) float64 { return math.Log(-x[0]) }, 0.9, Resampling{100, 1})
	require.ErrorContains(t, err, "statistic of x is NaN")
	// The number of values never varies.
	_, err = BootstrapBCa(spatial, func(x []float64) float64 { return float64(len(x)) }, 0.9, Resampling{100, 1})
	require.ErrorContains(t, err, "no value of x has any influence")
	_, err = BootstrapBCa([]float64{1, 2, 3}, func(x []float64) float64 {
		if len(x) == 3 && x[0] == 1 && x[1] == 2 && x[2] == 3 {
			return 9 // of the sample itself and of no resample in another order
		}
		return x[0]
	}, 0.9, Resampling{2, 1})
	require.ErrorContains(t, err, "beyond all 2 resamples")
}

// For the mean of 20 normal draws the percentile interval is the normal one
// with the population standard deviation: at 0.95 it covers at 0.93. The band of 0.05
// around that is 6 standard deviations of 1000 trials (sqrt(0.93 * 0.07 / 1000) =
// 0.008): false alarm 1e-9.
func TestBootstrapCovers(t *testing.T) {
	const trials = 1000
	r, percentile, bca := source(4), 0, 0
	for i := range trials {
		x := normals(r, 20, 3, 1)
		p, err := BootstrapPercentile(x, mean, 0.95, Resampling{300, uint64(i)})
		require.NoError(t, err)
		b, err := BootstrapBCa(x, mean, 0.95, Resampling{300, uint64(i)})
		require.NoError(t, err)
		if p.Interval.Contains(3) {
			percentile++
		}
		if b.Interval.Contains(3) {
			bca++
		}
	}
	require.Greater(t, percentile, 880)
	require.Less(t, percentile, 980)
	require.Greater(t, bca, 880)
	require.Less(t, bca, 980)
}

func TestSortedQuantile(t *testing.T) {
	// numpy.quantile([1, 2, 4, 8], [0, 0.25, 0.5, 0.9, 1])
	for i, want := range []float64{1, 1.75, 3, 6.8, 8} {
		near(t, want, sortedQuantile([]float64{1, 2, 4, 8}, []float64{0, 0.25, 0.5, 0.9, 1}[i]))
	}
}
