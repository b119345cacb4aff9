// Package certify proves on which part of the set of all chains the signal of
// a forest singles out the parent: on which pi the margin, the parent's signal
// minus the largest competing one, is positive (theory/README.md, section 3,
// facts 2 to 6, and section 11). S = 2 is the square of (a, b) with
// pi = [[1-a, a], [b, 1-b]]; S = 3 is a product of three triangles.
//
// It subdivides the chains into cells with exact corners and bounds the margin
// over each cell by outward-rounded intervals. A verdict is a proof for every
// irreducible chain of the closed cell (at reducible ones the signal divides by
// 0); package certificate checks it by other means. It never samples, never
// reads a clock, and never takes what an interval cannot decide for anything
// but undecided.
package certify

import (
	"fmt"

	"causalgrad/theory/graph"
	"causalgrad/theory/verdict"
)

// Region asks a question about the chains.
type Region struct {
	Forest graph.Forest
	Tokens int  // S, 2 or 3
	Self   bool // the child itself competes too (k <= i); without it positions k < i do
	// Orbit asks about the mean signal over the orbit of the chain, all
	// P_sigma^T pi P_tau: the prior of condition A4. A verdict is then about the
	// chains with an irreducible orbit.
	Orbit    bool
	MinWidth float64 // undecided cells are halved while an entry's range in them is wider than this
	MaxCells int     // cells evaluated at most; the rest stays undecided
}

// Cell is a rectangle of chains for S = 2: its ranges of a = pi[0][1] and
// b = pi[1][0]. Its verdict is Holds where the margin is positive at every
// chain, Fails where it is positive at none, and else Undecided.
type Cell struct {
	A       [2]float64      `json:"a"`
	B       [2]float64      `json:"b"`
	Verdict verdict.Verdict `json:"verdict"`
}

// Map is the answer. The three shares of the volume of all chains are exact
// dyadic numbers and add up to 1 without rounding.
type Map struct {
	Cells     []Cell  `json:"cells,omitempty"` // a partition, by decreasing area; S = 2 only
	Certified float64 `json:"certified"`
	Refuted   float64 `json:"refuted"`
	Undecided float64 `json:"undecided"`
	Evaluated int     `json:"evaluated"` // cells evaluated
}

// Part is one piece of the partition that a map is made from.
type Part struct {
	// Corners holds the corners of each row's set of values, [row][corner][token],
	// S x S x S, in multiples of 1/Unit: an interval's ends for S = 2, a triangle's
	// corners for S = 3. The part is the product of the rows' sets, ends included.
	Corners [][][]int
	// Volume is the share of all chains that the part stands for. For S = 3 that
	// is the part and its images under the renamings of the tokens.
	Volume  float64
	Verdict verdict.Verdict
	// Bound is what the margin is proved to be at least (Holds) or at most
	// (Fails). For S = 3 it is the margin against the child itself, and 0 where
	// only earlier positions compete or the mean over an orbit is asked for: the
	// margin is then proved positive, without a number.
	Bound float64
}

// Bounds on a Region; MostCells is that of its MaxCells.
const (
	minWidthTwo   = 0x1p-14 // S = 2: corners stay multiples of 1/Unit
	minWidthThree = 0x1p-8  // S = 3: volumes stay multiples of 2^-52
	MostCells     = 1 << 23 // 64 bytes each
)

func (r Region) validate() error {
	if r.Tokens != 2 && r.Tokens != 3 {
		return fmt.Errorf("region: tokens = %d, want 2 or 3", r.Tokens)
	}
	least := minWidthTwo
	if r.Tokens == 3 {
		least = minWidthThree
	}
	if !(r.MinWidth >= least && r.MinWidth <= 1) {
		return fmt.Errorf("region: minimum width = %v, want %v to 1 for %d tokens", r.MinWidth, least, r.Tokens)
	}
	if r.MaxCells < 1 || r.MaxCells > MostCells {
		return fmt.Errorf("region: cells = %d, want 1 to %d", r.MaxCells, MostCells)
	}
	if len(competitors(r.Forest, r.Self)) == 0 {
		return fmt.Errorf("region: forest %s has no position that competes with a parent, want at least one", r.Forest)
	}
	return nil
}

// Certify answers the question of r. Cells are taken largest first, so a
// smaller budget gives a coarser map of all chains; the answer is a function
// of r alone. A region that is out of bounds is an error.
func Certify(r Region) (Map, error) { return Parts(r, func(Part) {}) }

// Parts answers as Certify does and calls settled with every part of the
// partition, whose volumes add up to 1: up to a renaming of the tokens (S = 3)
// every chain lies in one of them.
func Parts(r Region, settled func(Part)) (Map, error) {
	return certify(r, func(c *cell, p proof) {
		part := Part{Volume: c.volume, Verdict: p.verdict, Bound: p.bound}
		for a := range r.Tokens {
			corners := make([][]int, r.Tokens)
			for v := range corners {
				for b := range r.Tokens {
					corners[v] = append(corners[v], int(c.rows[a][v][b]))
				}
			}
			part.Corners = append(part.Corners, corners)
		}
		settled(part)
	})
}

// certify calls settled with every cell of the final partition.
func certify(r Region, settled func(*cell, proof)) (Map, error) {
	if err := r.validate(); err != nil {
		return Map{}, err
	}
	var m Map
	settle := func(c *cell, p proof) {
		switch p.verdict {
		case verdict.Holds:
			m.Certified += c.volume
		case verdict.Fails:
			m.Refuted += c.volume
		default:
			m.Undecided += c.volume
		}
		if r.Tokens == 2 {
			m.Cells = append(m.Cells, c.rectangle(p.verdict))
		}
		settled(c, p)
	}
	bound := newProver(r)
	queue := startingCells(r.Tokens)
	for len(queue) > 0 && m.Evaluated < r.MaxCells {
		c := queue[0]
		queue = queue[1:]
		m.Evaluated++
		p := bound(&c)
		if row, width := c.widestRow(r.Tokens); p.verdict == verdict.Undecided && width > r.MinWidth {
			first, second := c.split(row, r.Tokens)
			queue = append(queue, first, second)
			continue
		}
		settle(&c, p)
	}
	for i := range queue {
		settle(&queue[i], undecided)
	}
	return m, nil
}

// rectangle is a cell of S = 2 as the caller sees it.
func (c *cell) rectangle(v verdict.Verdict) Cell {
	aLo, aHi := c.rows[0].along(1, 1, 2)
	bLo, bHi := c.rows[1].along(0, 0, 2)
	return Cell{
		A:       [2]float64{float64(aLo) / Unit, float64(aHi) / Unit},
		B:       [2]float64{float64(bLo) / Unit, float64(bHi) / Unit},
		Verdict: v,
	}
}
