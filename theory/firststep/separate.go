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
// and the kernel that leads to it if others lie behind it.
func (c *correlator) place(s *separator, place int) {
	width, square := c.tokens*c.width, c.tokens*c.tokens*c.width
	from := s.from[place]
	v := s.positions[place]
	edge, indicator, weight := c.tilted.down, c.downIndicator, c.downWeight
	if c.forest.Parent(v) != s.positions[from] { // v is the parent of the one before
		v = s.positions[from]
		edge, indicator, weight = c.tilted.up, c.upIndicator, c.upWeight
	}
	wide := c.weights * width
	edge, indicator, weight = edge[v*square:][:square], indicator[v*width:][:width], weight[v*wide:][:wide]
	left, right := c.left[place*width:][:width], c.right[place*wide:][:wide]
	if from == 0 {
		copy(left, indicator)
		copy(right, weight)
		c.kernel[place] = edge
		return
	}
	before := c.kernel[from]
	clear(left)
	clear(right)
	for a := range c.tokens {
		for b := range c.tokens {
			p := before[(a*c.tokens+b)*c.width:][:c.width]
			addProduct(c.at(left, 0, a), p, c.at(indicator, 0, b))
			for x := range c.weights {
				addProduct(c.at(right, x, a), p, c.at(weight, x, b))
			}
		}
	}
	if s.inner[place] {
		c.kernel[place] = c.kernels[place*square:][:square]
		c.compose(c.kernel[place], before, edge)
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
