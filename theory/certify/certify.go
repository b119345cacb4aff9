// Package certify proves on which part of the set of all chains the signal of
// a forest singles out the parent: on which pi the margin, the parent's signal
// minus the largest competing one, is positive (theory.md section 3, facts 2
// to 6; theorems.md L2 and A4). S = 2 is the square of (a, b) with
// pi = [[1-a, a], [b, 1-b]]; S = 3 is a product of three triangles.
//
// It subdivides the chains into cells with exact corners and encloses the
// margin over each cell by outward-rounded intervals. A verdict is a proof for
// every irreducible chain of the closed cell (at reducible ones the signal
// divides by 0). It never samples, never reads a clock, and never takes what
// an interval cannot decide for anything but undecided.
package certify

import (
	"fmt"

	"causalgrad/theory/graph"
)

// Verdict says what is proved of a cell.
type Verdict string

// The verdicts.
const (
	Holds     Verdict = "holds"     // the margin is positive at every chain
	Fails     Verdict = "fails"     // the margin is at most 0 at every chain
	Undecided Verdict = "undecided" // neither was proved
)

// Region asks a question about the chains.
type Region struct {
	Forest graph.Forest
	Tokens int  // S, 2 or 3
	Self   bool // the child itself competes too (k <= i); without it positions k < i do
	// Orbit asks about the mean signal over the orbit of the chain, all
	// P_sigma^T pi P_tau: the prior of condition A4. A verdict is then about the
	// chains with an irreducible orbit.
	Orbit bool
	// Direct uses nothing but enclosures of the margin itself. Otherwise S = 2
	// uses its closed form, and for S = 3 law L2 settles competitors k < i.
	Direct   bool
	MinWidth float64 // undecided cells are halved while an entry's range in them is wider than this
	MaxCells int     // cells evaluated at most; the rest stays undecided
}

// Cell is a rectangle of chains for S = 2: its ranges of a = pi[0][1] and
// b = pi[1][0].
type Cell struct {
	A       [2]float64 `json:"a"`
	B       [2]float64 `json:"b"`
	Verdict Verdict    `json:"verdict"`
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

// Bounds on a Region.
const (
	minWidthTwo    = 0x1p-14 // S = 2: corners stay multiples of 1/unit
	minWidthThree  = 0x1p-8  // S = 3: volumes stay multiples of 2^-52
	maxCells       = 1 << 23 // 64 bytes each
	maxCompetitors = 400     // classes, with Direct: each costs matrix products on every cell
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
	if r.MaxCells < 1 || r.MaxCells > maxCells {
		return fmt.Errorf("region: cells = %d, want 1 to %d", r.MaxCells, maxCells)
	}
	n := len(competitors(r.Forest, r.Self))
	if n == 0 {
		return fmt.Errorf("region: forest %s has no position that competes with a parent, want at least one", r.Forest)
	}
	if r.Direct && n > maxCompetitors {
		return fmt.Errorf("region: forest has %d classes of competitors, want at most %d for direct enclosure", n, maxCompetitors)
	}
	return nil
}

// Certify answers the question of r. Cells are taken largest first, so a
// smaller budget gives a coarser map of all chains; the answer is a function
// of r alone. A region that is out of bounds is an error.
func Certify(r Region) (Map, error) {
	return certify(r, func(*cell, Verdict) {})
}

// certify calls settled with every cell of the final partition.
func certify(r Region, settled func(*cell, Verdict)) (Map, error) {
	if err := r.validate(); err != nil {
		return Map{}, err
	}
	var m Map
	settle := func(c *cell, v Verdict) {
		switch v {
		case Holds:
			m.Certified += c.volume
		case Fails:
			m.Refuted += c.volume
		default:
			m.Undecided += c.volume
		}
		if r.Tokens == 2 {
			m.Cells = append(m.Cells, c.rectangle(v))
		}
		settled(c, v)
	}
	p := newProver(r)
	queue := startingCells(r.Tokens)
	for len(queue) > 0 && m.Evaluated < r.MaxCells {
		c := queue[0]
		queue = queue[1:]
		m.Evaluated++
		verdict, err := p.decide(&c)
		if err != nil {
			return Map{}, fmt.Errorf("certify: %w", err)
		}
		if row, width := c.widestRow(r.Tokens); verdict == Undecided && width > r.MinWidth {
			first, second := c.split(row, r.Tokens)
			queue = append(queue, first, second)
			continue
		}
		settle(&c, verdict)
	}
	for i := range queue {
		settle(&queue[i], Undecided)
	}
	return m, nil
}

// rectangle is a cell of S = 2 as the caller sees it.
func (c *cell) rectangle(v Verdict) Cell {
	aLo, aHi := c.rows[0].along(1, 1, 2)
	bLo, bHi := c.rows[1].along(0, 0, 2)
	return Cell{
		A:       [2]float64{float64(aLo) / unit, float64(aHi) / unit},
		B:       [2]float64{float64(bLo) / unit, float64(bHi) / unit},
		Verdict: v,
	}
}
