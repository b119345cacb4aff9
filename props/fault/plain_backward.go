package fault

import (
	"math"
	"slices"
)

// The mistakes of the disentangled transformer's backward pass: each path of the
// chain rule can be dropped.
var (
	queryPathDropped = mistake(inModel, "query-path-dropped",
		"the path through later layers' queries is dropped", "gradient-exact-disentangled")
	keyPathDropped = mistake(inModel, "key-path-dropped",
		"the path through later layers' keys is dropped", "gradient-exact-disentangled")
	valuePathDropped = mistake(inModel, "value-path-dropped",
		"the path through later layers' values is dropped", "gradient-exact-disentangled")
	firstLayerDetached = mistake(inModel, "first-layer-detached",
		"the first layer gets no gradient", "gradient-exact-disentangled")
	kernelGradientTurned = mistake(inModel, "kernel-gradient-transposed",
		"the gradient of A is transposed", "gradient-exact-disentangled")
	targetHardened = mistake(inModel, "target-hardened",
		"the gradient uses the target's largest entry as a label", "gradient-exact-disentangled")
	staleGradientBuffer = mistake(inModel, "stale-gradient-buffer",
		"the gradient of the features is not cleared between sequences", "gradient-exact-disentangled")
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
	switch d.makes {
	case targetHardened:
		copy(g, f)
		g[top]--
	case logWithFloor, logOfPrediction: // the derivative of what is computed
		floor, dp := 0.0, make([]float64, len(f))
		if d.makes == logWithFloor {
			floor = 1e-6
		}
		for s, v := range y {
			dp[s] = -v / (f[s] + floor)
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
	dw.addOuter(t.x[layers].row(t.last), g)
	dx := newMatrix(d.length, t.x[layers].cols)
	copy(dx.row(t.last), d.w.times(g))
	if d.makes == staleGradientBuffer {
		accumulate(dx.v[:len(d.stale)], 1, d.stale)
		d.stale = slices.Clone(dx.v)
	}
	for l := layers - 1; l >= 0; l-- {
		if d.makes == firstLayerDetached && l == 0 && layers > 1 {
			return
		}
		dx = d.layerBackward(t, l, dx, da[l])
	}
}

// layerBackward returns the derivative with respect to layer l's input.
func (d *disentangled) layerBackward(t *trace, l int, dNext matrix, da []matrix) matrix {
	x := t.x[l]
	dx := newMatrix(d.length, x.cols)
	for i := range d.length {
		copy(dx.row(i), dNext.row(i)[:x.cols])
	}
	for h := range da {
		into := da[h]
		if d.makes == oneHeadForAll {
			into = da[0]
		}
		d.headBackward(t, l, h, dNext, dx, into)
	}
	return dx
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
			if a := weights.row(i)[j]; a != 0 && d.makes != valuePathDropped {
				accumulate(dx.row(j), a, dOut)
			}
		}
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
			if d.makes != keyPathDropped {
				accumulate(dx.row(j), v, t.queries[l][h].row(i))
			}
		}
		dKernel.addOuter(x.row(i), dq)
		if d.makes != queryPathDropped {
			accumulate(dx.row(i), 1, kernel.times(dq))
		}
	}
	scale := 1.0
	switch d.makes {
	case scoresTransposed, kernelGradientTurned:
		dKernel = dKernel.transposed()
	case scoresScaled:
		scale = 1 / math.Sqrt(float64(kernel.rows))
	}
	accumulate(da.v, scale, dKernel.v)
}
