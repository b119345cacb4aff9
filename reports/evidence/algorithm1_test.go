package evidence

import (
	"math"
	"testing"

	"causalgrad/impl/measure"

	"github.com/stretchr/testify/require"
)

// Algorithm 1 end to end on the shortest chain: reproducible, every step
// reported, and closer to L* on a longer chain.
func TestAlgorithm1OnAShortChain(t *testing.T) {
	steps := 0
	point, err := RunAlgorithm1(5, 3, func(n int) {
		steps++
		require.Equal(t, steps, n)
	})
	require.NoError(t, err)
	require.Equal(t, Algorithm1Config(5, 3).Steps1+Algorithm1Config(5, 3).Steps2, steps)
	again, err := RunAlgorithm1(5, 3, nil)
	require.NoError(t, err)
	require.Equal(t, point, again)
	longer, err := RunAlgorithm1(12, 3, nil)
	require.NoError(t, err)
	require.Less(t, longer.Losses.Gap.Value, point.Losses.Gap.Value, "the gap falls with T: 0.3 against 1, standard errors near 0.01")
	require.Greater(t, longer.Losses.Gap.Value, 0.0)
	require.Len(t, point.First.Weights, 3, "the edges of a chain of 4 prefix positions")
	require.Len(t, point.Shifted, len(algorithm1Shifted))
	_, err = RunAlgorithm1(2, 3, nil)
	require.ErrorContains(t, err, "parents: 1 positions")
}

func TestAlgorithm1Table(t *testing.T) {
	points := []Algorithm1Point{
		{Length: 16, Losses: losses("dirichlet:1", 10), First: measure.Edges{Mean: 0.5, Min: 0.25}},
		{Length: 5, Losses: losses("dirichlet:1", 30)}}
	r := Algorithm1{Seed: 3, Points: points}.Table()
	for i, p := range points {
		requireValue(t, float64(p.Length), at(t, r, i, "T"))
		requireMean(t, p.Losses.Loss, at(t, r, i, "loss"))
		requireMean(t, p.Losses.Irreducible, at(t, r, i, "L*"))
		requireMean(t, p.Losses.Gap, at(t, r, i, "L - L*"))
		n := float64(p.Length)
		requireMean(t, measure.Mean{Value: n * p.Losses.Gap.Value, StdErr: n * p.Losses.Gap.StdErr}, at(t, r, i, "T (L - L*)"))
	}
	requireValue(t, 0.24, at(t, r, 0, "elsewhere"))
	requireValue(t, points[0].Losses.Gap.Value-0.24, at(t, r, 0, "ours - elsewhere"))
	requireValue(t, 0.5, at(t, r, 0, "edge weight after stage 1"))
	requireValue(t, 0.25, at(t, r, 0, "smallest"))
	require.Equal(t, "-", at(t, r, 1, "elsewhere").String())
	require.Equal(t, "-", at(t, r, 1, "ours - elsewhere").String())
	require.Contains(t, r.Notes[0], "seed 3")
}

func TestAlgorithm1ShiftedTableAndRates(t *testing.T) {
	var points []Algorithm1Point
	for _, length := range []int{16, 32, 64} {
		p := Algorithm1Point{Length: length}
		// Exact power laws: T^-1 for the gap, T^-(1+i)/2 for the sup errors.
		value := func(exponent float64) measure.Mean {
			v := math.Pow(float64(length), exponent)
			return measure.Mean{Value: v, StdErr: v / 100}
		}
		p.Losses.Gap = value(-1)
		for i := range algorithm1Shifted {
			l := losses("", float64(100*i))
			l.SupError = value(-float64(i+1) / 2)
			p.Shifted = append(p.Shifted, l)
		}
		points = append(points, p)
	}
	ladder := Algorithm1{Points: points}
	r := ladder.ShiftedTable()
	require.Len(t, r.Rows, 3*len(algorithm1Shifted))
	for i, prior := range algorithm1Shifted {
		for j, p := range points {
			row := 3*i + j
			require.Equal(t, prior, at(t, r, row, "test prior").String())
			requireValue(t, float64(p.Length), at(t, r, row, "T"))
			requireMean(t, p.Shifted[i].Loss, at(t, r, row, "loss"))
			requireMean(t, p.Shifted[i].Irreducible, at(t, r, row, "L*"))
			requireMean(t, p.Shifted[i].Gap, at(t, r, row, "L - L*"))
			requireMean(t, p.Shifted[i].SupError, at(t, r, row, "sup error"))
			requireMean(t, p.Shifted[i].CountSup, at(t, r, row, "of the count"))
		}
	}
	require.NoError(t, ladder.fit())
	rates := ladder.Rates()
	require.Len(t, rates, 1+len(algorithm1Shifted))
	for i, rate := range rates {
		want := []float64{-1, -0.5, -1, -1.5}[i]
		require.LessOrEqual(t, math.Abs(rate.Rate.Exponent-want), 1e-12, "%s: a sum of 3 logarithms, condition below 100", rate.Name)
	}
	table := RateTable(rates)
	requireValue(t, rates[1].Rate.Exponent, at(t, table, 1, "exponent"))
	requireValue(t, rates[1].Rate.Prefactor, at(t, table, 1, "prefactor"))
	require.Equal(t, "16 to 64", at(t, table, 1, "T").String())

	points[1].Losses.Gap.Value = -1 // no power law has it
	require.ErrorContains(t, ladder.fit(), "L - L* of Algorithm 1")
}
