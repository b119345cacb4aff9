package necessity

import (
	"math"
	"math/big"
	"testing"

	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
)

func forest(t *testing.T, parents ...int) graph.Forest {
	f, err := graph.NewForest(parents)
	require.NoError(t, err)
	return f
}

// TestRowScoreByHand: leads over the row's largest magnitude, the first of
// equal competitors, and none where the lead is the rounding or less. All
// numbers are dyadic.
func TestRowScoreByHand(t *testing.T) {
	for _, c := range []struct {
		row      []float64
		edge     graph.Edge
		rounding float64
		margin   float64
		rival    int
	}{
		{[]float64{4, 2, 1, 9}, graph.Edge{Parent: 0, Child: 2}, 0, 0.5, 1},   // what follows the child does not count
		{[]float64{1, 2, 2}, graph.Edge{Parent: 0, Child: 2}, 0, -0.5, 1},     // the first of equals
		{[]float64{1, 0.5, -4}, graph.Edge{Parent: 0, Child: 2}, 0, 0.125, 1}, // the largest is a negative entry
		{[]float64{1, 4, 2}, graph.Edge{Parent: 1, Child: 2}, 0, 0.5, 2},      // the child itself
		{[]float64{1, 0.75}, graph.Edge{Parent: 0, Child: 1}, 0.25, 0, 1},
		{[]float64{1, 0.75}, graph.Edge{Parent: 0, Child: 1}, 0.125, 0.25, 1},
		{[]float64{0, 0}, graph.Edge{Parent: 0, Child: 1}, 0, 0, 1},
	} {
		require.Equal(t, score{margin: c.margin, child: c.edge.Child, parent: c.edge.Parent, competitor: c.rival}, rowScore(c.row, c.edge, c.rounding), "%v", c)
	}
}

// TestWorstRowByHand: the smallest relative margin, the first of equals, with a
// rounding of 1e-12 of the matrix's largest entry or of 1/T^2.
func TestWorstRowByHand(t *testing.T) {
	f := forest(t, -1, 0, 1)
	matrix := func(second, third []float64, last float64) [][]float64 {
		return [][]float64{{0}, second, third, {last}}
	}
	require.Equal(t, score{0.5, 2, 1, 0}, worstRow(f, matrix([]float64{4, 1}, []float64{1, 2, 0}, 0)))
	require.Equal(t, score{0.5, 1, 0, 1}, worstRow(f, matrix([]float64{4, 2}, []float64{1, 2, 0}, 0)))
	for _, c := range []struct {
		lead, last float64
		lost       bool
	}{
		{0.9e-12, -1, true}, {1.1e-12, -1, false}, // 1e-12 of the entry -1
		{0.9e-12 / 16, 0, true}, {1.1e-12 / 16, 0, false}, // 1e-12/T^2
	} {
		got := worstRow(f, matrix([]float64{c.lead, 0}, []float64{0, 2 * c.lead, 0}, c.last))
		want := score{1, 1, 0, 1}
		if c.lost {
			want.margin = 0
		}
		require.Equal(t, want, got, "a lead of %g beside %g", c.lead, c.last)
	}
}

// TestProveRowByHand is the same without rounding.
func TestProveRowByHand(t *testing.T) {
	for _, c := range []struct {
		row              []int64
		edge             graph.Edge
		rival            int
		margin, relative *big.Rat
	}{
		{[]int64{4, 2, 1, 9}, graph.Edge{Parent: 0, Child: 2}, 1, big.NewRat(2, 1), big.NewRat(1, 2)},
		{[]int64{3, 5, 5}, graph.Edge{Parent: 0, Child: 2}, 1, big.NewRat(-2, 1), big.NewRat(-2, 5)},
		{[]int64{2, 1, -8}, graph.Edge{Parent: 0, Child: 2}, 1, big.NewRat(1, 1), big.NewRat(1, 8)},
		{[]int64{1, 4, 2}, graph.Edge{Parent: 1, Child: 2}, 2, big.NewRat(2, 1), big.NewRat(1, 2)},
		{[]int64{0, 0}, graph.Edge{Parent: 0, Child: 1}, 1, new(big.Rat), new(big.Rat)},
	} {
		var row []*big.Rat
		for _, v := range c.row {
			row = append(row, big.NewRat(v, 1))
		}
		p := proveRow(row, c.edge)
		require.Equal(t, []int{c.edge.Child, c.edge.Parent, c.rival}, []int{p.child, p.parent, p.competitor}, "%v", c.row)
		require.Zero(t, p.margin.Cmp(c.margin), "%v: %s", c.row, p.margin)
		require.Zero(t, p.relative.Cmp(c.relative), "%v: %s", c.row, p.relative)
	}
}

// TestTiesAreSettledExactly: with equal rows all entries before the child are
// equal. That fails, but not in a strict space; and the proof takes the first
// of two equally bad rows.
func TestTiesAreSettledExactly(t *testing.T) {
	equal := candidate{forest: forest(t, -1, -1, 1, 1), construction: Columns, rows: [][]float64{{0.5, 0.5}, {0.5, 0.5}}}
	got, failed := space{}.fails(equal)
	require.True(t, failed)
	require.Equal(t, score{0, 2, 1, 0}, got)
	_, failed = space{strict: true}.fails(equal)
	require.False(t, failed)
	rows := rationalRows(equal.rows)
	p, err := prove(equal.forest, Columns, rows, nil)
	require.NoError(t, err)
	require.Equal(t, 2, p.child)
	tie := newCounterexample(equal, rows, p)
	require.True(t, tie.Tie)
	require.NoError(t, tie.Verify())
}

// TestLeadsBelowTheDoubtAreProved: with rows d apart the lead of the parent is
// of size d^2, here 1e-11: too small to trust, and no failure.
func TestLeadsBelowTheDoubtAreProved(t *testing.T) {
	const d = 0x1p-18
	near := candidate{forest: forest(t, -1, -1, 1), construction: Columns, rows: [][]float64{{0.5 + d, 0.5 - d}, {0.5 - d, 0.5 + d}}}
	got, failed := space{}.fails(near)
	require.False(t, failed)
	require.Positive(t, got.margin)
	require.Less(t, got.margin, doubt)
	p, err := prove(near.forest, Columns, rationalRows(near.rows), nil)
	require.NoError(t, err)
	require.Positive(t, p.margin.Sign())
}

// TestOnlyDoubtfulMarginsAreProved: those of a magnitude up to the doubt; in a
// strict space a tie is no failure, so no more than the one at its edge.
func TestOnlyDoubtfulMarginsAreProved(t *testing.T) {
	above, below := math.Nextafter(doubt, 1), math.Nextafter(doubt, 0)
	for _, c := range []struct {
		strict          bool
		margin          float64
		failed, certain bool
	}{
		{false, above, false, true}, {false, doubt, false, false}, {false, -doubt, false, false}, {false, -above, true, true},
		{true, -below, false, true}, {true, -doubt, false, false}, {true, -above, true, true},
	} {
		failed, certain := space{strict: c.strict}.decide(c.margin)
		require.Equal(t, []bool{c.failed, c.certain}, []bool{failed, certain}, "%+v", c)
	}
}
