package firststep

import (
	"testing"

	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
)

// TestPrefixesUpToTheLimit: the chain of 5 has 2^4 prefixes.
func TestPrefixesUpToTheLimit(t *testing.T) {
	f, err := graph.Chain(5)
	require.NoError(t, err)
	require.NoError(t, checkPrefixes(f, 2, 16))
	require.ErrorContains(t, checkPrefixes(f, 2, 15), "2 tokens at 4 positions have more than 15 prefixes")
}

// TestSumsLoseNothing: each of 1024 summands is half an ulp of 1, and would be
// lost in a plain sum, whichever comes first; so would the 1 beside 2^60.
func TestSumsLoseNothing(t *testing.T) {
	for _, large := range []bool{true, false} {
		e := enumerator{sum: square(1), lost: square(1)}
		if large {
			e.add(0, 0, 1)
		}
		for range 1024 {
			e.add(0, 0, 0x1p-53)
		}
		if !large {
			e.add(0, 0, 1)
		}
		require.Equal(t, 1+0x1p-43, e.total(0, 0), "the 1 first: %t", large)
	}
	e := enumerator{sum: square(1), lost: square(1)}
	for _, v := range []float64{1, 0x1p60, 0x1p-20, -0x1p60} {
		e.add(0, 0, v)
	}
	require.Equal(t, 1+0x1p-20, e.total(0, 0))
}
