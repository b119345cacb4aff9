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
			first, _ := c.split(0, tokens)
			for row != 1 { // rows 1 and 2 are untouched
				row, width = first.widestRow(tokens)
				first, _ = first.split(row, tokens)
			}
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
