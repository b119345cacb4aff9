package dynamics

import (
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
)

// TestTheJackknifeIsTheStandardError: for a number that is linear in the payoffs
// and groups of equal size the jackknife is the standard error of the means of
// the groups, and their mean is the mean over all draws.
func TestTheJackknifeIsTheStandardError(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 1})
	require.NoError(t, err)
	prior := markov.Dirichlet{Size: 2, Alpha: 1}
	o := firststep.Options{Draws: 60, Seed: 5}
	m, err := Average(f, prior, 0, o)
	require.NoError(t, err)
	require.Len(t, m.Without, groups)
	all, err := firststep.Average(f, prior, 0, o)
	require.NoError(t, err)
	require.NoError(t, close.Within(m.Payoffs[2][1], 3*all.Mean[2][1], 1e-12, 0))
	var sum, squares float64
	for g := range groups {
		e, err := firststep.Average(f, prior, 0, firststep.Options{Draws: 6, First: 6 * g, Seed: 5})
		require.NoError(t, err)
		d := 3*e.Mean[2][1] - m.Payoffs[2][1]
		sum += d
		squares += d * d
	}
	require.NoError(t, close.Within(sum, 0, 0, 1e-12))
	got, err := m.StdErr(func(p Payoffs) ([]float64, error) { return []float64{p[2][1]}, nil })
	require.NoError(t, err)
	require.NoError(t, close.Within(got[0]*got[0], squares/(groups*(groups-1)), 1e-9, 0))
}

func TestAnExactMeanHasNoError(t *testing.T) {
	f, err := graph.Chain(5)
	require.NoError(t, err)
	prior, err := markov.ParsePrior("orbit:1,7", 2)
	require.NoError(t, err)
	m, err := Average(f, prior, 0, firststep.Options{})
	require.NoError(t, err)
	require.True(t, m.Exact)
	rows, err := Stage1{Forest: f, Payoffs: m.Payoffs, Rate: 100}.Steps(50, nil, nil)
	require.NoError(t, err)
	for _, v := range Finals(rows) {
		require.Greater(t, v, 0.9)
	}
	stderr, err := m.StdErr(func(Payoffs) ([]float64, error) { return Finals(rows), nil })
	require.NoError(t, err)
	require.Equal(t, make([]float64, len(rows)), stderr)
	_, err = Average(f, markov.Dirichlet{Size: 2, Alpha: 1}, 0, firststep.Options{Draws: 3})
	require.ErrorContains(t, err, "draws = 3, want at least 4")
	_, err = Average(f, nil, 0, firststep.Options{})
	require.ErrorContains(t, err, "no prior")
}
