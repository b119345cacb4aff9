package certify

import (
	"causalgrad/theory/interval"
)

// informationMargin bounds from below every margin of a chain of the cell
// against positions other than the child itself, by law L2: margin >=
// (1 - rho) I, with I the chi-square information of parent and child and rho
// the maximal correlation of the parent and the competitor.
//
// The path between these two has at least one edge, so rho is at most the
// maximal correlation of one edge, whose square is at most the Dobrushin
// coefficient: the largest distance in total variation of two rows, a convex
// function of them, largest at corners. For I, with Var the variance under mu,
//
//	I = sum_b Var(pi[.][b]) / mu[b] >= sum_b Var(pi[.][b])
//	  >= mu[a] mu[c] sum_b (pi[a][b] - pi[c][b])^2   for any rows a, c.
//
// It is positive for cells clear of the chains with equal rows, where the
// margin is 0, and of those with two rows of disjoint support.
func (p *prover) informationMargin(c *cell) interval.Interval {
	reach := rangesOver(p.trees, c.corners(p.tokens))
	best, contraction := interval.Point(0), 0
	for a := range p.tokens {
		for b := range a {
			contraction = max(contraction, largestDistance(&c.rows[a], &c.rows[b], p.tokens))
			apart := separation(&c.rows[a], &c.rows[b], p.tokens)
			bound := interval.Mul(interval.Mul(reach.stationary[a], reach.stationary[b]), interval.Point(apart))
			if bound.Lo > best.Lo {
				best = bound
			}
		}
	}
	// Twice the total variation is a sum of S multiples of 1/unit.
	dobrushin := interval.Point(float64(contraction) / (2 * unit))
	return interval.Mul(interval.Sub(interval.Point(1), interval.Sqrt(dobrushin)), best)
}

// largestDistance is twice the largest total variation distance of a row of s
// and a row of t, in units.
func largestDistance(s, t *simplex, tokens int) int {
	largest := 0
	for v := range tokens {
		for w := range tokens {
			sum := 0
			for b := range tokens {
				d := int(s[v][b]) - int(t[w][b])
				sum += max(d, -d)
			}
			largest = max(largest, sum)
		}
	}
	return largest
}

// separation bounds sum_b (x[b] - y[b])^2 from below for x in s and y in t, by
// the gap between the ranges of a linear function u: the sum is at least
// (u.x - u.y)^2 / |u|^2. The edges of every cell are level sets of an entry or
// of a difference of two, so for two disjoint triangles one of these u sees a
// gap. The result is exact: a square of an integer below 2^17, over 2 unit^2.
func separation(s, t *simplex, tokens int) float64 {
	largest := 0 // twice the square, in units
	for b := range tokens {
		for c := b; c < tokens; c++ {
			gap := gapAlong(s, t, b, c, tokens)
			if b == c {
				gap = 2 * gap * gap
			} else {
				gap *= gap
			}
			largest = max(largest, gap)
		}
	}
	return float64(largest) / (2 * unit * unit)
}

// gapAlong is the distance between the ranges of entry b (b = c) or of entry b
// minus entry c over s and over t; 0 if they meet.
func gapAlong(s, t *simplex, b, c, tokens int) int {
	along := func(s *simplex) (lo, hi int) {
		for v := range tokens {
			u := int(s[v][b])
			if b != c {
				u -= int(s[v][c])
			}
			if v == 0 {
				lo, hi = u, u
			}
			lo, hi = min(lo, u), max(hi, u)
		}
		return lo, hi
	}
	sLo, sHi := along(s)
	tLo, tHi := along(t)
	return max(0, sLo-tHi, tLo-sHi)
}
