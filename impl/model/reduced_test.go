package model

import (
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/close"
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

// TestReducedBlocksAndPanels: sizes that end inside a block of sequences, a panel
// of columns and a vector, and one beyond several of each.
func TestReducedBlocksAndPanels(t *testing.T) {
	for _, c := range []struct{ tokens, length, sequences int }{{3, 23, 65}, {2, 24, 64}, {4, 25, 63}, {10, 51, 130}, {3, 3, 1}, {5, 49, 66}} {
		m, err := NewReduced(c.tokens, c.length, 0.01)
		require.NoError(t, err)
		oracle, err := NewDenseReduced(c.tokens, c.length, 0.01)
		require.NoError(t, err)
		b := randomBatch(c.sequences, c.length, c.tokens, 3)
		params := randomParams(m, 1, 4)
		want, got := make([]float64, len(params)), make([]float64, len(params))
		of := func(m Model, gradient, f []float64) float64 {
			pass := m.NewPass()
			pass.Bind(params)
			w := pass.NewWorker()
			w.Predict(b, f)
			return w.LossGradient(b, gradient)
		}
		f, g := make([]float64, b.N*b.S), make([]float64, b.N*b.S)
		// A loss of at most N log 100, each term within a few T roundings of 2^-53;
		// a gradient entry sums N T products of numbers below 1/eps = 100.
		rounding := float64(c.sequences*c.length) * 100 * 0x1p-53
		require.NoError(t, close.Within(of(m, got, f), of(oracle, want, g), 0, 8*rounding), "loss %v", c)
		require.NoError(t, close.AllWithin(f, g, 0, 8*rounding), "f %v", c)
		require.NoError(t, close.AllWithin(got, want, 0, 8*rounding), "gradient %v", c)
	}
}
