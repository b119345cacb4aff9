package certificate

import (
	"fmt"
	"math/big"
	"slices"

	"causalgrad/theory/graph"
	"causalgrad/theory/verdict"
)

// For S = 2 the signal at distance d from the child is l^(d+1), with
// l = 1 - pi[0][1] - pi[1][0] the second eigenvalue: l^2 for the parent, l for the child
// itself; across trees it is 0. In the mean over an orbit l and -l are equally
// frequent: l^2 for the parent, l^(d+1) at odd d, else 0. A margin is therefore
//
//	l^2 - l,   l^2,   or   l^2 - l^(d+1) with d >= 2,
//
// and over an interval without 0 inside each is least at an end, unless it is
// negative there: the first is negative on positive l and falls on negative l; the
// last is even (d odd) or, on negative l, monotone (d even), and on positive l its
// derivative l (2 - (d+1) l^(d-1)) changes sign once, from plus to minus. At 0 all
// are 0.

// margins lists the exponents of the competing signals, 0 for none.
func margins(f graph.Forest, q Question) []int {
	occurs := map[int]bool{} // read out sorted by size
	most := 0
	add := func(exponent int) {
		if q.Orbit && exponent%2 == 1 {
			exponent = 0
		}
		occurs[exponent] = true
		most = max(most, exponent)
	}
	for _, e := range f.Edges() {
		for k := range e.Child {
			if k == e.Parent {
				continue
			}
			if d, ok := f.Distance(e.Child, k); ok {
				add(d + 1)
			} else {
				add(0)
			}
		}
		if q.Self {
			add(1)
		}
	}
	var all []int
	for exponent := range most + 1 {
		if occurs[exponent] {
			all = append(all, exponent)
		}
	}
	return all
}

// marginAt is l^2 - l^exponent, or l^2 for exponent 0.
func marginAt(l *big.Rat, exponent int) *big.Rat {
	margin := product(l, l)
	if exponent == 0 {
		return margin
	}
	power := func(x *big.Int) *big.Int { return new(big.Int).Exp(x, big.NewInt(int64(exponent)), nil) }
	return margin.Sub(margin, new(big.Rat).SetFrac(power(l.Num()), power(l.Denom())))
}

// checkTwo proves what a cell of S = 2 says, or names an eigenvalue of it for which
// it is false.
func checkTwo(cell *Cell, denominator int64, exponents []int) error {
	a, b := cell.Rows[0], cell.Rows[1]
	lo := big.NewRat(denominator-max(a[0][1], a[1][1])-max(b[0][0], b[1][0]), denominator)
	hi := big.NewRat(denominator-min(a[0][1], a[1][1])-min(b[0][0], b[1][0]), denominator)
	bound := big.NewRat(cell.Bound, BoundDenominator)
	if cell.Verdict == verdict.Fails {
		// The smallest margin is at most every one of them, and l^2 - l is convex.
		if slices.Contains(exponents, 1) {
			least := marginAt(lo, 1)
			if other := marginAt(hi, 1); other.Cmp(least) > 0 {
				least = other
			}
			if least.Cmp(bound) <= 0 {
				return nil
			}
		}
		return fmt.Errorf("no competitor's signal is the parent's or more at every second eigenvalue from %s to %s", decimal(lo), decimal(hi))
	}
	at := []*big.Rat{lo, hi}
	if lo.Sign() < 0 && hi.Sign() > 0 {
		at = append(at, new(big.Rat))
	}
	for _, exponent := range exponents {
		for _, l := range at {
			if margin := marginAt(l, exponent); margin.Cmp(bound) < 0 {
				return fmt.Errorf("the chains with second eigenvalue %s have margin %s", decimal(l), decimal(margin))
			}
		}
	}
	return nil
}
