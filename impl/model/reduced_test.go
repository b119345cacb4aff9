package model

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReducedAgainstDense(t *testing.T) {
	for i, scale := range []float64{0, 0.3, 2, 20} {
		for _, eps := range []float64{0, 0.01} {
			m, err := NewReduced(3, 7, eps)
			require.NoError(t, err)
			oracle, err := NewDenseReduced(3, 7, eps)
			require.NoError(t, err)
			if eps == 0 && scale == 20 {
				continue // both losses are infinite or nearly: nothing to compare
			}
			requireSame(t, m, oracle, scale, uint64(i))
		}
	}
}

func TestReducedRejectsBadArguments(t *testing.T) {
	_, err := NewReduced(3, 7, -1)
	require.ErrorContains(t, err, "eps = -1")
	_, err = NewReduced(1, 7, 0)
	require.ErrorContains(t, err, "tokens = 1")
}
