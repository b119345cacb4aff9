package certify

// maxTokens is the largest S: 2 or 3, two or six free numbers.
const maxTokens = 3

// Unit is probability 1 in the integers that a cell's corners are kept in, so
// that every corner, and every volume, is exact.
const Unit = 1 << 15

// corner is one corner of a row's simplex: a row of pi in multiples of 1/Unit.
type corner [maxTokens]uint16

// simplex is a set of rows of pi: the hull of S corners (an interval for
// S = 2, a triangle for S = 3).
type simplex [maxTokens]corner

// cell is a set of chains, a product of one simplex for each row.
type cell struct {
	rows   [maxTokens]simplex
	volume float64 // share of all chains, an exact dyadic number
}

// wholeRow is the simplex of all rows of token a. Its corners start at a, so
// that renaming tokens cyclically maps the rows' simplices to each other.
func wholeRow(a, tokens int) simplex {
	var s simplex
	for v := range tokens {
		s[v][(a+v)%tokens] = Unit
	}
	return s
}

// startingCells cover all chains. For S = 3 they do so up to a renaming of the
// tokens, which changes no margin (fact 8): halve each row a at
// pi[a][a+1] = pi[a][a+2] (indices mod 3); a cyclic renaming rotates the three
// choices of a half, a transposition reverses and flips them, so that two of
// the eight products form one class (all choices alike) and six the other. One
// product of each class stands for the whole class's volume.
func startingCells(tokens int) []cell {
	whole := cell{volume: 1}
	for a := range tokens {
		whole.rows[a] = wholeRow(a, tokens)
	}
	if tokens == 2 {
		return []cell{whole}
	}
	alike, mixed := whole, whole
	for a := range tokens {
		first, second := whole.rows[a].bisect(a, tokens)
		alike.rows[a], mixed.rows[a] = first, first
		if a == tokens-1 {
			mixed.rows[a] = second
		}
	}
	alike.volume, mixed.volume = 2.0/8, 6.0/8
	return []cell{alike, mixed}
}

// bisect halves s, the simplex of row a, at the middle of its longest edge
// (the first of them), lengths measured in the entries off the diagonal. For
// S = 3 the triangles are right-angled and isosceles there, so both halves are
// again, with half the area.
func (s simplex) bisect(a, tokens int) (first, second simplex) {
	from, to := s.longestEdge(a, tokens)
	middle := s.middle(from, to, tokens)
	first, second = s, s
	first[to], second[from] = middle, middle
	return first, second
}

func (s *simplex) longestEdge(a, tokens int) (from, to int) {
	longest := int64(-1)
	for v := range tokens {
		for w := v + 1; w < tokens; w++ {
			length := int64(0) // up to 2 Unit^2, too much for 32 bits
			for b := range tokens {
				if d := int64(s[v][b]) - int64(s[w][b]); b != a {
					length += d * d
				}
			}
			if length > longest {
				from, to, longest = v, w, length
			}
		}
	}
	return from, to
}

func (s *simplex) middle(v, w, tokens int) corner {
	var m corner
	for b := range tokens {
		m[b] = (s[v][b] + s[w][b]) / 2
	}
	return m
}

// along is the range over s of entry b (b = c) or of entry b minus entry c, in
// units.
func (s *simplex) along(b, c, tokens int) (lo, hi int) {
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

// width is the largest range of an entry over s, in units.
func (s *simplex) width(tokens int) int {
	widest := 0
	for b := range tokens {
		lo, hi := s.along(b, b, tokens)
		widest = max(widest, hi-lo)
	}
	return widest
}

// widestRow is the first row in which an entry has the largest range.
func (c *cell) widestRow(tokens int) (row int, width float64) {
	widest := 0
	for a := range tokens {
		if w := c.rows[a].width(tokens); w > widest {
			row, widest = a, w
		}
	}
	return row, float64(widest) / Unit
}

// split bisects row a.
func (c cell) split(a, tokens int) (first, second cell) {
	first, second = c, c
	first.rows[a], second.rows[a] = c.rows[a].bisect(a, tokens)
	first.volume, second.volume = c.volume/2, c.volume/2
	return first, second
}

// point is a row of pi; the corners of cells are exact in float64.
type point [maxTokens]float64

func (v corner) point() (p point) {
	for b, x := range v {
		p[b] = float64(x) / Unit
	}
	return p
}
