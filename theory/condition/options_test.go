package condition

import (
	"testing"

	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
)

// TestDrawsFollowTheWork: sqrt(T) (S^2 T^2 + S^4 T bits(T)) operations a chain,
// integers wherever T is a square.
func TestDrawsFollowTheWork(t *testing.T) {
	for _, c := range []struct {
		length, tokens int
		work           float64
		draws          int
	}{
		{16, 2, 4 * (4*256 + 16*16*5), maxDraws},
		{100, 3, 10 * (9*10000 + 81*100*7), 408}, // 6e8/1467000 = 408.99...
		{900, 5, 30 * (25*810000 + 625*900*10), minDraws},
	} {
		require.Equal(t, c.work, work(c.length, c.tokens))
		require.Equal(t, c.draws, DefaultDraws(c.length, c.tokens))
	}
}

// TestLargestOptions: every limit is itself allowed.
func TestLargestOptions(t *testing.T) {
	shortest := forest(t, "parents:-1,0", 0)
	require.Equal(t, graph.MinSequenceLength, shortest.SequenceLength())
	r := check(t, shortest, prior(t, "dirichlet:1", 2), Options{Draws: minDraws, Eps: firststep.MaxEps, Constants: Constants{Gamma: 1}})
	require.Equal(t, minDraws, r.Chains)
	require.Equal(t, 1.0, r.Rate.Gamma)
}
