package certify

import (
	"math"
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/interval"

	"github.com/stretchr/testify/require"
)

// The bounds of a region are allowed themselves, and one more is not.
func TestBoundsOfARegionAreAllowed(t *testing.T) {
	good := Region{Forest: chainForest(t, 4), Tokens: 2, MinWidth: 1, MaxCells: maxCells}
	m, err := Certify(good)
	require.NoError(t, err)
	require.Equal(t, 1, m.Evaluated, "the whole square is as wide as allowed")

	// The classes of a chain of T positions are the distances 2 to T-2.
	n := len(competitors(chainForest(t, 100), false))
	require.Equal(t, []int{97, 98}, []int{n, len(competitors(chainForest(t, 100), true))})
	for _, c := range []struct {
		change func(*Region)
		says   string
	}{
		{func(r *Region) { r.MaxCells++ }, "cells = 8388609"},
		{func(r *Region) { r.MinWidth = math.Nextafter(1, 2) }, "minimum width = 1.0000000000000002"},
		{func(r *Region) { r.MinWidth = minWidthTwo }, ""},
		{func(r *Region) { r.MinWidth = math.Nextafter(minWidthTwo, 0) }, "6.103515624999999e-05"},
		{func(r *Region) { r.Tokens, r.MinWidth = 3, minWidthThree }, ""},
		{func(r *Region) { r.Tokens, r.MinWidth = 3, math.Nextafter(minWidthThree, 0) }, "0.0039062499999999996"},
		{func(r *Region) { r.Direct, r.Forest = true, chainForest(t, maxCompetitors+3) }, ""},
		{func(r *Region) { r.Direct, r.Forest = true, chainForest(t, maxCompetitors+4) }, "401 classes"},
	} {
		r := good
		c.change(&r)
		if err := r.validate(); c.says == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, c.says)
		}
	}
}

// Where edges or rows are equally wide the first is taken, so that the order of
// the cells is a function of the region alone.
func TestTheFirstOfEqualsIsHalved(t *testing.T) {
	for _, tokens := range []int{2, 3} {
		for _, c := range startingCells(tokens) {
			row, width := c.widestRow(tokens)
			require.Equal(t, 0, row)
			require.Equal(t, 1.0, width)
			for range 4 { // enough to halve row 0 until its entries range less
				c, _ = c.split(0, tokens)
			}
			row, width = c.widestRow(tokens)
			require.Equal(t, 1, row, "rows 1 and 2 are untouched")
			require.Equal(t, 1.0, width)
		}
	}
	// Off the diagonal (0, 0), (4, 0), (0, 4): the last edge is the longest.
	s := simplex{{8, 0, 0}, {4, 4, 0}, {4, 0, 4}}
	from, to := s.longestEdge(0, 3)
	require.Equal(t, []int{1, 2}, []int{from, to})
	// The same triangle from row 1: lengths 4, 4 sqrt 2, 4 in entries 0 and 2.
	from, to = s.longestEdge(1, 3)
	require.Equal(t, []int{0, 2}, []int{from, to})
	// Two edges of length sqrt 20 before one of sqrt 8.
	s = simplex{{8, 0, 0}, {2, 4, 2}, {2, 2, 4}}
	from, to = s.longestEdge(0, 3)
	require.Equal(t, []int{0, 1}, []int{from, to})
}

// A competitor that no bound has settled needs another bound; the child itself
// alone does not.
func TestBoundsCoverTheCompetitors(t *testing.T) {
	alone, err := graph.NewForest([]int{-1, 0})
	require.NoError(t, err)
	for _, c := range []struct {
		region Region
		bounds int
	}{
		{Region{Forest: alone, Tokens: 3, Self: true}, 1},
		{Region{Forest: chainForest(t, 4), Tokens: 3, Self: true}, 2},
		{Region{Forest: chainForest(t, 4), Tokens: 3}, 1},
		{Region{Forest: chainForest(t, 4), Tokens: 3, Self: true, Orbit: true}, 1},
	} {
		require.Len(t, newProver(c.region).bounds, c.bounds, "%+v", c.region)
	}
}

