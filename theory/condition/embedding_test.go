package condition

import (
	"testing"

	"causalgrad/theory/chisq"
	"causalgrad/theory/embedding"
	"causalgrad/theory/firststep"

	"github.com/stretchr/testify/require"
)

// TestObservedRowsOfAnEmbedding are those of the step that the scores make; what
// is predicted and the conditions stay.
func TestObservedRowsOfAnEmbedding(t *testing.T) {
	f, p := forest(t, "chain", 12), prior(t, "orbit:1,7", 3)
	plain := check(t, f, p, Options{})
	e, err := embedding.Gaussian(12, 64, 1)
	require.NoError(t, err)
	r := check(t, f, p, Options{Embedding: &e})
	require.Equal(t, "gaussian:64,1", r.Embedding)
	require.Equal(t, plain.Predicted, r.Predicted)
	require.Equal(t, plain.Findings, r.Findings)
	gradient, err := firststep.Average(f, p, 0, firststep.Options{})
	require.NoError(t, err)
	step, err := e.Step(gradient.Mean)
	require.NoError(t, err)
	wrong := 0
	for n, m := range chisq.Margins(f, step, true) {
		require.Equal(t, m.Argmax, r.Observed[n].Argmax)
		require.InDelta(t, m.Value, r.Observed[n].Margin, 1e-15) // entries of 1e-3
		if m.Argmax != m.Parent {
			wrong++
		}
	}
	require.Positive(t, wrong, "so few dimensions lose some edges")
	require.Contains(t, r.Summary[3], "Exact first step of the scores, positions gaussian:64,1, at T = 12")
	require.Contains(t, r.Summary[4], "vectors that are not")

	same := embedding.Orthogonal(12)
	require.Equal(t, plain.Observed, check(t, f, p, Options{Embedding: &same}).Observed)
	short := embedding.Orthogonal(11)
	_, err = Check(f, p, Options{Embedding: &short})
	require.ErrorContains(t, err, "embedding orthogonal: 11 positions, want T = 12")
}
