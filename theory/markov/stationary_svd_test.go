package markov

import (
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// In float32 the distribution is right up to the rounding of about 5 sweeps over all
// pairs of columns, each of a few 2^-24 of the columns' size, which the division
// by the second-smallest singular value multiplies; that value is above 0.3 for
// these chains, fixed or drawn with entries of one size.
func TestStationarySVD32IsRightInSinglePrecision(t *testing.T) {
	for _, rows := range [][][]float64{
		{{0.75, 0.25}, {0.5, 0.5}},
		{{0.25, 0.75}, {1, 0}},
		{{0.5, 0.25, 0.25}, {0.1, 0.2, 0.7}, {0.3, 0.3, 0.4}},
		{{0.1, 0.9, 0}, {0, 0.1, 0.9}, {0.5, 0, 0.5}},
	} {
		c, err := NewChain(rows)
		require.NoError(t, err)
		requireSinglePrecision(t, NewStationarySVD32(len(rows)), c)
	}
	buffers := NewStationarySVD32(6) // used again for every chain
	for step := range uint64(20) {
		c, err := DrawChain(Dirichlet{6, 3}, stream.Key{Seed: 15, Purpose: stream.Law, Step: step})
		require.NoError(t, err)
		requireSinglePrecision(t, buffers, c)
	}
}

func requireSinglePrecision(t *testing.T, buffers *StationarySVD32, c *Chain) {
	t.Helper()
	mu := make([]float64, c.Tokens())
	buffers.Stationary(c.Flat(), mu)
	const sweeps, pairs = 5, 15
	require.NoError(t, close.AllWithin(mu, c.Stationary(), 0, sweeps*pairs*0x1p-24/0.3), "%v", c.Rows())
	require.False(t, buffers.sweep(), "the iteration has ended")
	fresh := make([]float64, c.Tokens())
	NewStationarySVD32(c.Tokens()).Stationary(c.Flat(), fresh)
	require.Equal(t, fresh, mu, "by buffers that were used before, of %v", c.Rows())
	for a := range c.Tokens() {
		for b := range c.Tokens() {
			want := 0.0
			if a == b {
				want = 1
			}
			got := float64(dot32(buffers.column(buffers.v, a), buffers.column(buffers.v, b)))
			require.NoError(t, close.Within(got, want, 0, sweeps*pairs*0x1p-24), "V is orthogonal: columns %d and %d", a, b)
		}
	}
}
