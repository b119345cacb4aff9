package certify

import (
	"errors"
	"math"

	"causalgrad/theory/interval"
)

// errApart cannot happen in a correct program.
var errApart = errors.New("two enclosures of the same margin do not meet: the program is wrong")

// directVerdict settles all competitors by interval arithmetic on the signal's
// definition.
func (p *prover) directVerdict(c *cell) (Verdict, error) {
	margin, err := p.directMargin(c)
	return verdictOf(margin), err
}

// directMargin encloses the smallest margin over all competitors; for an orbit
// its mean times the number of orders.
func (p *prover) directMargin(c *cell) (interval.Interval, error) {
	e := p.newEnclosure(c)
	var smallest interval.Interval
	for i, k := range p.competitors {
		margin, ok := e.margin(k)
		if !ok {
			return interval.Whole(), errApart
		}
		if i == 0 {
			smallest = margin
		}
		smallest = interval.Min(smallest, margin)
	}
	return smallest, nil
}

// enclosure evaluates margins over a cell and at its centre, by intervals
// alone.
type enclosure struct {
	tokens   int
	over, at []*box // one for each order of rows
	offset   [maxTokens][]point
}

func (p *prover) newEnclosure(c *cell) *enclosure {
	e := &enclosure{tokens: p.tokens}
	corners, centre := c.corners(p.tokens), c.centre(p.tokens)
	for r := range p.tokens {
		for _, v := range corners[r] {
			var d point
			for b := range v {
				d[b] = v[b] - centre[r][0][b] // exact
			}
			e.offset[r] = append(e.offset[r], d)
		}
	}
	for _, order := range p.orders {
		e.over = append(e.over, newBox(algebra{p.tokens, p.tokens * (p.tokens - 1)}, p.trees, corners, order))
		e.at = append(e.at, newBox(algebra{p.tokens, 0}, p.trees, centre, order))
	}
	return e
}

// margin encloses one margin (the sum over the orders of rows) in two ways and
// returns what both allow: by evaluation over the cell, and by the mean value
// theorem, margin(x) - margin(centre) = slope . (x - centre) for some slope of
// the enclosure, which is linear in x and therefore extreme at corners.
func (e *enclosure) margin(c competitor) (v interval.Interval, ok bool) {
	sum := e.over[0].margin(c)
	for _, b := range e.over[1:] {
		f := b.margin(c)
		sum = b.add(&sum, &f)
	}
	change := interval.Point(0)
	for r := range e.tokens {
		change = interval.Add(change, e.alongRow(r, &sum))
	}
	if !(change.Width() < math.Inf(1)) {
		return sum.value, true // the cell touches a reducible chain
	}
	mean := change
	for _, b := range e.at {
		mean = interval.Add(mean, b.margin(c).value)
	}
	return interval.Intersect(sum.value, mean)
}

// alongRow contains slope . (x - centre) for x in row r.
func (e *enclosure) alongRow(r int, f *form) interval.Interval {
	var hull interval.Interval
	for i, d := range e.offset[r] {
		sum := interval.Point(0)
		for j := range e.tokens - 1 {
			step := interval.Point(d[(r+1+j)%e.tokens])
			sum = interval.Add(sum, interval.Mul(f.slope[r*(e.tokens-1)+j], step))
		}
		if i == 0 {
			hull = sum
		}
		hull = interval.Hull(hull, sum)
	}
	return hull
}
