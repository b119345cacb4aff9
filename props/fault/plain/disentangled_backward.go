package plain

import "math"

// The slips of the disentangled transformer's backward pass: each path of the
// chain rule can be dropped.
const (
	QueryPathDropped       Slip = "query-path-dropped"
	KeyPathDropped         Slip = "key-path-dropped"
	ValuePathDropped       Slip = "value-path-dropped"
	SkipPathDropped        Slip = "skip-path-dropped"
	FirstLayerDetached     Slip = "first-layer-detached"
	SecondLayerDetached    Slip = "second-layer-detached"
	HeadGradientDropped    Slip = "head-gradient-dropped"
	HeadGradientsSwapped   Slip = "head-gradients-swapped"
	ReadOutGradientDropped Slip = "read-out-gradient-dropped"
	ReadOutBlockDropped    Slip = "read-out-block-dropped"
	TokenRowsDropped       Slip = "token-rows-dropped"
	PositionRowsDropped    Slip = "position-rows-dropped"
	KernelGradientTurned   Slip = "kernel-gradient-transposed"
	TargetHardened         Slip = "target-hardened"
	TargetNotSubtracted    Slip = "target-not-subtracted"
	StaleGradientBuffer    Slip = "stale-gradient-buffer"
)

func (d *disentangled) sequence(tokens []uint16, y, gradient []float64) (float64, []float64) {
	t := d.forward(tokens)
	loss, f := d.loss(t.logits, y)
	d.backward(t, d.logitGradient(f, y), gradient)
	return loss, f
}

// logitGradient is f - y, with f weighted by the sum of y as the loss has it.
func (d *disentangled) logitGradient(f, y []float64) []float64 {
	g, top := make([]float64, len(f)), 0
	for s, v := range y {
		g[s] = total(y)*f[s] - v
		if v > y[top] {
			top = s
		}
	}
	switch d.slip {
	case TargetHardened:
		copy(g, f)
		g[top]--
	case TargetNotSubtracted:
		copy(g, f)
	case LogWithFloor: // the derivative of what is computed
		dp := make([]float64, len(f))
		for s, v := range y {
			dp[s] = -v / (f[s] + 1e-6)
		}
		copy(g, softmaxBackward(f, dp))
	}
	return g
}

// blocks views a gradient as the model's matrices.
func (d *disentangled) blocks(gradient []float64) (a [][]matrix, w matrix) {
	at := 0
	take := func(shape matrix) matrix {
		m := matrix{shape.rows, shape.cols, gradient[at : at+shape.rows*shape.cols]}
		at += len(m.v)
		return m
	}
	for _, layer := range d.a {
		var own []matrix
		for _, m := range layer {
			own = append(own, take(m))
		}
		a = append(a, own)
	}
	return a, take(d.w)
}

func (d *disentangled) backward(t *trace, g, gradient []float64) {
	da, dw := d.blocks(gradient)
	layers := len(d.a)
	features := t.x[layers].row(t.last)
	if d.slip == ReadOutBlockDropped {
		features = append([]float64(nil), features...)
		clear(features[:d.tokens+d.length])
	}
	if d.slip != ReadOutGradientDropped {
		dw.addOuter(features, g)
	}
	dx := newMatrix(d.length, t.x[layers].cols)
	copy(dx.row(t.last), d.w.times(g))
	if d.slip == StaleGradientBuffer && len(d.stale[0]) == len(dx.v) {
		accumulate(dx.v, 1, d.stale[0])
	}
	if d.slip == StaleGradientBuffer {
		d.stale[0] = append([]float64(nil), dx.v...)
	}
	for l := layers - 1; l >= 0; l-- {
		if d.slip == FirstLayerDetached && l == 0 && layers > 1 || d.slip == SecondLayerDetached && l > 0 {
			da = append([][]matrix(nil), da...)
			da[l] = scratch(da[l])
		}
		dx = d.layerBackward(t, l, dx, da[l])
	}
}

