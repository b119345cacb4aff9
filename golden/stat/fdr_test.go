package stat

import (
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/close"
)

// The 15 p-values of Benjamini and Hochberg's own example (section 3.2): at
// 0.05 their procedure rejects the first four, Bonferroni's the first three.
func TestBenjaminiHochbergOnItsPapersExample(t *testing.T) {
	p := []float64{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1}
	c, err := BenjaminiHochberg(p, 0.05)
	require.NoError(t, err)
	for i, rejected := range c.Rejected {
		require.Equal(t, i < 4, rejected, i)
	}
	// Three roundings of numbers up to 1: 3 * 2^-53.
	require.NoError(t, close.Within(c.P[3], 0.0095*15.0/4, 0, 3*0x1p-53))
	// 0.0278 * 15/6 = 0.0695 is above the next one's 0.0298 * 15/7 = 0.06386 and the one after, 0.0645.
	require.NoError(t, close.Within(c.P[5], 0.0298*15.0/7, 0, 3*0x1p-53))
}

func TestBenjaminiHochbergIgnoresTheOrder(t *testing.T) {
	c, err := BenjaminiHochberg([]float64{0.9, 0.01, 0.02}, 0.05)
	require.NoError(t, err)
	require.Equal(t, []bool{false, true, true}, c.Rejected)
	_, err = BenjaminiHochberg([]float64{1.1}, 0.05)
	require.ErrorContains(t, err, "p[0] is 1.1")
	_, err = BenjaminiHochberg(nil, 0.05)
	require.ErrorContains(t, err, "0 values")
}
