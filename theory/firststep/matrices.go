package firststep

// Products of kernels, the matrices that lead from a separator's token to another
// position's, are most of the work where there are many tokens. Every entry of one
// is the sum of its S products in their order, so that it changes no bit which of
// them are computed side by side.
//
// With fewer than sideColumns tokens a kernel is [S][S][width], as an edge's is,
// and products go entry by entry over the block of nodes; otherwise it is
// [width][S][S], and as many sums are computed side by side as there are registers for.
const (
	sideRows    = 2
	sideColumns = 4
)

// small reports whether there are too few tokens for sums side by side.
func (c *correlator) small() bool { return c.tokens < sideColumns }

// begin sets dst to the kernel of an edge.
func (c *correlator) begin(dst, edge []float64) {
	if c.small() {
		copy(dst, edge)
		return
	}
	square := c.tokens * c.tokens
	for z := range c.width {
		for at := range square {
			dst[z*square+at] = edge[at*c.width+z]
		}
	}
}

// entry sets dst to the kernel's entry at every z.
func (c *correlator) entry(dst, kernel []float64, a, b int) {
	at, step := a*c.tokens+b, c.tokens*c.tokens
	if c.small() {
		at, step = at*c.width, 1
	}
	for z := range dst {
		dst[z] = kernel[at+z*step]
	}
}

// compose is the matrix product of a kernel and an edge's at every z.
func (c *correlator) compose(dst, kernel, edge []float64) {
	if c.small() {
		c.composeEntries(dst, kernel, edge)
		return
	}
	s, w := c.tokens, c.width
	for z := range w {
		from, to := kernel[z*s*s:][:s*s], dst[z*s*s:][:s*s]
		columns := c.columns
		for l := range s {
			for j := range s {
				columns[j*s+l] = edge[(l*s+j)*w+z]
			}
		}
		// The last group of rows or columns repeats some of the one before.
		for i := 0; i < s; i += sideRows {
			i := min(i, s-sideRows)
			for j := 0; j < s; j += sideColumns {
				j := min(j, s-sideColumns)
				innerProducts(to[i*s+j:], to[(i+1)*s+j:], from[i*s:], columns[j*s:], s)
			}
		}
	}
}

// innerProducts writes those of each of two rows of s numbers with four others, the columns.
func innerProducts(first, second, rows, columns []float64, s int) {
	x, y := rows[:s], rows[s:][:s]
	c0, c1, c2, c3 := columns[:s], columns[s:][:s], columns[2*s:][:s], columns[3*s:][:s]
	var x0, x1, x2, x3, y0, y1, y2, y3 float64
	for l, v := range x {
		w := y[l]
		u := c0[l]
		x0 += float64(v * u)
		y0 += float64(w * u)
		u = c1[l]
		x1 += float64(v * u)
		y1 += float64(w * u)
		u = c2[l]
		x2 += float64(v * u)
		y2 += float64(w * u)
		u = c3[l]
		x3 += float64(v * u)
		y3 += float64(w * u)
	}
	*(*[sideColumns]float64)(first) = [sideColumns]float64{x0, x1, x2, x3}
	*(*[sideColumns]float64)(second) = [sideColumns]float64{y0, y1, y2, y3}
}

// composeEntries is compose, [S][S][width].
func (c *correlator) composeEntries(dst, kernel, edge []float64) {
	clear(dst)
	row := c.tokens * c.width
	for i := range c.tokens {
		for l := range c.tokens {
			addProducts(dst[i*row:][:row], kernel[(i*c.tokens+l)*c.width:][:c.width], edge[l*row:][:row])
		}
	}
}

// carry sets left[a] = sum_b kernel[a][b] indicator[b] at every z, and right in the
// same way where there is a weight.
func (c *correlator) carry(left, right, kernel, indicator, weight []float64) {
	if c.small() {
		c.carryEntries(left, kernel, indicator)
		if weight != nil {
			c.carryEntries(right, kernel, weight)
		}
		return
	}
	s, w := c.tokens, c.width
	for z := range w {
		from, both := kernel[z*s*s:][:s*s], c.columns[:sideRows*s]
		for b := range s {
			both[b] = indicator[b*w+z]
		}
		if weight != nil {
			for b := range s {
				both[s+b] = weight[b*w+z]
			}
		}
		for a := 0; a < s; a += sideColumns {
			a := min(a, s-sideColumns)
			var l, r [sideColumns]float64
			innerProducts(l[:], r[:], both, from[a*s:], s)
			for x := range sideColumns {
				left[(a+x)*w+z] = l[x]
			}
			if weight != nil {
				for x := range sideColumns {
					right[(a+x)*w+z] = r[x]
				}
			}
		}
	}
}

// carryEntries is carry of one vector, [S][S][width].
func (c *correlator) carryEntries(dst, kernel, src []float64) {
	clear(dst)
	row := c.tokens * c.width
	for a := range c.tokens {
		addProductOfRows(c.at(dst, 0, a), kernel[a*row:][:row], src[:row])
	}
}
