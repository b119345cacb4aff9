package certify

import (
	"causalgrad/theory/interval"
	"causalgrad/theory/verdict"
)

// proof is what is known of the margin over a cell: a verdict and its bound (see Part).
type proof struct {
	verdict verdict.Verdict
	bound   float64
}

// undecided is the proof of nothing.
var undecided = proof{verdict: verdict.Undecided}

// leastMargin is the smallest lower bound that counts as positive. It leaves
// room to write a bound down as an integer over a power of two.
const leastMargin = 0x1p-32

// read reads a proof off an enclosure of the margin.
func read(margin interval.Interval) proof {
	switch {
	case margin.Positive() && margin.Lo >= leastMargin:
		return proof{verdict.Holds, margin.Lo}
	case margin.NotPositive():
		return proof{verdict.Fails, margin.Hi}
	}
	return undecided
}

// prover proves what it can of the margin over a cell.
type prover func(*cell) proof

// newProver chooses the bounds for a region. Among three tokens the child itself
// and the earlier positions are competitors of different kinds, and the margin
// against the child alone can be refuted.
func newProver(r Region) prover {
	all := competitors(r.Forest, r.Self)
	switch {
	case r.Tokens == 2:
		return func(c *cell) proof { return twoTokens(c, all, r.Orbit) }
	case r.Orbit:
		// In the mean over an orbit the child itself has signal 0 (E tr pi = 1) and
		// its margin is the mean of the members' information of parent and child,
		// positive where rows differ. The members have the same rows in other orders.
		earlier := len(all) > 1 || all[0] != competitor{}
		return func(c *cell) proof { return positive(rowsDiffer(c) && (!earlier || rowsOverlap(c))) }
	case !r.Self:
		return func(c *cell) proof { return positive(rowsDiffer(c) && rowsOverlap(c)) }
	case len(all) == 1:
		return func(c *cell) proof { return read(selfMargin(c)) }
	}
	return func(c *cell) proof {
		p := read(selfMargin(c))
		if p.verdict == verdict.Holds && !(rowsDiffer(c) && rowsOverlap(c)) {
			return undecided
		}
		return p
	}
}

// positive is a proof without a number.
func positive(proved bool) proof {
	if proved {
		return proof{verdict: verdict.Holds}
	}
	return undecided
}
