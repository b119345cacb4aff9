package condition

import (
	"math"
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// differences are a comparison along one edge into child 2, known up to a
// rounding of each entry.
func differences(rounding float64, row ...float64) *comparison {
	f, err := graph.NewForest([]int{-1, -1, 1})
	if err != nil {
		panic(err)
	}
	c := newComparison(f)
	c.add([][]float64{nil, nil, row}, [][]float64{nil, nil, {rounding, rounding, rounding}})
	return c
}

// TestRowVerdictsAroundTheRounding: a difference counts where it is beyond the
// rounding of both entries, and on the border it does not.
func TestRowVerdictsAroundTheRounding(t *testing.T) {
	const rounding = 0x1p-20 // a power of two: all is exact
	const doubt = 2 * rounding
	for _, c := range []struct {
		name       string
		first      float64 // the parent's lead over position 0; over itself it is 1
		argmax     int
		verdict    verdict.Verdict
		competitor int
	}{
		{"clear", 1.5 * doubt, 1, verdict.Holds, 0},
		{"border", doubt, 1, verdict.Undecided, 0},
		{"equal", 0, 1, verdict.Undecided, 0},
		{"border below", -doubt, 0, verdict.Undecided, 0},
		{"below", -1.5 * doubt, 0, verdict.Fails, 0},
		{"two equally close", 1, 1, verdict.Holds, 0},
	} {
		row := differences(rounding, -c.first, 0, -1).table(true).Rows[0]
		require.Equal(t, Row{Child: 2, Parent: 1, Argmax: c.argmax, Competitor: c.competitor, Margin: c.first, Verdict: c.verdict}, row, c.name)
	}
}

// TestRoundingIsTheMeanOverChains: of errors 1 and 3 in each of the two entries.
func TestRoundingIsTheMeanOverChains(t *testing.T) {
	c := differences(1, 0, 8, 0)
	c.add([][]float64{nil, nil, {0, 8, 0}}, [][]float64{nil, nil, {3, 3, 3}})
	require.Equal(t, []float64{4, 4, 4}, c.rounding[0])
	require.Equal(t, 8.0, c.lead[0][0].mean)
}

// TestSlowChainsAreDecidedByTheirRounding: with rates of 2^-45 the rows' own
// digits are gone and nothing is called wrong or right that rounding may have
// done; down to 2^-40 every row is decided, and against the parent: the child
// itself wins.
func TestSlowChainsAreDecidedByTheirRounding(t *testing.T) {
	f := forest(t, "chain", 8)
	for power, want := range map[int]int{-10: 6, -40: 6, -45: 0} {
		rate := math.Ldexp(1, power)
		r := check(t, f, markov.Point{Chain: chain(t, []float64{1 - rate, rate}, []float64{rate, 1 - rate})}, Options{})
		require.Equal(t, want, Table{Rows: r.Observed}.Count(verdict.Fails), "2^%d", power)
		require.Equal(t, 6-want, Table{Rows: r.Observed}.Count(verdict.Undecided), "2^%d", power)
	}
}

func TestChanceByHand(t *testing.T) {
	require.Equal(t, 0.75, Table{Rows: []Row{{Child: 1}, {Child: 3}}}.Chance())
}
