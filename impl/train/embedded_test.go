package train

import (
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/task"
	"causalgrad/theory/close"
	"causalgrad/theory/embedding"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// TestEmbeddingOfAlgorithm1: orthonormal vectors change no bit, and after one step
// of stage 1 others have moved A1 to where package embedding says.
func TestEmbeddingOfAlgorithm1(t *testing.T) {
	const length, rate = 6, 0.5
	f, err := graph.Chain(length)
	require.NoError(t, err)
	problem, err := task.New(f, markov.Dirichlet{Size: 3, Alpha: 1})
	require.NoError(t, err)
	first := func(e *embedding.Embedding) []float64 {
		a := Algorithm1{Beta0: 0.1, Rate1: rate, Steps1: 1, Rate2: 1, Steps2: 1, Eps: 0.01, Batch: 64, Seed: 3, Embedding: e}
		stages, err := a.Run(problem, nil)
		require.NoError(t, err)
		a1, err := stages.Model.Layout().Block("A1")
		require.NoError(t, err)
		return a1.Of(stages.First)
	}
	plain := first(nil)
	orthogonal := embedding.Orthogonal(length)
	require.Equal(t, plain, first(&orthogonal))

	gaussian, err := embedding.Gaussian(length, 8, 1)
	require.NoError(t, err)
	rows := make([][]float64, length)
	for i := range rows {
		rows[i] = plain[i*length:][:length]
	}
	want, err := gaussian.Step(rows)
	require.NoError(t, err)
	got := first(&gaussian)
	for i := range rows {
		// The rate is a power of two, so both sides round alike.
		require.NoError(t, close.AllWithin(got[i*length:][:length], want[i], 0, 0), "row %d", i)
	}

	short := embedding.Orthogonal(length - 1)
	_, err = Algorithm1{Beta0: 0.1, Embedding: &short}.Run(problem, nil)
	require.ErrorContains(t, err, "5 positions, want T = 6")
}
