package dynamics

// embedded is Steps where positions are vectors that need not be orthogonal: a
// step on their weights moves the scores by (EᵀE) G (EᵀE) in place of the gradient
// G, so that all rows move together (theory/README.md, section 12).
func (s Stage1) embedded(steps int, logged func(step int) bool, visit Visit) ([]Row, error) {
	if err := s.check(steps); err != nil {
		return nil, err
	}
	edges, logits := s.Forest.Edges(), Zero(len(s.Payoffs))
	watches := make([]watch, len(edges))
	for n, e := range edges {
		watches[n] = newWatch(e.Parent)
	}
	var attention [][]float64
	for step := range steps + 1 {
		if step > 0 {
			if err := s.move(logits); err != nil {
				return nil, err
			}
		}
		var err error
		if attention, err = Attention(logits); err != nil {
			return nil, err
		}
		for n, e := range edges {
			watches[n].reach(attention[e.Child][e.Parent], float64(step))
		}
		if logged != nil && logged(step) {
			visit(step, attention)
		}
	}
	var list []Row
	for n, e := range edges {
		half, most := watches[n].first()
		list = append(list, newRow(e, attention, half, most))
	}
	return list, nil
}

// move takes one step on the logits, of which the upper triangle is masked.
func (s Stage1) move(logits [][]float64) error {
	gradient, err := s.Payoffs.Gradient(logits)
	if err != nil {
		return err
	}
	step, err := s.Embedding.Step(gradient)
	if err != nil {
		return err
	}
	for i, row := range step {
		for k, v := range row[:i+1] {
			logits[i][k] += float64(s.Rate * v)
		}
	}
	return nil
}
