package certify

import (
	"errors"
	"math"

	"causalgrad/theory/interval"
)

// prover encloses the margin of a region's forest over a cell.
type prover struct {
	tokens      int
	trees       [][]tree
	orders      [][]int      // row permutations: the orbit up to a renaming of the tokens, which changes no margin
	closed      []competitor // by twoTokenMargin
	information bool         // some are bounded by informationMargin
	enclosed    []competitor // by enclose
	orbit       bool
}

func newProver(r Region) *prover {
	p := &prover{tokens: r.Tokens, trees: spanningTrees(r.Tokens), orbit: r.Orbit, orders: rowOrders(r.Tokens)}
	if !r.Orbit {
		p.orders = p.orders[:1]
	}
	all := competitors(r.Forest, r.Self)
	switch {
	case r.Direct:
		p.enclosed = all
	case r.Tokens == 2:
		p.closed = all
	default:
		for _, c := range all {
			// In the mean over an orbit the child itself has signal 0 (E tr pi = 1),
			// and then the margin is the mean of I, which is no less than (1 - rho) I.
			if c.self() && !r.Orbit {
				p.enclosed = append(p.enclosed, c)
			} else {
				p.information = true
			}
		}
	}
	return p
}

// rowOrders lists the permutations of the rows, the identity first.
func rowOrders(tokens int) [][]int {
	if tokens == 2 {
		return [][]int{{0, 1}, {1, 0}}
	}
	return [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}
}

// margin encloses the smallest margin over all competitors, up to a positive
// factor. spread[a] says how much of the enclosure's width row a brings, NaN
// or infinite when unknown.
func (p *prover) margin(c *cell) (margin interval.Interval, spread [maxTokens]float64, err error) {
	margin = interval.Interval{Lo: math.MaxFloat64, Hi: math.Inf(1)} // no competitor yet
	for _, k := range p.closed {
		margin = interval.Min(margin, twoTokenMargin(lambdaOver(c), k, p.orbit))
	}
	if p.information {
		margin = interval.Min(margin, interval.Interval{Lo: p.informationMargin(c).Lo, Hi: math.Inf(1)})
	}
	if len(p.enclosed) == 0 || !margin.Positive() && len(p.closed) > 0 {
		return margin, spread, nil
	}
	e := p.newEnclosure(c)
	for _, k := range p.enclosed {
		v, s, ok := e.margin(k)
		if !ok {
			return margin, spread, errors.New("two enclosures of one margin do not meet: the program is wrong")
		}
		margin = interval.Min(margin, v)
		for a := range s {
			spread[a] = max(spread[a], s[a])
		}
	}
	return margin, spread, nil
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
func (e *enclosure) margin(c competitor) (v interval.Interval, spread [maxTokens]float64, ok bool) {
	sum := e.over[0].margin(c)
	for _, b := range e.over[1:] {
		f := b.margin(c)
		sum = b.add(&sum, &f)
	}
	change := interval.Point(0)
	for r := range e.tokens {
		row := e.alongRow(r, &sum)
		change = interval.Add(change, row)
		spread[r] = row.Width()
	}
	if !(change.Width() < math.Inf(1)) {
		return sum.value, spread, true // the cell touches a reducible chain
	}
	mean := change
	for _, b := range e.at {
		mean = interval.Add(mean, b.margin(c).value)
	}
	v, ok = interval.Intersect(sum.value, mean)
	return v, spread, ok
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
