package stat

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"causalgrad/theory/close"
)

func TestQuantilesAgreeWithScipy(t *testing.T) {
	// Up to 1000 degrees of freedom both sides are right to 1e-12; beyond,
	// 1 - nu/(nu+t^2) keeps 1e-16 nu/t^2 of its digits: 1e-9 at 1e6 degrees is ample.
	for _, c := range []struct{ nu, q, want, tolerance float64 }{
		{1, 0.025, 12.706204736174705, 1e-12}, // scipy.stats.t.isf(0.025, 1)
		{5, 0.025, 2.5705818356363155, 1e-12}, // scipy.stats.t.isf(0.025, 5)
		{30, 0.005, 2.749995653567226, 1e-12}, // scipy.stats.t.isf(0.005, 30)
		{9.7, 1e-9, 21.07513422807254, 1e-12}, // scipy.stats.t.isf(1e-9, 9.7)
		{1e5, 1e-9, 5.9983614616790755, 1e-9}, // scipy.stats.t.isf(1e-9, 1e5)
		{1e6, 1e-9, 5.997862455710896, 1e-9},  // scipy.stats.t.isf(1e-9, 1e6)
	} {
		require.NoError(t, close.Within(tQuantile(c.q, c.nu), c.want, c.tolerance, 0), "%+v", c)
	}
}

// The reason for our own inversion. If this fails, gonum has mended its Quantile.
func TestGonumQuantileGoesAstray(t *testing.T) {
	got := distuv.StudentsT{Sigma: 1, Nu: 1e5}.Quantile(1e-9)
	require.Less(t, got, -80.0, "right is -5.998")
}

func TestTailsKeepTheirDigits(t *testing.T) {
	near(t, 0.02724504967118813, tUpper(2.5, 5))      // scipy.stats.t.sf(2.5, 5)
	near(t, 0.8982495207309416, tUpper(-1.3, 30))     // scipy.stats.t.sf(-1.3, 30)
	near(t, 1.644524223561434e-09, tUpper(20, 9.7))   // scipy.stats.t.sf(20, 9.7)
	near(t, 7.61985302416047e-24, normalUpper(10))    // scipy.stats.norm.sf(10)
	near(t, 7.034483825301131, normalQuantile(1e-12)) // scipy.stats.norm.isf(1e-12)
}
