package markov

import (
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/stream"
)

func TestParseRoots(t *testing.T) {
	for text, want := range map[string]string{"": "stationary", "stationary": "stationary", "uniform": "uniform", "[0.25, 0.75]": "[0.25,0.75]"} {
		r, err := ParseRoots(text)
		require.NoError(t, err, text)
		require.Equal(t, want, r.String())
		require.Equal(t, want == "stationary", r.Stationary())
	}
	for text, want := range map[string]string{
		"unifrom": "want stationary | uniform", "[]": "want stationary", "{}": "want stationary", "[0.5,null]": "entry 1",
		"[1,0]": "entry 1", "[-0.5,1.5]": "entry 0", "[0.5,0.25]": "sums to 0.75",
	} {
		_, err := ParseRoots(text)
		require.ErrorContains(t, err, want, text)
	}
}

// TestWithRoots: drawn chains and those of a finite prior carry the roots, with
// relabelling; the stationary choice changes nothing.
func TestWithRoots(t *testing.T) {
	listed, err := ParseRoots("[0.5,0.25,0.25]")
	require.NoError(t, err)
	dirichlet := Dirichlet{Size: 3, Alpha: 1}
	same, err := WithRoots(dirichlet, Roots{})
	require.NoError(t, err)
	require.Equal(t, Prior(dirichlet), same)
	require.Nil(t, RootDistribution(same))

	p, err := WithRoots(dirichlet, listed)
	require.NoError(t, err)
	require.Equal(t, "dirichlet:1, roots [0.5,0.25,0.25]", p.String())
	require.Equal(t, Prior(dirichlet), Base(p))
	key := stream.Key{Seed: 1, Purpose: stream.Prior}
	c, err := DrawChain(p, key)
	require.NoError(t, err)
	plain, err := DrawChain(dirichlet, key)
	require.NoError(t, err)
	require.Equal(t, plain.Flat(), c.Flat())
	require.Equal(t, plain.Stationary(), c.Stationary())
	require.Equal(t, plain.Stationary(), plain.Roots())
	require.True(t, plain.StationaryRoots())
	require.False(t, c.StationaryRoots())
	require.Equal(t, []float64{0.5, 0.25, 0.25}, c.Roots())
	require.Equal(t, []float64{0.25, 0.5, 0.25}, c.Relabelled([]int{1, 2, 0}).Roots())
	require.True(t, c.Reversed().StationaryRoots())

	orbit, err := NewOrbit(plain, "orbit")
	require.NoError(t, err)
	finite, err := WithRoots(orbit, Roots{uniform: true})
	require.NoError(t, err)
	require.Equal(t, Prior(orbit), Base(finite))
	for i, c := range finite.(Finite).Support() {
		require.Equal(t, orbit.Support()[i].Flat(), c.Flat())
		require.Equal(t, []float64{1. / 3, 1. / 3, 1. / 3}, c.Roots())
	}

	own, err := plain.WithRoots([]float64{0.5, 0.25, 0.25})
	require.NoError(t, err)
	require.Equal(t, c, own)
	for want, p := range map[string][]float64{"2 probabilities": {0.5, 0.5}, "roots[1] = 0": {0.5, 0, 0.5}, "sums to 0.75": {0.25, 0.25, 0.25}} {
		_, err := plain.WithRoots(p)
		require.ErrorContains(t, err, want)
	}

	_, err = WithRoots(Dirichlet{Size: 2, Alpha: 1}, listed)
	require.ErrorContains(t, err, "3 probabilities, want S = 2")
	_, err = WithRoots(p, listed)
	require.ErrorContains(t, err, "already has roots")
	_, err = WithRoots(nil, listed)
	require.ErrorContains(t, err, "no prior")
}
