package train

import (
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/model"
)

// watched is an optimiser that keeps the gradients that it sees and moves every
// parameter by a step that is no float32.
type watched struct{ seen [][]float64 }

func (w *watched) Step(params, gradient []float64) {
	w.seen = append(w.seen, append([]float64(nil), gradient...))
	for i := range params {
		params[i] += 0.1
	}
}
func (w *watched) Steps() int         { return len(w.seen) }
func (w *watched) State() [][]float64 { return nil }
func (w *watched) Restore(int)        {}

// TestFloat32RoundsParametersAndGradients, at the start and at every step; without
// it nothing is rounded.
func TestFloat32RoundsParametersAndGradients(t *testing.T) {
	s := settings[0]
	for _, float := range []bool{true, false} {
		m, err := model.NewDisentangled(s.tokens, s.length, s.heads)
		require.NoError(t, err)
		params, o := make([]float64, m.Layout().Size()), &watched{}
		for i := range params {
			params[i] = 0.1
		}
		trainer, err := New(Config{Model: m, Task: s.task(t), Optimizer: o, Params: params, Batch: 8, Seed: 1, Workers: 1, Float32: float})
		require.NoError(t, err)
		defer trainer.Close()
		require.Equal(t, float, isFloat32(params))
		for range 2 {
			_, err := trainer.Step()
			require.NoError(t, err)
			require.Equal(t, float, isFloat32(params))
		}
		require.Equal(t, float, isFloat32(o.seen[0]))
		require.Equal(t, float, isFloat32(o.seen[1]))
	}
}

func isFloat32(x []float64) bool {
	for _, v := range x {
		if float64(float32(v)) != v {
			return false
		}
	}
	return true
}
