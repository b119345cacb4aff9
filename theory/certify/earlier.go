package certify

// The margin of the parent p of i against an earlier position k is (theory/README.md,
// section 11)
//
//	1/2 sum_(a,c) P(s_k = a, s_p = c) sum_b (pi[a][b] - pi[c][b])^2 / mu[b],
//
// never negative, and 0 only if s_k and s_p always have equal rows. For S = 3
// it is positive at an irreducible chain whose rows are not all equal and are
// connected by overlaps, two rows overlapping when they both reach some token:
//
// Call tokens with equal rows alike and let the margin be 0, so that s_k and s_p
// are always alike. If k is in another tree, every pair of tokens occurs (mu is
// positive), and all rows are equal. Otherwise take the end of the path from k to
// p that is not their common ancestor, and its parent e. Given s_e the two are
// independent and alike, so all tokens that s_e's row reaches are alike; rows that
// overlap reach tokens of the same kind, hence all rows do, and every token is
// reached by some row: all rows are equal.

// rowsDiffer proves that no chain of the cell has all rows equal.
func rowsDiffer(c *cell) bool {
	for a := range maxTokens {
		if disjoint(&c.rows[a], &c.rows[(a+1)%maxTokens]) {
			return true
		}
	}
	return false
}

// rowsOverlap proves that overlaps connect the rows of every chain of the cell:
// one pair of rows connects two, two pairs connect three.
func rowsOverlap(c *cell) bool {
	overlaps := 0
	for a := range maxTokens {
		if largestDistance(&c.rows[a], &c.rows[(a+1)%maxTokens]) < 2*Unit {
			overlaps++
		}
	}
	return overlaps >= 2
}

// largestDistance is twice the largest total variation distance of a row of s
// and a row of t, in multiples of 1/Unit: a convex function, so it is enough to
// look at corners. Two rows overlap if it is below 2.
func largestDistance(s, t *simplex) int {
	largest := 0
	for _, v := range s {
		for _, w := range t {
			sum := 0
			for b := range maxTokens {
				d := int(v[b]) - int(w[b])
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
func disjoint(s, t *simplex) bool {
	for b := range maxTokens {
		for c := b; c < maxTokens; c++ {
			sLo, sHi := s.along(b, c, maxTokens)
			tLo, tHi := t.along(b, c, maxTokens)
			if sHi < tLo || tHi < sLo {
				return true
			}
		}
	}
	return false
}
