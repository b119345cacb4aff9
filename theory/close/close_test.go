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
	require.Error(t, Within(1, inf, 1, 1))
}

func TestWithinToleranceIsAbsolutePlusRelative(t *testing.T) {
	require.NoError(t, Within(10.5, 10, 0.04, 0.1)) // 0.5 <= 0.1 + 0.4
	require.Error(t, Within(10.5625, 10, 0.04, 0.1))
	require.NoError(t, Within(0, 0, 0, 0))
}

func TestAllWithin(t *testing.T) {
	require.NoError(t, AllWithin([]float64{1, 2}, []float64{1, 2}, 0, 0))
	require.ErrorContains(t, AllWithin([]float64{1, 3}, []float64{1, 2}, 0, 0), "entry 1")
	require.Error(t, AllWithin([]float64{1}, []float64{1, 2}, 0, 0))
}

func TestRelativeErrorPropagatesNaN(t *testing.T) {
	require.True(t, math.IsNaN(RelativeError([]float64{math.NaN()}, []float64{1})))
	require.Equal(t, 0.5, RelativeError([]float64{1, 3}, []float64{1, 2}))
	require.Equal(t, 3.0, RelativeError([]float64{3}, []float64{0}))
}
