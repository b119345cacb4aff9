package construct

import (
	"math"
	"testing"

	"causalgrad/impl/measure"
	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

func TestSingleParentIsTheEstimators(t *testing.T) {
	g, err := graph.NewDAG([][]int{nil, nil, {0, 1}, {2, 1}, {3, 0}, {2, 3}})
	require.NoError(t, err)
	const s, alpha = 3, 0.5
	tk := dirichletTask(t, g, s, alpha)
	o := Options{Sequences: 300, Seed: 6}
	got, err := SingleParent(tk, alpha, o)
	require.NoError(t, err)
	b := fresh(tk, o, measuring)
	estimate := make([]float64, b.N*s)
	loss := func() []float64 {
		var each []float64
		for n := range b.N {
			each = append(each, task.CrossEntropy(b.Target(n), estimate[n*s:(n+1)*s]))
		}
		return each
	}
	require.Len(t, got.Slots, 2)
	for slot, m := range got.Slots {
		require.NoError(t, task.SingleParentEstimate(g, slot, b, alpha, estimate))
		requireMean(t, loss(), m, "a slot")
		require.GreaterOrEqual(t, m.Value, got.Slots[got.Best].Value)
	}
	require.NotEqual(t, got.Slots[0], got.Slots[1])
	tk.CountEstimate(b, alpha, estimate)
	requireMean(t, loss(), got.Count, "all parents")
	var entropy []float64
	for n := range b.N {
		entropy = append(entropy, task.Entropy(b.Target(n)))
	}
	requireMean(t, entropy, got.Irreducible, "L*")
}

func TestTrainReportsWhatItReached(t *testing.T) {
	g, err := graph.TrigramHalf(5)
	require.NoError(t, err)
	tk := dirichletTask(t, g, 2, 0.1)
	c := Training{Heads: []int{2, 1}, Steps: 3, Batch: 16, Seed: 1, TestSequences: 40}
	short, err := Train(tk, c)
	require.NoError(t, err)
	require.Equal(t, []any{c.Heads, 3, 16, 40, 0.1}, []any{short.Heads, short.Steps, short.Batch, short.Losses.Sequences, short.Losses.Alpha})
	m, err := model.NewDisentangled(2, 5, c.Heads)
	require.NoError(t, err)
	measured, err := measure.Evaluate(m, short.Params, tk, 0.1, measure.Options{Sequences: 40, Seed: 1, Purpose: stream.Test})
	require.NoError(t, err)
	require.Equal(t, measured, short.Losses, "the losses are those of the parameters")
	again, err := Train(tk, c)
	require.NoError(t, err)
	require.Equal(t, short, again)
	c.Steps = 1
	first, err := Train(tk, c)
	require.NoError(t, err)
	// At W = 0 the attention has no gradient: after one step it is still its
	// normal initial value, of standard deviation 1e-4 up to 5 of its own errors.
	attention := first.Params[:m.Layout()[len(m.Layout())-1].Offset]
	square := 0.0
	for _, v := range attention {
		square += v * v
	}
	n := float64(len(attention))
	require.NoError(t, close.Within(math.Sqrt(square/n), 1e-4, 5/math.Sqrt(2*n), 0), "root mean square of the initial attention matrices")
	// AdamW's first step moves an entry whose gradient is far above 1e-8 by the rate,
	// 1e-2, and none further.
	largest := 0.0
	for _, v := range first.Params[len(attention):] {
		largest = math.Max(largest, math.Abs(v))
	}
	require.NoError(t, close.Within(largest, 1e-2, 1e-4, 0), "the first step of the read-out")
	c.Steps = 60
	longer, err := Train(tk, c)
	require.NoError(t, err)
	require.Less(t, longer.Losses.Loss.Value, short.Losses.Loss.Value-0.01, "it learns, on the same test sequences")
}
