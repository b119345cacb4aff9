package evidence

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"causalgrad/golden/stat"
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
	require.Equal(t, 1.0, point.First.Accuracy)
	require.Len(t, point.Shifted, len(algorithm1Shifted))
	_, err = RunAlgorithm1(2, 3, nil)
	require.ErrorContains(t, err, "parents: 1 positions")
}

func TestAlgorithm1Table(t *testing.T) {
	points := []Algorithm1Point{
		{Length: 16, Losses: losses("dirichlet:1", 10), First: measure.Edges{Mean: 0.5, Min: 0.25}},
		{Length: 5, Losses: losses("dirichlet:1", 30)}}
	r := Ladder{Seed: 3, Points: points}.Table()
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
	requireValue(t, 0.5, at(t, r, 0, "attention on the parents after stage 1"))
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
	ladder := Ladder{Seed: 1, Points: points}
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
	a, err := NewAlgorithm1(ladder)
	require.NoError(t, err)
	require.Len(t, a.Tables(), 2)
	decays := a.Decays()
	require.Len(t, decays, 1+len(algorithm1Shifted))
	for i, d := range decays {
		want := []float64{-1, -0.5, -1, -1.5}[i]
		require.LessOrEqual(t, math.Abs(d.Power.Exponent-want), 1e-12, "%s: a sum of 3 logarithms, condition below 100", d.Name())
		require.True(t, d.Falls())
		require.Len(t, d.Local, 2)
	}
	table := DecayTable(decays)
	requireValue(t, decays[1].Local[0].Exponent, at(t, table, 2, "exponent"))
	requireValue(t, 16, at(t, table, 2, "from T"))
	requireValue(t, 32, at(t, table, 2, "to T"))

	ladder.Points[1].Losses.Gap.Value = -1 // no power law has it
	_, err = NewAlgorithm1(ladder)
	require.ErrorContains(t, err, "L - L* of Algorithm 1")
}

// Of several seeds the errors are those between seeds, and a recorded ladder of the
// seed that was run must be that ladder bit for bit.
func TestAlgorithm1OverSeeds(t *testing.T) {
	ladder := func(seed uint64, factor float64) Ladder {
		l := Ladder{Seed: seed}
		for i, length := range []int{16, 32, 64} {
			gap := measure.Mean{Value: factor * (1 + 0.01*float64(int(seed)*(i+1)%3)) / float64(length), StdErr: 1e-6}
			p := Algorithm1Point{Length: length, First: measure.Edges{Min: 0.9 + 0.01*factor}, Residual: 0.01 * factor}
			p.Losses.Gap = gap
			for range algorithm1Shifted {
				p.Shifted = append(p.Shifted, measure.Losses{SupError: gap})
			}
			l.Points = append(l.Points, p)
		}
		return l
	}
	all, err := ladder(1, 4).With([]Ladder{ladder(1, 4), ladder(2, 4.4), ladder(3, 4.2)})
	require.NoError(t, err)
	require.Len(t, all, 3, "seed 1 once")
	a, err := NewAlgorithm1(all...)
	require.NoError(t, err)
	require.Equal(t, 3, a.Gap.Seeds)
	require.Len(t, a.Tables(), 3)
	seeds := a.SeedTable()
	values := a.Over(0, func(p Algorithm1Point) float64 { return p.Losses.Gap.Value })
	prediction, err := stat.PredictionInterval(values, 0.95)
	require.NoError(t, err)
	requireValue(t, prediction.Mean, at(t, seeds, 0, "L - L*"))
	require.Equal(t, fmt.Sprintf("[%.4f, %.4f]", prediction.Interval.Lo, prediction.Interval.Hi), at(t, seeds, 0, "one more seed's L - L*").String())
	_, err = ladder(1, 4).With([]Ladder{ladder(1, 4.1)})
	require.ErrorContains(t, err, "seed 1")
	other := ladder(2, 4)
	other.Points = other.Points[:2]
	_, err = NewAlgorithm1(ladder(1, 4), other)
	require.ErrorContains(t, err, "ladder of seed 2: other lengths")

	data, err := json.Marshal(map[string]any{"schema": LadderSchema, "ladders": all})
	require.NoError(t, err)
	again, err := RecordedLadders(data)
	require.NoError(t, err)
	require.Equal(t, all, again, "no bit is lost on the way")
	_, err = RecordedLadders([]byte(`{"schema": "other"}`))
	require.ErrorContains(t, err, `schema "other"`)
}
