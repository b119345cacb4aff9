package certify

import "causalgrad/theory/interval"

// prover encloses the margin of a region's forest over cells.
type prover struct {
	tokens      int
	orbit       bool
	trees       [][]tree
	orders      [][]int // row permutations that make an orbit, up to a renaming of the tokens
	competitors []competitor
	bounds      []bound
}

// bound says what is proved, over a cell, of the margin against some of the
// competitors.
type bound func(*cell) (Verdict, error)

// newProver chooses the bounds for a region, the only one that can refute first.
func newProver(r Region) *prover {
	p := &prover{tokens: r.Tokens, orbit: r.Orbit, trees: spanningTrees(r.Tokens)}
	p.orders = rowOrders(r.Tokens, r.Orbit)
	p.competitors = competitors(r.Forest, r.Self)
	switch {
	case r.Direct:
		p.bounds = []bound{p.directVerdict}
	case r.Tokens == 2:
		p.bounds = []bound{p.twoTokenVerdict}
	case r.Orbit:
		// In the mean over an orbit the child itself has signal 0 (E tr pi = 1), so
		// its margin is the mean of I, which is no less than that of (1 - rho) I.
		p.bounds = []bound{p.informationVerdict}
	default:
		if r.Self {
			p.bounds = append(p.bounds, p.selfVerdict)
		}
		if len(p.competitors) > len(p.bounds) {
			p.bounds = append(p.bounds, p.informationVerdict)
		}
	}
	return p
}

// rowOrders lists permutations of the rows, the identity first: all of them
// for an orbit, whose remaining permutations rename tokens and change no
// margin (fact 8).
func rowOrders(tokens int, orbit bool) [][]int {
	switch {
	case !orbit && tokens == 2:
		return [][]int{{0, 1}}
	case !orbit:
		return [][]int{{0, 1, 2}}
	case tokens == 2:
		return [][]int{{0, 1}, {1, 0}}
	}
	return [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}
}

// decide combines the bounds: all must hold, and one failure refutes.
func (p *prover) decide(c *cell) (Verdict, error) {
	for _, bound := range p.bounds {
		if v, err := bound(c); err != nil || v != Holds {
			return v, err
		}
	}
	return Holds, nil
}

// verdictOf reads a verdict off an enclosure.
func verdictOf(margin interval.Interval) Verdict {
	switch {
	case margin.Positive():
		return Holds
	case margin.NotPositive():
		return Fails
	}
	return Undecided
}
