package dynamics

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
)

// example is one entry of the reference file, computed elsewhere by enumeration.
type example struct {
	Parents    []int
	Chain      [][]float64
	Eps        float64
	A1         [][]float64
	A1Gradient [][]float64 `json:"a1_gradient"`
	A2Gradient [][]float64 `json:"a2_gradient"`
	Stage1     struct {
		Rate, Beta0      float64
		Steps            int
		Attention, First [][]float64
	}
}

// TestReferenceExamples: within 1e-10 of the largest entry. Both sides carry
// the rounding of some thousand sums, 1e-13, which 25 steps of stage 1 at a rate
// of some hundreds may amplify by another hundred.
func TestReferenceExamples(t *testing.T) {
	data, err := os.ReadFile("../../golden/reference/dynamics_examples.json")
	require.NoError(t, err)
	var examples []example
	require.NoError(t, json.Unmarshal(data, &examples))
	require.NotEmpty(t, examples)
	for n, e := range examples {
		f, err := graph.NewForest(e.Parents)
		require.NoError(t, err)
		c, err := markov.NewChain(e.Chain)
		require.NoError(t, err)
		g, err := firststep.Gradient(f, c, e.Eps)
		require.NoError(t, err)
		p, err := FromGradient(g)
		require.NoError(t, err)
		first, err := p.Gradient(e.A1)
		require.NoError(t, err)
		requireClose(t, first, e.A1Gradient, 1e-10, fmt.Sprintf("example %d: gradient in A1", n))
		a, err := Attention(e.A1)
		require.NoError(t, err)
		second, err := firststep.SecondLayer(f, c, e.Eps, a)
		require.NoError(t, err)
		requireClose(t, second, e.A2Gradient, 1e-10, fmt.Sprintf("example %d: gradient in A2", n))
		want := map[int][][]float64{1: e.Stage1.First, e.Stage1.Steps: e.Stage1.Attention}
		s := Stage1{Forest: f, Payoffs: p, Rate: e.Stage1.Rate * e.Stage1.Beta0}
		_, err = s.Steps(e.Stage1.Steps, func(step int) bool { return want[step] != nil }, func(step int, attention [][]float64) {
			requireClose(t, attention, want[step], 1e-10, fmt.Sprintf("example %d: step %d", n, step))
			delete(want, step)
		})
		require.NoError(t, err)
		require.Empty(t, want)
	}
}

// requireClose compares matrices relative to the largest entry of want.
func requireClose(t require.TestingT, got, want [][]float64, limit float64, what string) {
	var g, w []float64
	for i := range want {
		require.Len(t, got[i], len(want[i]), what)
		g, w = append(g, got[i]...), append(w, want[i]...)
	}
	require.NoError(t, close.Within(close.RelativeError(g, w), 0, 0, limit), what)
}
