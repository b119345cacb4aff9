package certify

import "causalgrad/theory/interval"

// box encloses pi and its time reversal over a set of chains, as functions of
// the free numbers: for row r the entries of tokens r+1, r+2, ... mod S (all
// but its diagonal), as variables r(S-1), r(S-1)+1, ...
type box struct {
	algebra
	pi, reversed matrix // reversed[b][a] = mu[a] pi[a][b] / mu[b]
	piPowers     []*matrix
	revPowers    []*matrix
}

// newBox encloses the chains whose row a is a row order[a] of the cell: the
// cell's own chains for order 0, 1, ..., and otherwise a copy with its rows
// permuted. corners[r] are the corners of row r.
func newBox(g algebra, trees [][]tree, corners [maxTokens][]point, order []int) *box {
	b := &box{algebra: g}
	var permuted [maxTokens][]point
	for a, r := range order {
		permuted[a] = corners[r]
		for t := range g.tokens {
			b.pi[a][t] = g.entry(corners[r], r, t)
		}
	}
	reach := rangesOver(trees, permuted)
	var tau [maxTokens]form
	for a := range g.tokens {
		tau[a] = g.treeForm(trees[a], a, &b.pi)
		tau[a].value = reach.weight[a]
	}
	for from := range g.tokens {
		for to := range g.tokens {
			if from == to { // the reversal holds as long as the chain
				b.reversed[to][from] = b.pi[from][to]
				continue
			}
			flow := g.mul(&tau[from], &b.pi[from][to])
			b.reversed[to][from] = g.over(&flow, &tau[to], reach.reversed[to][from])
		}
	}
	return b
}

// entry is the entry of token t in row r.
func (g algebra) entry(corners []point, r, t int) form {
	v := interval.Point(corners[0][t])
	for _, p := range corners[1:] {
		v = interval.Hull(v, interval.Point(p[t]))
	}
	f := form{value: v}
	if g.variables == 0 {
		return f
	}
	for j := range g.tokens - 1 {
		switch {
		case t == r: // 1 minus the others
			f.slope[r*(g.tokens-1)+j] = interval.Point(-1)
		case t == (r+1+j)%g.tokens:
			f.slope[r*(g.tokens-1)+j] = interval.Point(1)
		}
	}
	return f
}

// treeForm is tau[root].
func (g algebra) treeForm(trees []tree, root int, pi *matrix) form {
	var sum form
	for _, next := range trees {
		product := form{value: interval.Point(1)}
		for a := range g.tokens {
			if a != root {
				product = g.mul(&product, &pi[a][next[a]])
			}
		}
		sum = g.add(&sum, &product)
	}
	return sum
}

// margin is the parent's signal minus a competitor's.
//
// With P = pi and R its reversal (R = D^-1 P^T D, D = diag(mu)) the joint law
// of two positions at distances p and q below their common ancestor is
// (P^p)^T D P^q = D R^p P^q, so their signal sum_ab P[a][b]/mu[b] (J[a][b] -
// mu[a] mu[b]) is tr(R R^p P^q) - 1. The parent is p = 0, q = 1; the child
// itself, p = q = 0, gives tr(R) - 1 = tr(P) - 1 (fact 2).
func (b *box) margin(c competitor) form {
	if c.other { // the signal is 0
		parent := b.traceOfProduct(&b.reversed, &b.pi)
		return b.sub(&parent, &form{value: interval.Point(1)})
	}
	joint := power(&b.piPowers, &b.pi, c.q, b.algebra)
	if c.p > 0 {
		joint = b.product(power(&b.revPowers, &b.reversed, c.p, b.algebra), joint)
	}
	return b.traceOfProduct(&b.reversed, b.difference(&b.pi, joint))
}

// power is m^n. The entries are probabilities, which keeps an enclosure from
// growing with n.
func power(powers *[]*matrix, m *matrix, n int, g algebra) *matrix {
	if len(*powers) == 0 {
		identity := new(matrix)
		for a := range g.tokens {
			identity[a][a].value = interval.Point(1)
		}
		*powers = append(*powers, identity, m)
	}
	for len(*powers) <= n {
		next := g.product((*powers)[len(*powers)-1], m)
		for a := range g.tokens {
			for b := range g.tokens {
				v := &next[a][b].value
				v.Lo, v.Hi = max(v.Lo, 0), min(v.Hi, 1)
			}
		}
		*powers = append(*powers, next)
	}
	return (*powers)[n]
}
