package reference

// check compares outputs, loss and gradient at every point.
func (v *Vectors) check(o Options) ([]Row, error) {
	e, err := newEvaluator(o, v.Architecture, v.Batch)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, p := range v.Points {
		params, err := p.Params.Vector(e.model.Layout())
		if err != nil {
			return nil, err
		}
		var f, loss, gradient comparison
		e.bind(params)
		outputs := e.outputs()
		f.add("f", outputs, p.F)
		l, g := e.lossGradient()
		loss.add("loss", []float64{l}, []float64{p.Loss})
		if err := gradient.compare(e.model.Layout(), g, p.Gradient, e.outputGradient(params, outputs)); err != nil {
			return nil, err
		}
		rows = append(rows,
			f.rounding(p.Name+": outputs", passTolerance, passToleranceWhy),
			loss.rounding(p.Name+": loss", passTolerance, passToleranceWhy),
			gradient.rounding(p.Name+": gradient", passTolerance, passToleranceWhy))
	}
	return rows, nil
}
