package task

import (
	"slices"
	"testing"

	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// TestNumbers: float32 rounds chains and targets and keeps them positive; the
// official law draws other roots on some chains and leaves the chains alone. A
// task of another prior keeps the numbers.
func TestNumbers(t *testing.T) {
	plain, err := New(forest(t, -1, 0, -1, 1), markov.Dirichlet{Size: 3, Alpha: 1})
	require.NoError(t, err)
	plain, err = plain.WithPrior(markov.Dirichlet{Size: 3, Alpha: 0.01}) // many near-reducible chains
	require.NoError(t, err)
	sample := func(n Numbers) *Batch {
		other, err := WithNumbers(plain, n)
		require.NoError(t, err)
		other, err = other.WithPrior(plain.Prior())
		require.NoError(t, err)
		b := NewBatch(512, 5, 3).WithChains()
		other.NewSampler().Sample(stream.New(stream.Key{Seed: 4, Purpose: stream.Test}), b)
		return b
	}
	exact, single, svd := sample(Numbers{}), sample(Numbers{Float32: true}), sample(Numbers{SVD32: true})
	for i, v := range single.Chains {
		require.Equal(t, float64(float32(v)), v)
		require.Positive(t, v)
		// Half a unit of float32, or the smallest float32 itself.
		require.LessOrEqual(t, max(v-exact.Chains[i], exact.Chains[i]-v), 0x1p-25+0x1p-149)
	}
	require.NotEqual(t, exact.Chains, single.Chains)
	require.Equal(t, exact.Chains, svd.Chains)
	require.Equal(t, exact.Targets, svd.Targets)
	differ := 0
	for n := range exact.N {
		if !slices.Equal(exact.Sequence(n), svd.Sequence(n)) {
			differ++
		}
	}
	// Chains whose law float32 cannot tell are some percent of this prior's.
	require.Greater(t, differ, 5)
	require.Less(t, differ, exact.N/2)

	several, err := New(dag(t, nil, []int{0}, []int{0, 1}, []int{1, 2}), markov.Dirichlet{Size: 3, Alpha: 1})
	require.NoError(t, err)
	_, err = WithNumbers(several, Numbers{Float32: true})
	require.ErrorContains(t, err, "forests alone")
	same, err := WithNumbers(several, Numbers{})
	require.NoError(t, err)
	require.Equal(t, several, same)
}
