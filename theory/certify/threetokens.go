package certify

import (
	"math"

	"causalgrad/theory/interval"
)

// selfMargin encloses the margin against the child itself over a cell of
// S = 3, from the cell's corners alone. With tau as in treeWeight the margin is
//
//	I + 1 - tr(pi) = sum_a (z[a]^2 - z[a]) + sum_(a < b) T[a][b],   z[a] = pi[a][a],
//	T[a][b] = (tau[a] x^2)/tau[b] + (tau[b] y^2)/tau[a],            x = pi[a][b], y = pi[b][a],
//
// and tau[a] is affine in every single row and free of row a. A function of all
// three rows that is concave in each row alone is smallest at a choice of one
// corner for each row, and one that is convex in each row alone largest. Below
// and above the margin lies one such function; each is a single function of
// the three rows, so that nothing is minimised twice at different chains.
//
// Below: z^2 >= z0 (2 z - z0), and for all numbers s, t and k > 0
//
//	T[a][b] >= tau[a] (2 s x - s^2 tau[b]) + tau[b] (2 t y - t^2 tau[a])
//	        >= 2 s x tau[a] + 2 t y tau[b] - (s^2 + t^2) (k tau[a] + tau[b]/k)^2 / 4.
//
// The first step drops tau[a]/tau[b] (x - s tau[b])^2 and its mirror image, the
// second is the inequality of the means for k tau[a] and tau[b]/k. In row a (of
// which x and tau[b] are affine functions, y and tau[a] none), in row b and in
// the third row the result is an affine function minus the square of one, hence
// concave.
//
// Above: T[a][b] is convex in row a, a square over an affine function plus an
// affine function, and so it is in row b. In the third row r only the ratio
// tau[a]/tau[b] moves. It is a quotient of affine functions, hence between its
// values at the corners of row r; T[a][b] is convex in the ratio, hence at most
// its largest value at the corners of row r, and that maximum is convex in rows
// a and b. Where tau[b] = 0 at a corner, the first term of T[a][b] counts as x,
// which it never exceeds (tau[a] x <= tau[b]); the statement then holds for the
// irreducible chains.
func selfMargin(c *cell) interval.Interval {
	k := newCorners(c)
	var pairs [3]pair
	var above [3][3][3]interval.Interval
	for r := range pairs {
		pairs[r] = k.pair((r+1)%3, (r+2)%3)
		above[r] = k.above((r+1)%3, (r+2)%3)
	}
	margin := interval.Interval{Lo: math.Inf(1), Hi: math.Inf(-1)}
	for i := range 27 {
		v := [3]int{i / 9, i / 3 % 3, i % 3}
		below, most := interval.Point(0), interval.Point(0)
		for r := range 3 {
			a, b := (r+1)%3, (r+2)%3
			below = interval.Add(below, k.below[r][v[r]])
			below = interval.Add(below, pairs[r].below(k.rows[a][v[a]][b], k.rows[b][v[b]][a], k.tau[a][v[b]][v[r]], k.tau[b][v[r]][v[a]]))
			most = interval.Add(most, k.square[r][v[r]])
			most = interval.Add(most, above[r][v[a]][v[b]])
		}
		margin = interval.Interval{Lo: min(margin.Lo, below.Lo), Hi: max(margin.Hi, most.Hi)}
	}
	return margin
}

// threeCorners holds what the bounds need of a cell's corners.
type threeCorners struct {
	rows          [3][3]point             // [row][corner]
	tau           [3][3][3]float64        // tau[a] at corners of rows a+1 and a+2 (mod 3), exact
	middle        [3]point                // a row inside each simplex, up to rounding
	middleTau     [3]float64              // tau there, up to rounding
	below, square [3][3]interval.Interval // [row][corner]: the tangent's and the true value of z^2 - z
}

