package construct

import (
	"testing"

	"causalgrad/impl/task"
	"causalgrad/theory/graph"

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
	again, err := Train(tk, c)
	require.NoError(t, err)
	require.Equal(t, short, again)
	c.Steps = 60
	longer, err := Train(tk, c)
	require.NoError(t, err)
	require.Less(t, longer.Losses.Loss.Value, short.Losses.Loss.Value, "it learns: from near log 2 down, the same test sequences")
}
