package stat

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestChiSquareAgreesWithScipy(t *testing.T) {
	for _, c := range []struct {
		counts    []int
		probs     []float64
		statistic float64
		p         float64 // scipy.stats.chisquare(counts, n * probs)
	}{
		// Mendel's peas, 9:3:3:1: chi-square 0.47.
		{[]int{315, 101, 108, 32}, []float64{9. / 16, 3. / 16, 3. / 16, 1. / 16}, 0.4700239808153477, 0.925425895103616},
		// R's ?chisq.test: X-squared = 9.9901, df = 4, p-value = 0.04059.
		{[]int{89, 37, 30, 28, 2}, []float64{0.40, 0.20, 0.20, 0.15, 0.05}, 9.990143369175627, 0.040594043344781214},
		{[]int{3, 5, 2}, []float64{0.2, 0.5, 0.3}, 0.8333333333333333, 0.6592406302004439},
	} {
		g, err := ChiSquareTest(c.counts, c.probs, 0.05)
		require.NoError(t, err)
		near(t, c.statistic, g.ChiSquare)
		near(t, c.p, g.P)
		require.Equal(t, len(c.counts)-1, g.DF)
	}
}

func TestChiSquareWarnsOfRareCells(t *testing.T) {
	g, err := ChiSquareTest([]int{3, 5, 2}, []float64{0.2, 0.5, 0.3}, 0.05)
	require.NoError(t, err)
	require.Equal(t, []string{"need >= 25 counts for 5 expected in each cell, or MultinomialTest: the rarest expects 2"}, g.Warnings)
	g, err = ChiSquareTest([]int{10, 15}, []float64{0.2, 0.8}, 0.05)
	require.NoError(t, err)
	require.Empty(t, g.Warnings)
}

// A cell of probability 0 is no degree of freedom, and a count in it refutes the rest.
func TestCellsOfProbabilityZero(t *testing.T) {
	for _, test := range []func([]int, []float64, float64) (GoodnessOfFit, error){ChiSquareTest, MultinomialTest} {
		with, err := test([]int{4, 0, 6}, []float64{0.5, 0, 0.5}, 0.05)
		require.NoError(t, err)
		without, err := test([]int{4, 6}, []float64{0.5, 0.5}, 0.05)
		require.NoError(t, err)
		require.Equal(t, without, with)
		refuted, err := test([]int{4, 1, 6}, []float64{0.5, 0, 0.5}, 0.05)
		require.NoError(t, err)
		require.Equal(t, 0.0, refuted.P)
		require.Equal(t, Different, refuted.Verdict)
		require.Equal(t, []string{"cell 1 has counts and probability 0"}, refuted.Warnings)
	}
}

// 200 draws over 4 cells: the chi-square approximation is within a few parts in
// a thousand of the exact level, inside what 2000 trials see.
func TestChiSquareUnderTheNull(t *testing.T) {
	const trials = 2000
	probs := []float64{0.1, 0.2, 0.3, 0.4}
	r, p := source(7), make([]float64, trials)
	for i := range p {
		counts := make([]int, 4)
		for range 200 {
			cell, u := 0, r.Float64()
			for u >= probs[cell] && cell < 3 {
				u -= probs[cell]
				cell++
			}
			counts[cell]++
		}
		g, err := ChiSquareTest(counts, probs, 0.05)
		require.NoError(t, err)
		p[i] = g.P
	}
	requireUniform(t, p, "chi-square")
}