// The child itself over single chains (cells of three equal corners): both
// bounds are the margin I + 1 - tr pi itself, up to rounding.
func TestSelfMarginIsExactAtAPoint(t *testing.T) {
	at := func(a, b, c uint16) simplex {
		v := corner{a << 7, b << 7, c << 7}
		return simplex{v, v, v}
	}
	c := cell{rows: [maxTokens]simplex{at(64, 128, 64), at(32, 96, 128), at(128, 80, 48)}}
	p := newProver(Region{Forest: chainForest(t, 4), Tokens: 3, Self: true})
	rows := c.centre(3)
	chain := chainOf(t, rows)
	k := competitor{}
	value, margin := marginOf(chain, k), p.selfMargin(&c)
	tolerance := marginError(chain)
	_, ok := interval.Intersect(margin, interval.Interval{Lo: value - tolerance, Hi: value + tolerance})
	require.True(t, ok, "%v misses %v", margin, value)
	// A middle that is a third of three rounded thirds is off by 2^-52, which the
	// tangents square away; what is left is under 200 outward roundings of numbers
	// below 8.
	require.Less(t, margin.Width(), 200*8*0x1p-52)
}

// A cell is settled by all of its bounds: the first that does not hold, or
// fails to answer, decides, and those behind it are not asked.
func TestEveryBoundMustHold(t *testing.T) {
	says := func(v Verdict, err error) bound { return func(*cell) (Verdict, error) { return v, err } }
	never := func(*cell) (Verdict, error) {
		require.Fail(t, "asked behind a verdict")
		return Holds, nil
	}
	for _, c := range []struct {
		bounds []bound
		want   Verdict
		err    error
	}{
		{[]bound{says(Holds, nil)}, Holds, nil},
		{[]bound{says(Holds, nil), says(Holds, nil)}, Holds, nil},
		{[]bound{says(Holds, nil), says(Undecided, nil)}, Undecided, nil},
		{[]bound{says(Holds, nil), says(Fails, nil), never}, Fails, nil},
		{[]bound{says(Undecided, nil), never}, Undecided, nil},
		{[]bound{says(Holds, errApart), never}, Holds, errApart},
	} {
		v, err := (&prover{bounds: c.bounds}).decide(nil)
		require.Equal(t, c.want, v)
		require.Equal(t, c.err, err)
	}
}

// The closed forms of S = 2 at lambda = 1/2 and -1/2, where they are dyadic:
// lambda^2 - lambda^(d+1), and in the mean over an orbit lambda^2 at even d.
func TestClosedMarginsAtAPoint(t *testing.T) {
	for _, c := range []struct {
		k                             competitor
		half, minusHalf, orbit, minus float64
	}{
		{competitor{}, 0.25 - 0.5, 0.25 + 0.5, 0.25, 0.25},
		{competitor{q: 2}, 0.25 - 0.125, 0.25 + 0.125, 0.25, 0.25},
		{competitor{p: 1, q: 1}, 0.25 - 0.125, 0.25 + 0.125, 0.25, 0.25},
		{competitor{p: 1, q: 2}, 0.25 - 0.0625, 0.25 - 0.0625, 0.25 - 0.0625, 0.25 - 0.0625},
		{competitor{q: 4}, 0.25 - 0.03125, 0.25 + 0.03125, 0.25, 0.25},
		{competitor{other: true}, 0.25, 0.25, 0.25, 0.25},
	} {
		for i, want := range []float64{c.half, c.minusHalf, c.orbit, c.minus} {
			lambda := []float64{0.5, -0.5}[i%2]
			got := closedMargin(interval.Point(lambda), c.k, i >= 2)
			require.True(t, got.Contains(want), "%+v at %v: %v misses %v", c.k, lambda, got, want)
			// At most ten outward roundings of numbers up to 1.
			require.LessOrEqual(t, got.Width(), 10*0x1p-52)
		}
	}
}
