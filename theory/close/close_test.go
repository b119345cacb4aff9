package close

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWithinRejectsNaNInEveryArgument(t *testing.T) {
	nan := math.NaN()
	require.Error(t, Within(nan, nan, 1, 1))
	require.Error(t, Within(nan, 1, 1, 1))
	require.Error(t, Within(1, nan, 1, 1))
	require.Error(t, Within(1, 1, nan, 1))
	require.Error(t, Within(1, 1, 1, nan))
}

func TestWithinInfinitiesAgreeOnlyWithThemselves(t *testing.T) {
	inf := math.Inf(1)
	require.NoError(t, Within(inf, inf, 0, 0))
	require.Error(t, Within(inf, -inf, 1, 1))
	require.NoError(t, Within(-inf, -inf, 0, 0))
	for _, v := range []float64{inf, -inf} { // whatever the tolerance
		require.Error(t, Within(1, v, 1, inf))
		require.Error(t, Within(v, 1, 1, inf))
	}
}

func TestWithinToleranceIsAbsolutePlusRelative(t *testing.T) {
	require.NoError(t, Within(10.5, 10, 0.04, 0.1)) // 0.5 <= 0.1 + 0.4
	require.Error(t, Within(10.5625, 10, 0.04, 0.1))
	require.NoError(t, Within(-10.5, -10, 0.04, 0.1))
	require.NoError(t, Within(0, 0, 0, 0))
}

func TestAllWithin(t *testing.T) {
	require.NoError(t, AllWithin([]float64{1, 2}, []float64{1, 2}, 0, 0))
	require.ErrorContains(t, AllWithin([]float64{1, 3}, []float64{1, 2}, 0, 0), "entry 1")
	require.Error(t, AllWithin([]float64{1}, []float64{1, 2}, 0, 0))
}

func TestRelativeErrorIsInUnitsOfTheLargest(t *testing.T) {
	require.Equal(t, 0.25, RelativeError([]float64{1.5, -3}, []float64{1, -4}), "the largest of 1/2 and 1, over 4")
	require.Equal(t, 3.0, RelativeError([]float64{3}, []float64{0}))
	require.Equal(t, 0.0, RelativeError(nil, nil))
	nan := math.NaN()
	for _, c := range [][2][]float64{{{nan, 1}, {1, 1}}, {{1, 1}, {1, nan}}, {{nan}, {0}}} {
		require.True(t, math.IsNaN(RelativeError(c[0], c[1])), "got %v, want %v: a NaN shows", c[0], c[1])
	}
}
