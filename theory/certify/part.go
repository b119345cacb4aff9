package certify

// Part is one piece of the partition that a map is made from.
type Part struct {
	// Rows holds the corners of each row's set of values, [row][corner][token],
	// S x S x S, exactly: an interval's ends for S = 2, a triangle's corners for
	// S = 3. The part is the product of the rows' sets, ends included.
	Rows [][][]float64
	// Volume is the share of all chains that the part stands for. For S = 3 that
	// is the part and its images under the renamings of the tokens.
	Volume  float64
	Verdict Verdict
}

// Parts answers as Certify does and lists the parts, whose volumes add up to 1:
// up to a renaming of the tokens (S = 3) every chain lies in one of them.
func Parts(r Region) (Map, []Part, error) {
	var parts []Part
	m, err := certify(r, func(c *cell, v Verdict) {
		part := Part{Rows: make([][][]float64, r.Tokens), Volume: c.volume, Verdict: v}
		for a, corners := range c.corners(r.Tokens) {
			for _, p := range corners {
				part.Rows[a] = append(part.Rows[a], append([]float64(nil), p[:r.Tokens]...))
			}
		}
		parts = append(parts, part)
	})
	return m, parts, err
}
