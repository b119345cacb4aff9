package theorylaws

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"causalgrad/props"
	"causalgrad/props/oracle"
	"causalgrad/theory/certify"
	"causalgrad/theory/graph"
	"pgregory.net/rapid"
)

// inPart reports whether a chain of dyadic numbers lies in a part, ends
// included. All products are exact: at most 21 bits each.
func inPart(part certify.Part, rows [][]float64) bool {
	for a, corners := range part.Rows {
		if len(rows) == 2 {
			lo, hi := min(corners[0][0], corners[1][0]), max(corners[0][0], corners[1][0])
			if !(lo <= rows[a][0] && rows[a][0] <= hi) {
				return false
			}
			continue
		}
		// On the same side of the three edges.
		left, right := false, false
		for v := range 3 {
			side := turn(corners[v], corners[(v+1)%3], rows[a])
			left, right = left || side > 0, right || side < 0
		}
		if left && right {
			return false
		}
	}
	return true
}

// turn is twice the signed area of the triangle u, v, w in the plane of the
// first two entries.
func turn(u, v, w []float64) float64 {
	return (v[0]-u[0])*(w[1]-u[1]) - (v[1]-u[1])*(w[0]-u[0])
}

// ownVolume is a part's share of all chains, without its images.
func ownVolume(part certify.Part) float64 {
	volume := 1.0
	for _, corners := range part.Rows {
		if len(part.Rows) == 2 {
			volume *= math.Abs(corners[0][0] - corners[1][0])
		} else {
			volume *= math.Abs(turn(corners[0], corners[1], corners[2])) // all rows: 1
		}
	}
	return volume
}

// width is the largest range of an entry over the part.
func width(part certify.Part) float64 {
	widest := 0.0
	for _, corners := range part.Rows {
		for b := range part.Rows {
			lo, hi := 1.0, 0.0
			for _, corner := range corners {
				lo, hi = min(lo, corner[b]), max(hi, corner[b])
			}
			widest = max(widest, hi-lo)
		}
	}
	return widest
}

// verdictOf is the verdict of the part that contains a generic chain; "" where
// only its images do.
func (x region) verdictOf(chain [][]float64) certify.Verdict {
	for _, p := range x.parts {
		if inPart(p, chain) {
			return p.Verdict
		}
	}
	return ""
}

// drawGeneric draws a chain that lies on no part's boundary: its entries, and
// their sums and differences, are no multiples of 2^-15.
func drawGeneric(t *rapid.T, tokens int) [][]float64 {
	const steps = 1 << 18
	rows := make([][]float64, tokens)
	for a := range rows {
		x := rapid.IntRange(0, steps-2).Draw(t, "entry")
		first := float64(8*x+1) / (8 * steps)
		rows[a] = []float64{first, 1 - first}
		if tokens == 3 {
			second := float64(8*rapid.IntRange(0, steps-2-x).Draw(t, "entry")+2) / (8 * steps)
			rows[a] = []float64{first, second, 1 - first - second}
		}
	}
	return rows
}

// renamed is P^T rows P.
func renamed(rows [][]float64, order []int) [][]float64 {
	out := make([][]float64, len(rows))
	for a := range rows {
		for b := range rows {
			out[a] = append(out[a], rows[order[a]][order[b]])
		}
	}
	return out
}

// certifiedPartition: each part counts for its images too, volume/own of them.
// Over all renamings of a chain the images that contain it add up to one in
// each renaming's place.
func certifiedPartition(t *rapid.T, s props.Subject) {
	x := askRegion(t, s, drawRegion(t))
	shares := map[certify.Verdict]float64{} // only looked up
	for _, p := range x.parts {
		shares[p.Verdict] += p.Volume
	}
	// Dyadic numbers that add up to 1: nothing is rounded.
	props.Equal(t, x.Case, "certified, refuted and undecided shares", []float64{x.m.Certified, x.m.Refuted, x.m.Undecided},
		[]float64{shares[certify.Holds], shares[certify.Fails], shares[certify.Undecided]})
	props.Equal(t, x.Case, "sum of the shares", []float64{x.m.Certified + x.m.Refuted + x.m.Undecided}, []float64{1})
	orders := [][]int{{0, 1}}
	if x.Tokens == 3 {
		orders = oracle.Permutations(3)
	}
	chain, found := drawGeneric(t, x.Tokens), 0.0
	for _, order := range orders {
		for _, p := range x.parts {
			if inPart(p, renamed(chain, order)) {
				found += p.Volume / ownVolume(p)
			}
		}
	}
	props.Equal(t, x.Where("chain %v", chain), "images of parts that contain a chain and its renamings", []float64{found}, []float64{float64(len(orders))})
}

