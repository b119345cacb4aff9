package certify

import (
	"causalgrad/theory/interval"
)

// selfVerdict settles the child itself as a competitor for S = 3.
func (p *prover) selfVerdict(c *cell) (Verdict, error) {
	return verdictOf(p.selfMargin(c)), nil
}

// selfMargin encloses the margin against the child itself over a
// cell of S = 3, from the cell's corners alone. With tau as in rangesOver the
// margin is
//
//	I + 1 - tr(pi) = sum_a (pi[a][a]^2 - pi[a][a]) + sum_(a != b) T[a][b],
//	T[a][b] = tau[a] pi[a][b]^2 / tau[b],
//
// and tau[a] is affine in every single row and free of row a. A function that
// is convex in each row alone is largest at corners, and one that is concave
// in each row alone smallest; so we bound the margin by two such functions.
//
// Above: T[a][b] is convex in row a (a square over an affine function) and
// affine in row b. In the third row r the ratio tau[a]/tau[b] is monotone
// along lines and T[a][b] + T[b][a] convex in that ratio, so this sum is at
// most its maximum over the corners of row r, which is convex in rows a and b.
//
// Below: z^2 >= 2 z z0 - z0^2 on the diagonal, and for every number s
// T[a][b] >= tau[a] (2 s pi[a][b] - s^2 tau[b]), as the difference is
// tau[a]/tau[b] (pi[a][b] - s tau[b])^2. At a corner of row r that is affine in
// row a and in row b; T[a][b] is a mean of its values at the corners of row r
// (rangesOver) and at least the smallest, which is concave in rows a and b.
//
// Where tau[b] = 0 at a corner, T[a][b] counts as pi[a][b], which it never
// exceeds (tau[a] pi[a][b] <= tau[b]), and the statements hold for the
// irreducible chains.
func (p *prover) selfMargin(c *cell) interval.Interval {
	k := newCorners(c, p.trees)
	var pairs [3]pairBounds
	for r := range pairs {
		pairs[r] = k.pair(r)
	}
	var margin interval.Interval
	for i := range 27 {
		v := [3]int{i / 9, i / 3 % 3, i % 3}
		sum := interval.Point(0)
		for r := range 3 {
			sum = interval.Add(sum, k.diagonal[r][v[r]])
			sum = interval.Add(sum, pairs[r][v[(r+1)%3]][v[(r+2)%3]])
		}
		if i == 0 {
			margin = sum
		}
		margin = interval.Hull(margin, sum)
	}
	return margin
}

// pairBounds holds, for corners of rows a = r+1 and b = r+2 (mod 3), the lower
// and the upper bound of T[a][b] + T[b][a] over row r.
type pairBounds [3][3]interval.Interval

// threeCorners holds what the bounds need of a cell's corners.
type threeCorners struct {
	rows     [3][3]point             // [row][corner]
	middle   [3]point                // a row inside each simplex, up to rounding
	tau      [3][3][3]float64        // tau[a] at corners of rows a+1 and a+2 (mod 3), exact
	diagonal [3][3]interval.Interval // [row][corner]: bounds of z^2 - z
	trees    [][]tree
}

func newCorners(c *cell, trees [][]tree) *threeCorners {
	k := &threeCorners{trees: trees}
	for a := range 3 {
		for v := range 3 {
			k.rows[a][v] = c.rows[a][v].point()
			for b := range 3 {
				k.middle[a][b] += k.rows[a][v][b] / 3
			}
		}
	}
	for a := range 3 {
		var pi [3]point
		for v, row := range k.rows[(a+1)%3] {
			for w, next := range k.rows[(a+2)%3] {
				pi[(a+1)%3], pi[(a+2)%3] = row, next
				k.tau[a][v][w] = treeWeight(trees[a], a, &pi, 3)
			}
		}
		middle := interval.Point(k.middle[a][a])
		for v, row := range k.rows[a] {
			z := interval.Point(row[a])
			tangent := interval.Mul(middle, interval.Sub(interval.Add(z, z), middle))
			k.diagonal[a][v] = interval.Interval{
				Lo: interval.Sub(tangent, z).Lo,
				Hi: interval.Sub(interval.Sqr(z), z).Hi,
			}
		}
	}
	return k
}

// pair bounds the two terms of rows r+1 and r+2 over the third row, r.
func (k *threeCorners) pair(r int) (bounds pairBounds) {
	a, b := (r+1)%3, (r+2)%3
	for u := range 3 {
		ab, ba := k.tangent(a, b, r, u), k.tangent(b, a, r, u)
		for v := range 3 {
			for w := range 3 {
				tauA, tauB := k.tau[a][w][u], k.tau[b][u][v]
				sum := interval.Add(
					ab.bounds(k.rows[a][v][b], tauA, tauB),
					ba.bounds(k.rows[b][w][a], tauB, tauA))
				if u == 0 {
					bounds[v][w] = sum
				}
				bounds[v][w] = interval.Hull(bounds[v][w], sum)
			}
		}
	}
	return bounds
}

// tangent holds 2s and s^2.
type tangent struct{ double, square interval.Interval }

// tangent chooses s = pi[a][b] / tau[b], at which the bound is an equality, in
// the middle of rows a and b, at corner u of row r. Any s is sound.
func (k *threeCorners) tangent(a, b, r, u int) tangent {
	pi := k.middle
	pi[r] = k.rows[r][u]
	s := pi[a][b] / treeWeight(k.trees[b], b, &pi, 3)
	if !(s < maxSlope) { // NaN too
		s = 0
	}
	return tangent{interval.Point(2 * s), interval.Sqr(interval.Point(s))}
}

// maxSlope bounds s: close to a reducible chain no tangent is any good.
const maxSlope = 1 << 20

// bounds holds the lower and the upper bound of T[a][b] at corners, x = pi[a][b].
func (t tangent) bounds(x, tauA, tauB float64) interval.Interval {
	below := interval.Sub(interval.Mul(t.double, interval.Point(x)), interval.Mul(t.square, interval.Point(tauB)))
	v := interval.Interval{Lo: interval.Mul(interval.Point(tauA), below).Lo, Hi: x}
	if tauB > 0 {
		// Corners are multiples of 2^-8 (minWidthThree), so the numerator is one of
		// 2^-32 up to 1: exact, and the quotient rounds once.
		q := float64(tauA*float64(x*x)) / tauB
		v.Hi = interval.Nearest(q, q).Hi
	}
	return v
}
