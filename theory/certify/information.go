package certify

// informationVerdict settles every competitor but the child itself, in
// integers, by law L2: margin >= (1 - rho) I, where I is the chi-square
// information of parent and child and rho the maximal correlation of the
// parent and the competitor. It can prove a margin positive, never the
// contrary.
//
// I > 0 if two rows differ: I = sum_b Var(pi[.][b]) / mu[b], the variance under
// mu, and an irreducible chain has mu > 0. rho < 1 if rows are connected by
// overlaps: the path from the parent to the competitor has at least one edge,
// so rho is at most the maximal correlation of one edge; were that 1, some f
// and g, not constant, would have f(parent) = g(child) with probability 1, but
// f is the same for two rows that both reach one token.
func (p *prover) informationVerdict(c *cell) (Verdict, error) {
	overlaps, differ := 0, false
	for a := range p.tokens {
		for b := range a {
			if largestDistance(&c.rows[a], &c.rows[b], p.tokens) < 2*unit {
				overlaps++
			}
			differ = differ || disjoint(&c.rows[a], &c.rows[b], p.tokens)
		}
	}
	// One pair connects two rows, two pairs connect three.
	if differ && overlaps >= p.tokens-1 {
		return Holds, nil
	}
	return Undecided, nil
}

// largestDistance is twice the largest total variation distance of a row of s
// and a row of t, in units: a convex function, so it is enough to look at
// corners. Two rows overlap if it is below 2.
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

// disjoint reports whether s and t have no row in common. Two polygons are
// disjoint exactly when the normal of an edge of one of them separates them,
// and all edges of cells are level sets of an entry or of a difference of two.
func disjoint(s, t *simplex, tokens int) bool {
	for b := range tokens {
		for c := b; c < tokens; c++ {
			sLo, sHi := s.along(b, c, tokens)
			tLo, tHi := t.along(b, c, tokens)
			if sHi < tLo || tHi < sLo {
				return true
			}
		}
	}
	return false
}