// scratch is matrices of the same shape that nobody reads.
func scratch(like []matrix) []matrix {
	var own []matrix
	for _, m := range like {
		own = append(own, newMatrix(m.rows, m.cols))
	}
	return own
}

// layerBackward returns the derivative with respect to layer l's input.
func (d *disentangled) layerBackward(t *trace, l int, dNext matrix, da []matrix) matrix {
	x := t.x[l]
	dx := newMatrix(d.length, x.cols)
	if d.slip != SkipMissing && d.slip != SkipPathDropped {
		for i := range d.length {
			copy(dx.row(i), dNext.row(i)[:x.cols])
		}
	}
	for h := range da {
		d.headBackward(t, l, h, dNext, dx, d.gradientOf(l, h, da))
	}
	return dx
}

// gradientOf is where the gradient of head h goes.
func (d *disentangled) gradientOf(l, h int, da []matrix) matrix {
	switch {
	case d.slip == HeadGradientDropped && l == 0 && h == len(da)-1 && h > 0:
		return newMatrix(da[h].rows, da[h].cols)
	case d.slip == HeadGradientsSwapped:
		return da[len(da)-1-h]
	case d.slip == OneHeadForAll:
		return da[0]
	}
	return da[h]
}

// headBackward follows the three paths from a head's output: through the values
// that it averages, through the query and through the keys of its scores.
func (d *disentangled) headBackward(t *trace, l, h int, dNext, dx, da matrix) {
	x, weights := t.x[l], t.heads[l][h].weights
	dWeights := newMatrix(d.length, d.length)
	for i := range d.length {
		dOut := d.part(dNext.row(i), x.cols, h, len(d.a[l]))
		if allZero(dOut) {
			continue
		}
		for j := range d.length {
			dWeights.row(i)[j] = inner(dOut, x.row(j))
			if a := weights.row(i)[j]; a != 0 && d.slip != ValuePathDropped {
				accumulate(dx.row(j), a, dOut)
			}
		}
	}
	if d.slip == SecondLayerUniform && l > 0 {
		return
	}
	d.scoreBackward(t, l, h, t.heads[l][h].backward(dWeights), dx, da)
}

func (d *disentangled) scoreBackward(t *trace, l, h int, ds, dx, da matrix) {
	x, kernel := t.x[l], d.kernel(l, h)
	dKernel := newMatrix(kernel.rows, kernel.cols)
	for i := range d.length {
		if allZero(ds.row(i)) {
			continue
		}
		dq := make([]float64, x.cols)
		for j, v := range ds.row(i) {
			if v == 0 {
				continue
			}
			accumulate(dq, v, x.row(j))
			if d.slip != KeyPathDropped {
				accumulate(dx.row(j), v, t.queries[l][h].row(i))
			}
		}
		dKernel.addOuter(d.keptRows(d.queryFeature(x.row(i))), dq)
		if d.slip != QueryPathDropped {
			back := kernel.times(dq)
			if d.slip == QueryTokenLost {
				clear(back[:d.tokens])
			}
			accumulate(dx.row(i), 1, back)
		}
	}
	scale := 1.0
	switch d.slip {
	case ScoresTransposed, KernelGradientTurned:
		dKernel = dKernel.transposed()
	case ScoresScaled:
		scale = 1 / math.Sqrt(float64(kernel.rows))
	}
	accumulate(da.v, scale, dKernel.v)
}

// keptRows is the query's features as the gradient of A sees them.
func (d *disentangled) keptRows(x []float64) []float64 {
	if d.slip != TokenRowsDropped && d.slip != PositionRowsDropped {
		return x
	}
	x = append([]float64(nil), x...)
	if d.slip == TokenRowsDropped {
		clear(x[:d.tokens])
	} else {
		clear(x[d.tokens : d.tokens+d.length])
	}
	return x
}
