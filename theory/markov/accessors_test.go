package markov

import (
	"math"
	"testing"

	"causalgrad/theory/close"

	"github.com/stretchr/testify/require"
)

func TestSmallestIsTheFirstSmallestEntry(t *testing.T) {
	c, err := NewChain([][]float64{{0.5, 0.25, 0.25}, {0.125, 0.75, 0.125}, {0.25, 0.25, 0.5}})
	require.NoError(t, err)
	value, a, b := c.Smallest()
	require.Equal(t, []any{0.125, 1, 0}, []any{value, a, b})
	c, err = NewChain([][]float64{{0.5, 0.5}, {1, 0}})
	require.NoError(t, err)
	value, a, b = c.Smallest()
	require.Equal(t, []any{0.0, 1, 1}, []any{value, a, b})
}

// The projection on the complement of sqrt(mu), also where mu is near a point
// mass and 1 - mu cancels: mu = (1-e, e) with e = 2^-40/(1+2^-40).
func TestCentredIdentity(t *testing.T) {
	const small = 0x1p-40
	c, err := NewChain([][]float64{{1 - small, small}, {1, 0}})
	require.NoError(t, err)
	e := small / (1 + small)
	root := math.Sqrt(e * (1 - e))
	// Relative, entry by entry: a division, two roots and a product.
	require.NoError(t, close.AllWithin(c.CentredIdentity(), []float64{e, -root, -root, 1 - e}, 8*0x1p-53, 0))
}

func TestSpectralGapOfTwoTokens(t *testing.T) {
	c, err := NewChain([][]float64{{0.5, 0.5}, {0.25, 0.75}}) // eigenvalues 1 and 1/4
	require.NoError(t, err)
	gap, err := c.SpectralGap()
	require.NoError(t, err)
	require.NoError(t, close.Within(gap, 0.75, 1e-14, 0))      // a backward stable eigenvalue of a 2 x 2 matrix
	c, err = NewChain([][]float64{{0.25, 0.75}, {0.75, 0.25}}) // 1 and -1/2
	require.NoError(t, err)
	gap, err = c.SpectralGap()
	require.NoError(t, err)
	require.NoError(t, close.Within(gap, 0.5, 1e-14, 0))
}
