package dynamics

import (
	"fmt"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/embedding"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
)

// stage1Of is stage 1 on the chain graph of length 6 under an orbit.
func stage1Of(t *testing.T) (Stage1, [][]float64) {
	f, err := graph.Chain(6)
	require.NoError(t, err)
	prior, err := markov.ParsePrior("orbit:1,7", 3)
	require.NoError(t, err)
	e, err := firststep.Average(f, prior, 0, firststep.Options{})
	require.NoError(t, err)
	p, err := FromGradient(e.Mean)
	require.NoError(t, err)
	return Stage1{Forest: f, Payoffs: p, Rate: 200}, e.Mean
}

// TestOrthogonalEmbeddingChangesNothing, step by step.
func TestOrthogonalEmbeddingChangesNothing(t *testing.T) {
	s, _ := stage1Of(t)
	var plain [][][]float64
	all := func(int) bool { return true }
	want, err := s.Steps(12, all, func(_ int, a [][]float64) {
		copied := square(len(a))
		for i := range a {
			copy(copied[i], a[i])
		}
		plain = append(plain, copied)
	})
	require.NoError(t, err)
	e := embedding.Orthogonal(6)
	s.Embedding = &e
	got, err := s.Steps(12, all, func(step int, a [][]float64) { require.Equal(t, plain[step], a) })
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(want), fmt.Sprint(got)) // times not reached are NaN
}

// TestEmbeddedRowsMoveTogether: the first step is that of the exact gradient, and
// later ones are not those of orthogonal positions.
func TestEmbeddedRowsMoveTogether(t *testing.T) {
	s, gradient := stage1Of(t)
	plain, err := s.Steps(3, nil, nil)
	require.NoError(t, err)
	e, err := embedding.Gaussian(6, 16, 1)
	require.NoError(t, err)
	step, err := e.Step(gradient)
	require.NoError(t, err)
	for _, row := range step {
		for k := range row {
			row[k] *= s.Rate
		}
	}
	want, err := Attention(step)
	require.NoError(t, err)
	s.Embedding = &e
	rows, err := s.Steps(3, func(step int) bool { return step == 1 }, func(_ int, a [][]float64) {
		for i := range a {
			// The payoffs are the gradient times i and back, logits are of size 10.
			require.NoError(t, close.AllWithin(a[i], want[i], 0, 1e-13), "row %d", i)
		}
	})
	require.NoError(t, err)
	require.NotEqual(t, plain, rows)

	_, err = s.Flow(3, nil, nil)
	require.ErrorContains(t, err, "continuous time needs orthogonal vectors")
	short := embedding.Orthogonal(5)
	s.Embedding = &short
	_, err = s.Steps(3, nil, nil)
	require.ErrorContains(t, err, "5 positions, want 6")
}
