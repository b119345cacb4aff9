package firststep

// separate adds the pairs that one separator separates.
func (c *correlator) separate(s *separator) {
	if len(s.positions) == 1 {
		return
	}
	width := c.tokens * c.width
	centre := s.positions[0]
	clear(c.left[:width])
	copy(c.right[:c.weights*width], c.weight)
	for q, in := range c.indicator {
		product(c.at(c.sum, 0, q), c.at(c.tilted.marginal, centre, q), c.scale)
		if in {
			copy(c.at(c.left, 0, q), c.at(c.sum, 0, q))
		}
	}
	for place := 1; place < len(s.positions); place++ {
		c.place(s, place)
		multiply(c.left[place*width:][:width], c.sum)
	}
	c.cross(s, width)
}

// place computes the two factors of one position given the separator's token,
// and the kernel that leads to it if they or others behind it need it.
func (c *correlator) place(s *separator, place int) {
	width, square := c.tokens*c.width, c.tokens*c.tokens*c.width
	from := s.from[place]
	v := s.positions[place]
	edge, indicator, weight := c.tilted.down, c.downIndicator, c.downWeight
	if c.forest.Parent(v) != s.positions[from] { // v is the parent of the one before
		v = s.positions[from]
		edge, indicator, weight = c.tilted.up, c.upIndicator, c.upWeight
	}
	edge, indicator = edge[v*square:][:square], indicator[v*width:][:width]
	left := c.left[place*width:][:width]
	if from == 0 {
		c.kernel[place] = edge
		copy(left, indicator)
	} else {
		c.carry(left, c.kernel[from], indicator)
		if c.powers || s.inner[place] {
			c.kernel[place] = c.kernels[place*square:][:square]
			c.compose(c.kernel[place], c.kernel[from], edge)
		}
	}
	right := c.right[place*c.weights*width:][:c.weights*width]
	switch {
	case c.powers:
		c.spread(right, c.kernel[place])
	case from == 0:
		copy(right, weight[v*width:][:width])
	default:
		c.carry(right, c.kernel[from], weight[v*width:][:width])
	}
}

// carry sets dst[a] = sum_b kernel[a][b] src[b] at every z.
func (c *correlator) carry(dst, kernel, src []float64) {
	clear(dst)
	for a := range c.tokens {
		for b := range c.tokens {
			addProduct(c.at(dst, 0, a), kernel[(a*c.tokens+b)*c.width:][:c.width], c.at(src, 0, b))
		}
	}
}

// spread sets the right factor of every weight z^m 1[s_k = r], which is the
// kernel's column r times z^m.
func (c *correlator) spread(right, kernel []float64) {
	for a := range c.tokens {
		for r := range c.tokens {
			p := kernel[(a*c.tokens+r)*c.width:][:c.width]
			copy(c.at(right, r, a), p)
			product(c.at(right, c.tokens+r, a), p, c.z)
		}
	}
}

// compose is the matrix product dst = a b at every z.
func (c *correlator) compose(dst, a, b []float64) {
	clear(dst)
	row := c.tokens * c.width
	for i := range c.tokens {
		for l := range c.tokens {
			addProducts(dst[i*row:][:row], a[(i*c.tokens+l)*c.width:][:c.width], b[l*row:][:row])
		}
	}
}

// cross adds the inner products of left and right, vectors of the given width,
// over the pairs of places in different branches of s.
func (c *correlator) cross(s *separator, width int) {
	if c.balance != nil {
		c.contract(s, width)
		return
	}
	sum := c.sum[:width] // of left over all branches before, then after
	clear(sum)
	for x := range len(s.starts) - 1 {
		start, end := s.starts[x], s.starts[x+1]
		for p := start; p < end; p++ {
			c.total(s, p, sum)
			c.row(s, p, end, width)
		}
		for p := start; p < end; p++ {
			add(sum, c.left[p*width:][:width])
		}
	}
	clear(sum)
	for x := len(s.starts) - 2; x >= 0; x-- {
		start, end := s.starts[x], s.starts[x+1]
		for p := start; p < end; p++ {
			c.total(s, p, sum)
		}
		for p := start; p < end; p++ {
			add(sum, c.left[p*width:][:width])
		}
	}
}

// total adds the pairs of one place with the places whose left factors sum to
// sum to the column.
func (c *correlator) total(s *separator, place int, sum []float64) {
	width, r := len(sum), c.weights
	column := c.column[s.positions[place]*r:][:r]
	for x := range column {
		column[x] += dot(sum, c.right[(place*r+x)*width:][:width])
	}
}

// row adds the pairs of one place with each place from "from" on.
func (c *correlator) row(s *separator, place, from, width int) {
	t, r := c.forest.SequenceLength(), c.weights
	v := s.positions[place]
	left, right := c.left[place*width:][:width], c.right[place*r*width:][:r*width]
	for p := from; p < len(s.positions); p++ {
		if u := s.positions[p]; u > v {
			dots(c.pairs[(u*t+v)*r:][:r], c.left[p*width:][:width], right)
		} else {
			dots(c.pairs[(v*t+u)*r:][:r], left, c.right[p*r*width:][:r*width])
		}
	}
}
