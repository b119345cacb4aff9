package certificate

import "math/big"

// The margin against an earlier position is never negative, and for S = 3 it is
// positive at an irreducible chain whose rows are not all equal and are connected
// by tokens that two of them share (theory/README.md, section 11).

// shareTokens proves that every row of s and every row of t share a token. A
// mean of corners has the tokens of all that it is made of, so it is enough that
// every corner of s shares one with every corner of t.
func shareTokens(s, t *[3][3]int64) bool {
	for _, v := range s {
		for _, w := range t {
			if v[0]*w[0] == 0 && v[1]*w[1] == 0 && v[2]*w[2] == 0 {
				return false
			}
		}
	}
	return true
}

// connected proves that of every chain of the cell two pairs of rows share a token.
func connected(cell *rows) bool {
	pairs := 0
	for a := range 3 {
		if shareTokens(&cell[a], &cell[(a+1)%3]) {
			pairs++
		}
	}
	return pairs >= 2
}

// corner is a row of a polygon: its first two entries.
type corner [2]*big.Rat

// commonRow reports whether some chain of the cell has three equal rows: whether
// row 0's triangle, cut by the edges of the other two, leaves anything.
func commonRow(cell *rows) bool {
	var polygon []corner
	for _, v := range cell[0] {
		polygon = append(polygon, cornerOf(v))
	}
	for _, a := range []int{1, 2} {
		for v := range 3 {
			polygon = cut(polygon, cornerOf(cell[a][v]), cornerOf(cell[a][(v+1)%3]), cornerOf(cell[a][(v+2)%3]))
		}
	}
	return len(polygon) > 0
}

func cornerOf(row [3]int64) corner { return corner{big.NewRat(row[0], 1), big.NewRat(row[1], 1)} }

// turn is twice the signed area of a triangle.
func turn(u, v, w corner) *big.Rat {
	minus := func(x, y *big.Rat) *big.Rat { return new(big.Rat).Sub(x, y) }
	left := product(minus(v[0], u[0]), minus(w[1], u[1]))
	return left.Sub(left, product(minus(v[1], u[1]), minus(w[0], u[0])))
}

// cut keeps what of a polygon lies on the line through u and v or on the side of
// it where w lies.
func cut(polygon []corner, u, v, w corner) []corner {
	inner := turn(u, v, w).Sign()
	sides := make([]*big.Rat, len(polygon))
	for i, p := range polygon {
		sides[i] = turn(u, v, p)
		if inner < 0 {
			sides[i].Neg(sides[i])
		}
	}
	var kept []corner
	for i, p := range polygon {
		if sides[i].Sign() >= 0 {
			kept = append(kept, p)
		}
		j := (i + 1) % len(polygon)
		if sides[i].Sign()*sides[j].Sign() >= 0 {
			continue
		}
		// The edge crosses the line at the share t of its length.
		t := new(big.Rat).Sub(sides[i], sides[j])
		t.Quo(sides[i], t)
		var crossing corner
		for b := range crossing {
			step := new(big.Rat).Sub(polygon[j][b], p[b])
			crossing[b] = step.Add(p[b], step.Mul(t, step))
		}
		kept = append(kept, crossing)
	}
	return kept
}