func certifiedMap(t *rapid.T, s props.Subject) {
	r := drawRegion(t)
	r.Tokens = 2
	r.Orbit = rapid.Bool().Draw(t, "orbit")
	x := askRegion(t, s, r)
	var want []certify.Cell
	for _, p := range x.parts {
		a, b := p.Rows[0], p.Rows[1] // a = pi[0][1], b = pi[1][0]
		want = append(want, certify.Cell{Verdict: p.Verdict,
			A: [2]float64{min(a[0][1], a[1][1]), max(a[0][1], a[1][1])}, B: [2]float64{min(b[0][0], b[1][0]), max(b[0][0], b[1][0])}})
	}
	props.Equal(t, x.Case, "cells", x.m.Cells, want)
	props.Equal(t, x.Case, "volume", []float64{x.parts[0].Volume}, []float64{(want[0].A[1] - want[0].A[0]) * (want[0].B[1] - want[0].B[0])})
	falls := slices.IsSortedFunc(x.parts, func(p, q certify.Part) int { return cmp.Compare(q.Volume, p.Volume) })
	props.Demand(t, x.Case, falls, "areas", "falling", fmt.Sprint(x.m.Cells))
	chain := drawGeneric(t, 2)
	x.verdictAt(t, chain[0][1], chain[1][0])
}

// verdictAt is the verdict of the one cell around a point on no boundary.
func (x region) verdictAt(t *rapid.T, a, b float64) certify.Verdict {
	var found []certify.Verdict
	for _, c := range x.m.Cells {
		if c.A[0] < a && a < c.A[1] && c.B[0] < b && b < c.B[1] {
			found = append(found, c.Verdict)
		}
	}
	props.Demand(t, x.Case, len(found) == 1, fmt.Sprintf("cells around (%v, %v)", a, b), "1", fmt.Sprint(len(found)))
	return found[0]
}

// certifiedEqualRows draws a chain of equal rows on the grid of the cells, so
// that corners of parts are among them.
func certifiedEqualRows(t *rapid.T, s props.Subject) {
	r := drawRegion(t)
	if !r.Direct {
		r.MaxCells, r.MinWidth = 3*r.MaxCells, 0x1p-8
	}
	if r.Tokens == 2 {
		r.Orbit = rapid.Bool().Draw(t, "orbit")
	}
	x := askRegion(t, s, r)
	first := rapid.IntRange(1, 62).Draw(t, "first")
	row := []float64{float64(first) / 64, 1 - float64(first)/64}
	if r.Tokens == 3 {
		second := rapid.IntRange(1, 63-first).Draw(t, "second")
		row = []float64{float64(first) / 64, float64(second) / 64, float64(64-first-second) / 64}
	}
	rows := make([][]float64, r.Tokens)
	for a := range rows {
		rows[a] = row
	}
	x.never(t, rows)
}

// never demands that no part with a chain, or a renaming of it, is certified.
func (x region) never(t *rapid.T, rows [][]float64) {
	for _, order := range oracle.Permutations(x.Tokens) {
		chain := renamed(rows, order)
		for _, p := range x.parts {
			if p.Verdict == certify.Holds && inPart(p, chain) {
				props.Demand(t, x.Where("chain %v", chain), false, "verdict", "not certified", fmt.Sprint(p))
			}
		}
	}
}

// certifiedCycle: on the cycle of S tokens S steps change nothing, so S positions
// above the parent the signal is the parent's.
func certifiedCycle(t *rapid.T, s props.Subject) {
	r := drawRegion(t)
	f, err := graph.Chain(rapid.IntRange(6, 7).Draw(t, "length"))
	props.Demand(t, regionCase(r), err == nil, "chain", "a forest", fmt.Sprint(err))
	r.Forest, r.MinWidth, r.MaxCells = f, 0x1p-8, r.MaxCells+50
	rows := [][]float64{{0, 1}, {1, 0}}
	if r.Tokens == 3 {
		rows = [][]float64{{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}
		if !r.Direct {
			r.MaxCells += 500
		}
	}
	askRegion(t, s, r).never(t, rows)
}
