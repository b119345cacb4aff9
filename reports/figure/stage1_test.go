package figure

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAttentionOverTime: the picture names every edge, and refuses series that do
// not fit.
func TestAttentionOverTime(t *testing.T) {
	good := EdgeCurve{Name: "0 -> 1", Exact: []float64{0.5, 0.7, 0.9}, Steps: []int{1, 2}, Trained: []float64{0.69, 0.91}, StdErr: []float64{0.01, 0.01}}
	f, err := AttentionOverTime("stage-1", "Attention", []EdgeCurve{good})
	require.NoError(t, err)
	require.NoError(t, f.Check())
	require.Contains(t, f.Alt, "0 -> 1 from 0.50 to 0.90")
	exact := EdgeCurve{Name: "1 -> 2", Exact: []float64{0.3, 0.8}, At: []int{0, 64}}
	f, err = AttentionOverTime("stage-1", "Attention", []EdgeCurve{exact})
	require.NoError(t, err)
	require.Equal(t, "Attention on the parent over the steps of stage 1, exact; 1 -> 2 from 0.30 to 0.80.", f.Alt)
	exact.At = []int{0}
	_, err = AttentionOverTime("stage-1", "Attention", []EdgeCurve{exact})
	require.Error(t, err)
	good.StdErr = nil
	_, err = AttentionOverTime("stage-1", "Attention", []EdgeCurve{good})
	require.ErrorContains(t, err, "0 errors for 2 steps")
}

// TestLossOverBeta: the picture names every minimum, and refuses series that do not
// fit.
func TestLossOverBeta(t *testing.T) {
	good := BetaSeries{Length: 16, Beta: []float64{0, 1, 2}, Loss: []float64{1.1, 1, 1.05}, Best: 1.2}
	f, err := LossOverBeta("stage-2-curve", "Loss", []BetaSeries{good})
	require.NoError(t, err)
	require.NoError(t, f.Check())
	require.Contains(t, f.Alt, "at T = 16 lowest at beta = 1.20")
	good.Loss = nil
	_, err = LossOverBeta("stage-2-curve", "Loss", []BetaSeries{good})
	require.ErrorContains(t, err, "3 betas and 0 losses")
}
