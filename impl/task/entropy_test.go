package task

import (
	"math"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mathext"
)

func TestEntropyOfKnownRows(t *testing.T) {
	const rounding = 4e-16 // one logarithm, one product, two sums
	require.NoError(t, close.Within(Entropy([]float64{0.5, 0.5}), math.Ln2, rounding, 0))
	require.NoError(t, close.Within(Entropy([]float64{0.5, 0, 0.25, 0.25}), 1.5*math.Ln2, rounding, 0))
	require.Zero(t, Entropy([]float64{0, 1, 0}))

	require.NoError(t, close.Within(CrossEntropy([]float64{0.75, 0.25}, []float64{0.5, 0.125}), 1.5*math.Ln2, rounding, 0))
	require.Zero(t, CrossEntropy([]float64{0, 1}, []float64{0, 1}), "0 log 0 is 0")
	require.True(t, math.IsInf(CrossEntropy([]float64{0.5, 0.5}, []float64{0, 1}), 1))
	y := []float64{0.2, 0.3, 0.5}
	require.Equal(t, Entropy(y), CrossEntropy(y, y))
}

// The irreducible loss of a Dirichlet prior is psi(S alpha + 1) - psi(alpha + 1),
// the mean entropy of one row, for either kind of task.
func TestIrreducibleLossOfDirichletRows(t *testing.T) {
	const alpha, n = 0.5, 30000
	want := mathext.Digamma(3*alpha+1) - mathext.Digamma(alpha+1)
	for seed, task := range []Task{
		newTask(t, forest(t, -1, 0), markov.Dirichlet{Size: 3, Alpha: alpha}),
		newTask(t, dag(t, nil, nil, []int{0}, []int{1, 2}), markov.Dirichlet{Size: 3, Alpha: alpha}),
	} {
		b := draw(task, n, uint64(seed))
		sum := 0.0
		for i := range n {
			sum += Entropy(b.Target(i)) / math.Log(3) // in [0, 1]
		}
		p := want / math.Log(3)
		require.LessOrEqual(t, math.Abs(sum/n-p), bernstein(p, n, 2))
	}
}
