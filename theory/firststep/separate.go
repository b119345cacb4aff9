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
	left, right := c.left[place*width:][:width], c.right[place*c.weights*width:][:c.weights*width]
	if !c.powers {
		weight = weight[v*width:][:width]
	}
	inner := c.powers || s.inner[place]
	if inner {
		c.kernel[place] = c.kernels[place*square:][:square]
	}
	if from == 0 {
		copy(left, indicator)
		copy(right, weight)
		if inner {
			c.begin(c.kernel[place], edge)
		}
	} else {
		c.carry(left, right, c.kernel[from], indicator, weight)
		if inner {
			c.compose(c.kernel[place], c.kernel[from], edge)
		}
	}
	if c.powers {
		c.spread(right, c.kernel[place])
	}
}

// spread sets the right factor of every weight z^m 1[s_k = r], which is the
// kernel's column r times z^m.
func (c *correlator) spread(right, kernel []float64) {
	for a := range c.tokens {
		for r := range c.tokens {
			p := c.at(right, r, a)
			c.entry(p, kernel, a, r)
			product(c.at(right, c.tokens+r, a), p, c.z)
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
	for x := range r {
		c.toColumn(s.positions[place]*r+x, dot(sum, c.right[(place*r+x)*width:][:width]))
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
