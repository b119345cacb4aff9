package model

import (
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/internal/kernel"
)

// TestLargestShapes: the bounds are allowed themselves, and one more is not.
func TestLargestShapes(t *testing.T) {
	deepest := []int{1, 1, 1, 1, 1, 1}
	require.Len(t, deepest, maxLayers)
	_, err := NewDisentangled(2, 3, deepest)
	require.NoError(t, err)
	_, err = NewDisentangled(2, 3, append(deepest, 1))
	require.ErrorContains(t, err, "7 layers, want 1 to 6")
	require.Equal(t, maxLayers, newTransformer(t, 2, 3, maxLayers).Layers())

	// 64 matrices of 1024 x 1024 are 2^26 parameters.
	m, err := NewDisentangled(24, 1000, []int{64})
	require.NoError(t, err)
	require.Equal(t, []int{64}, m.Heads())
	_, err = NewDisentangled(25, 1000, []int{64})
	require.ErrorContains(t, err, "layer 0 needs 67240000 parameters, want at most 67108864") // 64*1025^2
	_, err = NewDisentangled(2, 500, []int{64, 1})
	require.ErrorContains(t, err, "layer 1 needs 1064716900 parameters") // (65*502)^2
}

// TestBlocksFitTheCache: a block is the largest power of two of sequences, at
// most 64 and at least the lanes, whose triangles fit. A triangle of n rows of
// lanes holds 8n(n+1) numbers.
func TestBlocksFitTheCache(t *testing.T) {
	for _, c := range []struct {
		length, heads, size int
	}{
		{4, 16, 64},  // 64*16*16 = 2^14 exactly
		{4, 17, 32},  // one head more
		{20, 1, 64},  // 64*240
		{20, 2, 32},  // 32*2*240
		{100, 1, 4},  // 4*5200 is beyond 2^14, but a block fills the lanes
		{500, 1, 4},  // 4*126000
		{44, 1, 8},   // 8*1056
		{60, 1, 8},   // 8*1920
		{64, 1, 4},   // 8*2176 is beyond
		{50, 3, 4},   // 4*3*1456 is beyond, 13 rows of lanes
		{12, 10, 16}, // 16*10*96
	} {
		m, err := NewDisentangled(2, c.length, []int{c.heads, 1})
		require.NoError(t, err)
		v := newTwoLayer(m)
		require.Equal(t, c.size, v.size, "T = %d, %d heads", c.length, c.heads)
		require.LessOrEqual(t, kernel.Lanes, v.size)
	}
}

// TestLastLayerHoldsOneQuery: what is read at the last position alone is
// neither evaluated nor stored elsewhere.
func TestLastLayerHoldsOneQuery(t *testing.T) {
	m, err := NewDisentangled(2, 5, []int{1, 1, 1})
	require.NoError(t, err)
	require.Equal(t, []int{0, 0, 4}, []int{m.firstQuery(0), m.firstQuery(1), m.firstQuery(2)})
	transformer := newTransformer(t, 2, 5, 3)
	require.Equal(t, []int{0, 0, 4}, []int{transformer.firstQuery(0), transformer.firstQuery(1), transformer.firstQuery(2)})

	tapes := transformer.NewPass().NewWorker().(*transformerWorker).tapes
	require.Nil(t, tapes[0].query, "the first layer's scores are looked up")
	require.Len(t, tapes[1].query, 5*7)

	last := newTriangle(4, 5)
	require.Len(t, last.data, 5)
	require.Len(t, last.row(4), 5)
	inner := newTriangle(3, 5)
	require.Len(t, inner.data, 10)
	copy(inner.data, []float64{1, 2, 3, 4, 0, 5})
	require.Equal(t, []float64{1, 2, 3, 4}, inner.row(3))
	require.Equal(t, 5.0, inner.row(4)[0])
}

// TestPositionScores: entry (i, j) of the block of positions of a first-layer
// head, numbered here as the parameters are.
func TestPositionScores(t *testing.T) {
	const s, length = 3, 4
	m, err := NewDisentangled(s, length, []int{2, 1})
	require.NoError(t, err)
	params := make([]float64, m.Layout().Size())
	for i := range params {
		params[i] = float64(i)
	}
	const d = s + length
	for head := range 2 {
		got, want := dirty(length*length), []float64(nil)
		m.PositionScores(params, head, got)
		for i := range length {
			for j := range length {
				want = append(want, float64(head*d*d+(s+i)*d+s+j))
			}
		}
		require.Equal(t, want, got)
	}

	reduced, err := NewReduced(s, length, 0)
	require.NoError(t, err)
	got := dirty(length * length)
	reduced.PositionScores(params, 0, got)
	require.Equal(t, params[:length*length], got)
}
