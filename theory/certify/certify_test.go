package certify

import (
	"math"
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// regions are the questions that the tests below put, with room for a few
// thousand cells.
func regions(t *testing.T) []Region {
	var all []Region
	for _, f := range []graph.Forest{chainForest(t, 5), iclForest(t, 5), graph.Manual()} {
		for _, self := range []bool{false, true} {
			for _, orbit := range []bool{false, true} {
				all = append(all,
					Region{Forest: f, Tokens: 2, Self: self, Orbit: orbit, MinWidth: 0x1p-5, MaxCells: 4000},
					Region{Forest: f, Tokens: 3, Self: self, Orbit: orbit, MinWidth: 0x1p-8, MaxCells: 3000})
			}
		}
	}
	return all
}

func TestSharesAddUpToOneExactly(t *testing.T) {
	for _, r := range regions(t) {
		shares := map[verdict.Verdict]float64{}
		parts := 0
		m, err := Parts(r, func(p Part) {
			parts++
			shares[p.Verdict] += p.Volume
			requireCorners(t, r.Tokens, p)
		})
		require.NoError(t, err)
		require.Equal(t, 1.0, m.Certified+m.Refuted+m.Undecided, "%+v", r)
		for v, share := range map[verdict.Verdict]float64{verdict.Holds: m.Certified, verdict.Fails: m.Refuted, verdict.Undecided: m.Undecided} {
			require.Equal(t, share, shares[v], "%+v: %s", r, v)
		}
		require.LessOrEqual(t, m.Evaluated, r.MaxCells)
		require.Positive(t, m.Certified)
		if r.Tokens == 2 {
			require.Len(t, m.Cells, parts)
			requirePartition(t, m)
		}
	}
}

// The rectangles of a map are its parts, a = pi[0][1] across and b = pi[1][0] up.
func TestRectanglesAreTheParts(t *testing.T) {
	n := 0
	var parts []Part
	m, err := Parts(Region{Forest: chainForest(t, 4), Tokens: 2, Self: true, MinWidth: 0x1p-4, MaxCells: 33}, func(p Part) { parts = append(parts, p) })
	require.NoError(t, err)
	for i, p := range parts {
		a, b := p.Corners[0], p.Corners[1]
		require.Equal(t, Cell{Verdict: p.Verdict,
			A: [2]float64{float64(min(a[0][1], a[1][1])) / Unit, float64(max(a[0][1], a[1][1])) / Unit},
			B: [2]float64{float64(min(b[0][0], b[1][0])) / Unit, float64(max(b[0][0], b[1][0])) / Unit}}, m.Cells[i])
		if m.Cells[i].A != m.Cells[i].B {
			n++
		}
	}
	require.Positive(t, n, "some rectangles are not on the diagonal")
}

// requireCorners checks that the corners of a part are S probability rows for
// each row, exactly, and its bound that of its verdict.
func requireCorners(t *testing.T, tokens int, p Part) {
	require.Len(t, p.Corners, tokens)
	for _, corners := range p.Corners {
		require.Len(t, corners, tokens)
		for _, row := range corners {
			require.Len(t, row, tokens)
			sum := 0
			for _, v := range row {
				sum += v
			}
			require.Equal(t, Unit, sum)
		}
	}
	switch p.Verdict {
	case verdict.Holds:
		require.True(t, p.Bound == 0 || p.Bound >= leastMargin, "%v", p)
	case verdict.Fails:
		require.LessOrEqual(t, p.Bound, 0.0)
	default:
		require.Zero(t, p.Bound)
	}
}

// requirePartition checks that the rectangles of a map tile the square: the
// area is 1, and random points lie in exactly one of them.
func requirePartition(t *testing.T, m Map) {
	area := map[verdict.Verdict]float64{}
	for _, c := range m.Cells {
		area[c.Verdict] += (c.A[1] - c.A[0]) * (c.B[1] - c.B[0])
	}
	require.Equal(t, m.Certified, area[verdict.Holds])
	require.Equal(t, m.Refuted, area[verdict.Fails])
	require.Equal(t, m.Undecided, area[verdict.Undecided])
	s := stream.New(stream.Key{Seed: 6, Purpose: stream.Law})
	for range 20 {
		a, b, found := s.Open(), s.Open(), 0
		for _, c := range m.Cells {
			if c.A[0] < a && a < c.A[1] && c.B[0] < b && b < c.B[1] {
				found++
			}
		}
		require.Equal(t, 1, found, "(%v, %v)", a, b)
	}
}

// The oracle looks for a chain of a decided cell that contradicts its bound.
func TestSettledCellsHoldNoCounterexample(t *testing.T) {
	for _, r := range regions(t) {
		s := stream.New(stream.Key{Seed: 7, Purpose: stream.Law})
		settled, points := 0, 0
		_, err := certify(r, func(c *cell, p proof) {
			if p.verdict == verdict.Undecided {
				return
			}
			if settled++; settled%11 != 1 { // a sample of them
				return
			}
			chain, err := chainIn(c, r.Tokens, s)
			if err != nil {
				return // a reducible corner
			}
			value, tolerance, err := smallestMargin(r.Forest, chain, r.Self, r.Orbit)
			if err != nil {
				return // a reducible member of the orbit
			}
			points++
			switch {
			case p.verdict == verdict.Fails:
				require.LessOrEqual(t, value, p.bound+tolerance, "%+v: %v", r, chain.Rows())
			case r.Tokens == 2: // for S = 3 the bound is about the child itself alone
				require.GreaterOrEqual(t, value, p.bound-tolerance, "%+v: %v", r, chain.Rows())
			default:
				require.Greater(t, value, -tolerance, "%+v: %v", r, chain.Rows())
			}
		})
		require.NoError(t, err)
		require.Positive(t, points, "%+v", r)
	}
}

func verdictAt(m Map, a, b float64) verdict.Verdict {
	for _, c := range m.Cells {
		if c.A[0] <= a && a <= c.A[1] && c.B[0] <= b && b <= c.B[1] {
			return c.Verdict
		}
	}
	return ""
}

// With a = b (theory/README.md, section 4, A4) the self entry 1-2a exceeds the parent's (1-2a)^2
// for a < 1/2, and the parent wins for a > 1/2; without the self entry, and
// under a prior with constant mean, it always does.
func TestKnownPoints(t *testing.T) {
	r := Region{Forest: chainForest(t, 4), Tokens: 2, Self: true, MinWidth: 0x1p-6, MaxCells: 10000}
	m, err := Certify(r)
	require.NoError(t, err)
	require.Equal(t, verdict.Fails, verdictAt(m, 0.3, 0.3))
	require.Equal(t, verdict.Holds, verdictAt(m, 0.7, 0.7))
	for _, change := range []func(*Region){func(r *Region) { r.Self = false }, func(r *Region) { r.Orbit = true }} {
		q := r
		change(&q)
		m, err := Certify(q)
		require.NoError(t, err)
		require.Equal(t, verdict.Holds, verdictAt(m, 0.3, 0.3))
		require.Equal(t, verdict.Holds, verdictAt(m, 0.7, 0.7))
		require.Zero(t, m.Refuted)
	}
}

// On a + b = 1 the rows are equal and every signal is 0.
func TestRankOneIsNeverCertified(t *testing.T) {
	s := stream.New(stream.Key{Seed: 8, Purpose: stream.Law})
	row := make([]float64, 3)
	var equal []*markov.Chain
	for range 40 {
		s.Dirichlet(1, row)
		c, err := markov.NewChain([][]float64{row, row, row})
		require.NoError(t, err)
		equal = append(equal, c)
	}
	for _, r := range regions(t) {
		_, err := certify(r, func(c *cell, p proof) {
			if p.verdict != verdict.Holds {
				return
			}
			if r.Tokens == 2 {
				l := lambdaOver(c)
				require.False(t, l.Contains(0), "%+v: %v", r, c.rectangle(p.verdict))
				return
			}
			for _, chain := range equal {
				if c.holds(chain, 3) {
					require.Fail(t, "certified with equal rows", "%+v: %v", r, chain.Rows())
				}
			}
		})
		require.NoError(t, err)
	}
}

// What stays undecided for S = 2 can be counted. With n cells a side, cell
// (i, j) meets a + b = 1 for i+j = n-2 (a corner), n-1, n (a corner): 3n-2
// cells. Two more, at (0,0) and (1,1), meet |lambda| = 1, where a competitor at
// distance 3 ties. With the self entry a cell with lambda >= 0 is refuted, even
// on the line: n-1 of the 3n-2 go, and (0,0); 1-lambda has no sign problem left.
func TestUndecidedAreaIsTheCellsOnTheLine(t *testing.T) {
	const n = 1 << 7
	for _, c := range []struct {
		forest graph.Forest
		self   bool
		cells  int
	}{
		{chainForest(t, 6), false, 3*n - 2 + 2},
		{chainForest(t, 6), true, 3*n - 2 + 2 - n},
		{iclForest(t, 6), false, 3*n - 2},
		{iclForest(t, 6), true, 3*n - 2 - (n - 1)},
	} {
		m, err := Certify(Region{Forest: c.forest, Tokens: 2, Self: c.self, MinWidth: 1.0 / n, MaxCells: 1 << 20})
		require.NoError(t, err)
		require.Equal(t, float64(c.cells)/(n*n), m.Undecided)
	}
}

func TestMoreCellsDecideMore(t *testing.T) {
	r := Region{Forest: chainForest(t, 6), Tokens: 3, Self: true, MinWidth: 0x1p-8}
	var last Map
	for _, r.MaxCells = range []int{1, 100, 1000, 10000} {
		m, err := Certify(r)
		require.NoError(t, err)
		again, err := Certify(r)
		require.NoError(t, err)
		require.Equal(t, m, again)
		require.GreaterOrEqual(t, m.Certified, last.Certified)
		require.GreaterOrEqual(t, m.Refuted, last.Refuted)
		require.Equal(t, r.MaxCells, m.Evaluated)
		last = m
	}
	require.Positive(t, last.Refuted)
}

func TestBadRegions(t *testing.T) {
	good := Region{Forest: chainForest(t, 4), Tokens: 3, MinWidth: 0.25, MaxCells: 10}
	_, err := Certify(good)
	require.NoError(t, err)
	alone, err := graph.NewForest([]int{-1, 0})
	require.NoError(t, err)
	for want, spoil := range map[string]func(*Region){
		"tokens = 4":            func(r *Region) { r.Tokens = 4 },
		"minimum width = NaN":   func(r *Region) { r.MinWidth = math.NaN() },
		"minimum width = 0.001": func(r *Region) { r.MinWidth = 0.001 },
		"cells = 0":             func(r *Region) { r.MaxCells = 0 },
		"competes":              func(r *Region) { r.Forest = alone },
	} {
		r := good
		spoil(&r)
		_, err := Certify(r)
		require.ErrorContains(t, err, want)
	}
}
