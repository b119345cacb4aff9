package certify

import (
	"math"
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/interval"
	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// The bounds of a region are allowed themselves, and one more is not.
func TestBoundsOfARegionAreAllowed(t *testing.T) {
	good := Region{Forest: chainForest(t, 4), Tokens: 2, MinWidth: 1, MaxCells: MostCells}
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

// Every kind of competitor that occurs is settled by a proof of its own.
func TestProofsCoverTheCompetitors(t *testing.T) {
	alone, err := graph.NewForest([]int{-1, 0}) // no earlier position competes
	require.NoError(t, err)
	chain := chainForest(t, 5)
	// Nearly a cycle: rows do not overlap and the parent is ahead of the child itself.
	cycle := [maxTokens]simplex{near(0, 1), near(1, 2), near(2, 0)}
	// Mostly the identity: the child itself is ahead. Rows differ and overlap.
	lazy := [maxTokens]simplex{around(6, 1, 1), around(1, 6, 1), around(1, 1, 6)}
	// Rows that may be equal.
	equal := [maxTokens]simplex{near(0, 1), near(1, 1), near(2, 1)}
	// Rows that differ and overlap; the child itself is behind.
	apart := [maxTokens]simplex{around(1, 5, 2), around(2, 2, 4), around(5, 2, 1)}
	for _, c := range []struct {
		name   string
		region Region
		rows   [maxTokens]simplex
		want   verdict.Verdict
	}{
		{"cycle, itself alone", Region{Forest: alone, Self: true}, cycle, verdict.Holds},
		{"cycle, earlier", Region{Forest: chain}, cycle, verdict.Undecided},
		{"cycle, both", Region{Forest: chain, Self: true}, cycle, verdict.Undecided},
		{"cycle, itself alone, orbit", Region{Forest: alone, Self: true, Orbit: true}, cycle, verdict.Holds},
		{"cycle, both, orbit", Region{Forest: chain, Self: true, Orbit: true}, cycle, verdict.Undecided},
		{"cycle, earlier, orbit", Region{Forest: chain, Orbit: true}, cycle, verdict.Undecided},
		{"lazy, itself alone", Region{Forest: alone, Self: true}, lazy, verdict.Fails},
		{"lazy, both", Region{Forest: chain, Self: true}, lazy, verdict.Fails},
		{"lazy, earlier", Region{Forest: chain}, lazy, verdict.Holds},
		{"equal, earlier", Region{Forest: chain}, equal, verdict.Undecided},
		{"equal, itself alone, orbit", Region{Forest: alone, Self: true, Orbit: true}, equal, verdict.Undecided},
		{"apart, earlier", Region{Forest: chain}, apart, verdict.Holds},
		{"apart, both", Region{Forest: chain, Self: true}, apart, verdict.Holds},
		{"apart, both, orbit", Region{Forest: chain, Self: true, Orbit: true}, apart, verdict.Holds},
	} {
		c.region.Tokens = 3
		got := proofOf(c.region, c.rows)
		require.Equal(t, c.want, got.verdict, c.name)
		numbered := c.region.Self && !c.region.Orbit && c.want != verdict.Undecided
		require.Equal(t, numbered, got.bound != 0, "%s: %v", c.name, got)
	}
}

// near is a small triangle of rows of token a at the corner where b is certain.
func near(a, b int) simplex {
	const h = Unit / 64
	s := wholeRow(a, 3)
	for v := range s {
		for t := range s[v] {
			s[v][t] = s[v][t] / 64
		}
		s[v][b] += Unit - h
	}
	return s
}

// around is a small triangle of rows at (x, y, z)/8.
func around(x, y, z uint16) simplex {
	const u, h = Unit / 8, Unit / 256
	return simplex{{x * u, y * u, z * u}, {x*u + h, y * u, z*u - h}, {x * u, y*u + h, z*u - h}}
}

// The child itself over single chains (cells of three equal corners): both
// ends are the margin I + 1 - tr pi itself, up to rounding.
func TestSelfMarginIsExactAtAPoint(t *testing.T) {
	at := func(a, b, c uint16) simplex {
		v := corner{a << 7, b << 7, c << 7}
		return simplex{v, v, v}
	}
	c := cell{rows: [maxTokens]simplex{at(64, 128, 64), at(32, 96, 128), at(128, 80, 48)}}
	var rows [][]float64
	for a := range c.rows {
		p := c.rows[a][0].point()
		rows = append(rows, p[:])
	}
	chain, err := markov.NewChain(rows)
	require.NoError(t, err)
	value, margin := marginOf(chain, competitor{}), selfMargin(&c)
	tolerance := marginError(chain)
	_, ok := interval.Intersect(margin, interval.Interval{Lo: value - tolerance, Hi: value + tolerance})
	require.True(t, ok, "%v misses %v", margin, value)
	// A middle that is a third of three rounded thirds, and the slopes and ratios
	// chosen there, are off by a few 2^-52, which the tangents square away; what is
	// left is under 200 outward roundings of numbers below 8.
	require.Less(t, margin.Width(), 200*8*0x1p-52)
}

// A margin is decided by the end of its enclosure that faces 0.
func TestProofsAreReadOffEnclosures(t *testing.T) {
	tiny := math.Nextafter(leastMargin, 0)
	for _, c := range []struct {
		margin interval.Interval
		want   proof
	}{
		{interval.Interval{Lo: 0.25, Hi: 0.5}, proof{verdict.Holds, 0.25}},
		{interval.Interval{Lo: leastMargin, Hi: 1}, proof{verdict.Holds, leastMargin}},
		{interval.Interval{Lo: tiny, Hi: 1}, undecided},
		{interval.Interval{Lo: -1, Hi: 0}, proof{verdict.Fails, 0}},
		{interval.Interval{Lo: -1, Hi: -0.5}, proof{verdict.Fails, -0.5}},
		{interval.Interval{Lo: -1, Hi: tiny}, undecided},
		{interval.Interval{Lo: math.NaN(), Hi: 1}, undecided},
		{interval.Interval{Lo: 1, Hi: math.NaN()}, undecided},
	} {
		require.Equal(t, c.want, read(c.margin), "%v", c.margin)
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