func newCorners(c *cell) *threeCorners {
	k := new(threeCorners)
	for a := range 3 {
		for v := range 3 {
			k.rows[a][v] = c.rows[a][v].point()
			for b := range 3 {
				k.middle[a][b] += k.rows[a][v][b] / 3
			}
		}
	}
	for a := range 3 {
		k.middleTau[a] = treeWeight(a, &k.middle)
		var pi [3]point
		for v, row := range k.rows[(a+1)%3] {
			for w, next := range k.rows[(a+2)%3] {
				pi[(a+1)%3], pi[(a+2)%3] = row, next
				k.tau[a][v][w] = treeWeight(a, &pi)
			}
		}
		middle := interval.Point(k.middle[a][a])
		for v, row := range k.rows[a] {
			z := interval.Point(row[a])
			tangent := interval.Mul(middle, interval.Sub(interval.Add(z, z), middle))
			k.below[a][v] = interval.Sub(tangent, z)
			k.square[a][v] = interval.Sub(interval.Sqr(z), z)
		}
	}
	return k
}

// pair holds the numbers of the lower bound of T[a][b]: 2s, 2t, k, 1/k and
// (s^2 + t^2)/4.
type pair struct{ doubleS, doubleT, k, inverse, quarter interval.Interval }

// pair chooses s = x/tau[b], t = y/tau[a] and k^2 = tau[b]/tau[a] in the middle
// of the cell, where the lower bound is T[a][b] itself. Any choice is sound. In the
// middle of a triangle every entry is positive, and so is every tau.
func (c *threeCorners) pair(a, b int) pair {
	s, t := c.middle[a][b]/c.middleTau[b], c.middle[b][a]/c.middleTau[a]
	k := interval.Point(math.Sqrt(c.middleTau[b] / c.middleTau[a]))
	square := interval.Add(interval.Sqr(interval.Point(s)), interval.Sqr(interval.Point(t)))
	return pair{interval.Point(2 * s), interval.Point(2 * t), k, interval.Div(interval.Point(1), k), interval.Mul(interval.Point(0.25), square)}
}

// below bounds T[a][b] at corners; only its lower end means anything.
func (p pair) below(x, y, tauA, tauB float64) interval.Interval {
	a, b := interval.Point(tauA), interval.Point(tauB)
	mean := interval.Add(interval.Mul(p.k, a), interval.Mul(p.inverse, b))
	first := interval.Mul(interval.Mul(p.doubleS, interval.Point(x)), a)
	second := interval.Mul(interval.Mul(p.doubleT, interval.Point(y)), b)
	return interval.Sub(interval.Add(first, second), interval.Mul(p.quarter, interval.Sqr(mean)))
}

// above bounds T[a][b] over row r for corners of rows a = r+1 and b = r+2 (mod
// 3); only the upper ends mean anything.
func (c *threeCorners) above(a, b int) (bounds [3][3]interval.Interval) {
	for v := range 3 {
		for w := range 3 {
			for u := range 3 {
				tauA, tauB := c.tau[a][w][u], c.tau[b][u][v]
				sum := interval.Add(ratioTerm(c.rows[a][v][b], tauA, tauB), ratioTerm(c.rows[b][w][a], tauB, tauA))
				if u == 0 {
					bounds[v][w] = sum
				}
				bounds[v][w] = interval.Hull(bounds[v][w], sum)
			}
		}
	}
	return bounds
}

// ratioTerm is tauA x^2 / tauB.
func ratioTerm(x, tauA, tauB float64) interval.Interval {
	if tauB == 0 {
		return interval.Point(x)
	}
	// Corners are multiples of 2^-8 (minWidthThree), so the numerator is one of
	// 2^-32 up to 1: exact, and the quotient rounds once.
	q := float64(tauA*float64(x*x)) / tauB
	return interval.Nearest(q, q)
}

// treeWeight is tau[a], the sum over the spanning trees that lead to a of the
// product of their entries; mu is proportional to it (the Markov chain tree
// theorem). At corners it is computed without rounding: a sum of products of two
// multiples of 1/Unit, so below 2^53 in multiples of 1/Unit^2.
func treeWeight(a int, pi *[3]point) float64 {
	b, c := (a+1)%3, (a+2)%3
	return float64(pi[b][a]*pi[c][a]) + float64(pi[b][a]*pi[c][b]) + float64(pi[b][c]*pi[c][a])
}
