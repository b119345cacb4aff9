package model

import (
	"math"
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

// TestReducedAttention is the softmax of A1's rows for every sequence, zero
// above the diagonal.
func TestReducedAttention(t *testing.T) {
	m, err := NewReduced(3, 7, 0)
	require.NoError(t, err)
	oracle, err := NewDenseReduced(3, 7, 0)
	require.NoError(t, err)
	params, b := randomParams(m, 1, 5), randomBatch(3, 7, 3, 6)
	attention := func(m Model) []float64 {
		pass, out := m.NewPass(), dirty(b.N*49)
		pass.Bind(params)
		pass.NewWorker().Attention(b, out)
		return out
	}
	require.NoError(t, close.AllWithin(attention(m), attention(oracle), officialTolerance, 0), "first-layer attention")
}

// TestReducedTokensOfProbabilityZero: at eps = 0 a token with f = 0, because no
// position carries it or because the weights of those that do underflow, makes
// the loss infinite and leaves the gradient finite; a target without it has a
// finite loss.
func TestReducedTokensOfProbabilityZero(t *testing.T) {
	m, err := NewReduced(3, 5, 0)
	require.NoError(t, err)
	for name, sequence := range map[string][]uint16{"absent": {0, 0, 0, 0, 0}, "underflow": {1, 0, 2, 1, 0}} {
		params := make([]float64, m.Layout().Size())
		for i := range 5 {
			params[i*5+i] = 1e3 // position i attends to itself: z_i = A2[s_T][s_i]
		}
		m.Layout()[1].Of(params)[0] = 1e3 // token 0, e^1000 times the others
		b := randomBatch(2, 5, 3, 8)
		for n := range b.N {
			copy(b.Sequence(n), sequence)
		}
		pass, gradient := m.NewPass(), make([]float64, len(params))
		pass.Bind(params)
		worker, f := pass.NewWorker(), dirty(b.N*3)
		worker.Predict(b, f)
		require.Equal(t, []float64{1, 0, 0, 1, 0, 0}, f, name)
		require.Equal(t, math.Inf(1), worker.LossGradient(b, gradient), name)
		for i, g := range gradient {
			require.False(t, math.IsNaN(g) || math.IsInf(g, 0), "%s: entry %d is %v", name, i, g)
		}
		for n := range b.N {
			copy(b.Target(n), []float64{1, 0, 0})
		}
		require.Zero(t, worker.LossGradient(b, nil), name)
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
