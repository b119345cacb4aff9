package model

import "causalgrad/impl/task"

func (w *transformerWorker) LossGradient(b *task.Batch, gradient []float64) float64 {
	if gradient != nil {
		w.gradient.view(w.pass.model, gradient)
		clear(w.dScoreTable)
		clear(w.dValueTable)
		for _, m := range w.dProducts {
			clear(m)
		}
	}
	sum := 0.0
	for n := range b.N {
		w.forward(b.Sequence(n))
		sum += crossEntropy(w.logits, b.Target(n), w.f)
		if gradient != nil {
			w.backward(b.Target(n))
		}
	}
	if gradient != nil {
		w.addTables()
	}
	return sum
}

// backward adds one sequence's gradient, after forward. dx holds the
// derivative with respect to a layer's output and becomes, in place, that with
// respect to its input: query i reads row i and then adds to rows j <= i only,
// so ascending queries never read a row that has been added to.
func (w *transformerWorker) backward(y []float64) {
	clear(w.dx)
	w.readOutBackward(y)
	for l := len(w.tapes) - 1; l >= 1; l-- {
		for i := w.pass.model.firstQuery(l); i < w.t; i++ {
			w.mlpBackward(l, i)
			w.attendBackward(l, i)
		}
	}
	clear(w.dValues)
	for i := w.pass.model.firstQuery(0); i < w.t; i++ {
		w.mlpBackward(0, i)
		w.attendFirstBackward(i)
	}
	w.scatter(w.gradient.embedding, w.dx)
	w.scatter(w.dValueTable, w.dValues)
}

// readOutBackward adds the gradient of W and starts dx.
func (w *transformerWorker) readOutBackward(y []float64) {
	last, g, total := w.t-1, w.f, 0.0
	for _, v := range y {
		total += v
	}
	for v := range g {
		g[v] = float64(total*g[v]) - y[v] // total is 1 up to the rounding of the row
	}
	addOuterProduct(w.gradient.readout, w.at(w.x[len(w.tapes)], last), g)
	addMatrixVector(w.at(w.dx, last), w.pass.params.readout, g)
}

// mlpBackward takes row i of dx back to dh, the derivative before relu, whose
// slope at 0 is 0.
func (w *transformerWorker) mlpBackward(l, i int) {
	dy, h := w.at(w.dx, i), w.at(w.tapes[l].hidden, i)
	layer, grad := &w.pass.params.layers[l], &w.gradient.layers[l]
	clear(w.dh)
	for k, v := range h {
		if v > 0 {
			w.dh[k] = dot(w.at(layer.w1, k), dy)
			axpy(w.at(grad.w1, k), v, dy)
		}
	}
	axpy(grad.b1, w.pass.scale, dy)
	axpy(grad.b0, w.pass.scale, w.dh)
}

// attendBackward takes dh of query i of a layer l >= 1 to M, A and dx.
func (w *transformerWorker) attendBackward(l, i int) {
	tape, x := &w.tapes[l], w.x[l]
	weights, ds := tape.weights.row(i), w.ds[:i+1]
	addOuterProduct(w.dProducts[l], w.at(tape.mixed, i), w.dh)
	clear(w.dMixed)
	addMatrixVector(w.dMixed, w.pass.products[l], w.dh)
	for j, a := range weights {
		ds[j] = dot(w.dMixed, w.at(x, j))
		axpy(w.at(w.dx, j), a, w.dMixed)
	}
	softmaxBackward(weights, ds)
	q := w.at(tape.query, i)
	clear(w.dq)
	addCombination(w.dq, ds, x)
	for j, v := range ds {
		axpy(w.at(w.dx, j), v, q)
	}
	addOuterProduct(w.gradient.layers[l].a, w.at(x, i), w.dq)
	addMatrixVector(w.at(w.dx, i), w.pass.params.layers[l].a, w.dq)
}

// attendFirstBackward takes dh of query i of the first layer to the tables.
func (w *transformerWorker) attendFirstBackward(i int) {
	weights, ds := w.tapes[0].weights.row(i), w.ds[:i+1]
	for j, a := range weights {
		ds[j] = dot(w.dh, w.at(w.values, j))
		axpy(w.at(w.dValues, j), a, w.dh)
	}
	softmaxBackward(weights, ds)
	clear(w.dq) // by token of the key, then by its position
	for j, v := range ds {
		w.dq[w.tokens[j]] += v
		w.dq[w.s+j] = v
	}
	add(w.at(w.dScoreTable, int(w.tokens[i])), w.dq)
	add(w.at(w.dScoreTable, w.s+i), w.dq)
}

// scatter is the transpose of gather.
func (w *transformerWorker) scatter(table, rows []float64) {
	for j, b := range w.tokens {
		row := w.at(rows, j)
		add(w.at(table, int(b)), row)
		add(w.at(table, w.s+j), row)
	}
}

// addTables takes the batch's gradients of the tables E A E^T, E M and M = V W0
// back to the parameters.
func (w *transformerWorker) addTables() {
	p, g, d := w.pass, &w.gradient, w.d
	e := p.params.embedding
	clear(w.work)
	addProduct(w.work, w.dScoreTable, e, d)
	addTransposedProduct(g.layers[0].a, e, w.work, d)
	addProductTransposed(g.embedding, w.work, p.params.layers[0].a, d)
	addTransposedProduct(g.embedding, w.dScoreTable, p.keys, d)

	addProductTransposed(g.embedding, w.dValueTable, p.products[0], d)
	addTransposedProduct(w.dProducts[0], e, w.dValueTable, d)
	for l := range g.layers {
		addProductTransposed(g.layers[l].v, w.dProducts[l], p.params.layers[l].w0, d)
		addTransposedProduct(g.layers[l].w0, p.params.layers[l].v, w.dProducts[l], d)
	}
}
