package firststep

import (
	"math"
	"testing"

	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
)

// TestDotAddsInFourLanes: two halves of an ulp survive in lanes of their own,
// and would each be lost if added to the 1 one after the other. What does not
// fill four lanes goes to the first.
func TestDotAddsInFourLanes(t *testing.T) {
	const half = 0x1p-53
	ones := []float64{1, 1, 1, 1, 1, 1}
	require.Equal(t, 1+2*half, dot([]float64{1, 0, half, half}, ones[:4]))
	require.Equal(t, 1., dot([]float64{1, half, 0, 0, half}, ones[:5]))
	require.Equal(t, 1., dot([]float64{1, half, half}, ones[:3]))
	require.Equal(t, 32., dot([]float64{1, 2, 3}, []float64{4, 5, 6}))
	require.Equal(t, 91., dot([]float64{1, 2, 3, 4, 5, 6}, []float64{1, 2, 3, 4, 5, 6}))
}

// TestReciprocalOfNothing: below 2^-960 there is nothing to normalise.
func TestReciprocalOfNothing(t *testing.T) {
	got := []float64{2, 0x1p-960, math.Nextafter(0x1p-960, 0), 0}
	reciprocal(got)
	require.Equal(t, []float64{0.5, 0x1p960, 0, 0}, got)
}

// TestBlockWidth: as few blocks of at most 16 nodes as there can be, of equal
// width but for the last; fewer nodes where 2^18 numbers do not hold 16 tables.
func TestBlockWidth(t *testing.T) {
	for _, c := range []struct{ nodes, pairs, want int }{
		{1, 9, 1}, {10, 9, 10}, {16, 9, 16}, {17, 9, 9}, {31, 9, 16}, {33, 9, 11}, {100, 9, 15},
		{9, 1 << 16, 3}, {10, 1 << 16, 4}, {10, 1<<16 + 1, 3}, {7, 1 << 18, 1}, {7, 1 << 20, 1},
	} {
		require.Equal(t, c.want, blockWidth(c.nodes, c.pairs), "%d nodes, tables of %d", c.nodes, c.pairs)
	}
	// 48 nodes; 200 * 16^2 numbers go 5 times into 2^18.
	f, err := graph.Chain(200)
	require.NoError(t, err)
	p, err := newPlan(f, 16, 0)
	require.NoError(t, err)
	require.Equal(t, 5, p.width)
}
