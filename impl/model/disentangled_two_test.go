package model

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/internal/kernel"
	"causalgrad/impl/task"
)

// TestTwoLayersAgainstDense varies what the kernels pad: S and T on both sides
// of multiples of four, S above T, batches that leave a block unfilled.
func TestTwoLayersAgainstDense(t *testing.T) {
	for i, size := range []struct {
		s, t  int
		heads []int
	}{{2, 3, []int{1, 1}}, {9, 3, []int{1, 2}}, {4, 4, []int{1, 1}}, {5, 7, []int{2, 1}}, {8, 8, []int{3, 2}},
		{3, 13, []int{1, 1}}, {10, 20, []int{1, 1}}, {5, 32, []int{2, 1}}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			m, err := NewDisentangled(size.s, size.t, size.heads)
			require.NoError(t, err)
			oracle, err := NewDenseDisentangled(size.s, size.t, size.heads)
			require.NoError(t, err)
			requireSame(t, m, oracle, 0.4, uint64(i))
		})
	}
}

// anyDepth is the model with the path for any number of layers.
type anyDepth struct{ *Disentangled }

func (m anyDepth) NewPass() Pass { return m.newAnyPass() }

func TestTwoLayersAgainstAnyDepth(t *testing.T) {
	for i, heads := range [][]int{{1, 1}, {2, 1}, {1, 3}, {2, 2}} {
		m, err := NewDisentangled(4, 11, heads)
		require.NoError(t, err)
		requireSame(t, m, anyDepth{m}, 0.7, uint64(i))
		requireSame(t, m, anyDepth{m}, 200, uint64(i)) // beyond maxScoreRange
	}
}

// TestSequencesDoNotMeet: a prediction's bits do not depend on the batch around
// it, and blocks change no bit of the gradient.
func TestSequencesDoNotMeet(t *testing.T) {
	m, err := NewDisentangled(3, 9, []int{2, 1})
	require.NoError(t, err)
	params, b := randomParams(m, 0.5, 1), randomBatch(150, 9, 3, 2)
	evaluate := func(block int, batches ...*task.Batch) (f, gradient []float64) {
		pass := newTwoPass(m)
		pass.size = block
		pass.Bind(params)
		w := pass.NewWorker()
		gradient = make([]float64, len(params))
		for _, part := range batches {
			row := make([]float64, part.N*part.S)
			w.Predict(part, row)
			f = append(f, row...)
		}
		w.LossGradient(batches[0], gradient)
		return f, gradient
	}
	f, gradient := evaluate(64, b)
	require.False(t, math.IsNaN(f[0]))
	for _, block := range []int{4, 16} {
		fBlock, gradientBlock := evaluate(block, b)
		require.Equal(t, f, fBlock)
		require.Equal(t, gradient, gradientBlock)
	}
	parts, _ := evaluate(64, b.Slice(0, 1), b.Slice(1, 6), b.Slice(6, 150))
	require.Equal(t, f, parts)
}

// TestVariantsGiveTheSameModel compares loss, gradient, prediction and attention
// bit by bit.
func TestVariantsGiveTheSameModel(t *testing.T) {
	was := kernel.Name()
	defer func() { require.NoError(t, kernel.Use(was)) }()
	for _, heads := range [][]int{{1, 1}, {2, 2}} {
		for _, scale := range []float64{0.3, 300} {
			m, err := NewDisentangled(5, 10, heads)
			require.NoError(t, err)
			params, b := randomParams(m, scale, 3), randomBatch(70, 10, 5, 4)
			var results [][]float64
			for _, name := range kernel.Available() {
				require.NoError(t, kernel.Use(name))
				pass := m.NewPass()
				pass.Bind(params)
				w := pass.NewWorker()
				out := make([]float64, len(params)+b.N*(5+heads[0]*100)+1)
				out[0] = w.LossGradient(b, out[1:1+len(params)])
				w.Predict(b, out[1+len(params):])
				w.Attention(b, out[1+len(params)+b.N*5:])
				results = append(results, out)
			}
			for _, r := range results[1:] {
				require.Equal(t, results[0], r)
			}
		}
	}
}

func TestDivergedParametersGiveNaN(t *testing.T) {
	m, err := NewDisentangled(3, 6, []int{1, 1})
	require.NoError(t, err)
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		for block := range m.Layout() {
			params, b := randomParams(m, 0.5, 1), randomBatch(20, 6, 3, 2)
			values := m.Layout()[block].Of(params)
			for i := range values {
				values[i] = bad
			}
			pass := m.NewPass()
			pass.Bind(params)
			loss := pass.NewWorker().LossGradient(b, make([]float64, len(params)))
			require.True(t, math.IsNaN(loss) || math.IsInf(loss, 0), "%s = %v: loss %v", m.Layout()[block].Name, bad, loss)
		}
	}
}
