package condition

import (
	"testing"

	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What Text prints is read as the same chain, to the last bit, chain after chain.
func TestTextReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prior := markov.Dirichlet{Size: rapid.IntRange(2, 4).Draw(t, "tokens"), Alpha: 1}
		c, err := markov.DrawChain(prior, stream.Key{Seed: rapid.Uint64().Draw(t, "seed")})
		require.NoError(t, err)
		again, err := markov.ReadChain(Text(c))
		require.NoError(t, err)
		require.Equal(t, c, again)
	})
}
