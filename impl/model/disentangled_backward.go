package model

import "causalgrad/impl/task"

func (w *disentangledWorker) LossGradient(b *task.Batch, gradient []float64) float64 {
	sum := 0.0
	for n := range b.N {
		w.forward(b.Sequence(n))
		sum += crossEntropy(w.logits, b.Target(n), w.f)
		if gradient != nil {
			w.backward(b.Target(n), gradient)
		}
	}
	return sum
}

// backward adds one sequence's gradient, after forward.
func (w *disentangledWorker) backward(y, gradient []float64) {
	m := w.pass.model
	for b := range w.gradients {
		clear(w.gradients[b].data)
	}
	at := len(m.layout) - 1
	w.readOutBackward(y, m.layout[at].Of(gradient))
	for l := len(m.heads) - 1; l >= 1; l-- {
		for h := m.heads[l] - 1; h >= 0; h-- {
			at--
			da := m.layout[at].Of(gradient)
			for i := m.firstQuery(l); i < w.t; i++ {
				w.attendBackward(l, h, i, da)
			}
		}
	}
	for h := range m.heads[0] {
		w.firstBackward(h, m.layout[h].Of(gradient))
	}
}

// readOutBackward adds the gradient of W and starts the gradient of the last
// query's feature rows.
func (w *disentangledWorker) readOutBackward(y, dw []float64) {
	m := w.pass.model
	g, last := w.f, w.t-1
	total := 0.0
	for _, v := range y {
		total += v
	}
	for v := range g {
		g[v] = float64(total*g[v]) - y[v] // total is 1 up to the rounding of the row
	}
	blocks := m.inputs[len(m.heads)]
	rowsTimes(w.readGradient[:blocks*w.d0], w.pass.readout, g)
	add(dw[int(w.tokens[last])*w.s:][:w.s], g)
	add(dw[(w.s+last)*w.s:][:w.s], g)
	for b := 1; b < blocks; b++ {
		row := w.rows[b].row(last)
		w.addOuter(dw[b*w.d0*w.s:], g, row)
		w.addGathered(w.gradients[b].row(last), w.readGradient[b*w.d0:])
	}
}

// addOuter adds the outer product of a feature block's row and v to matrix.
func (w *disentangledWorker) addOuter(matrix, v, weights []float64) {
	d := len(v)
	w.count(weights)
	for s, c := range w.histogram {
		if c != 0 {
			axpy(matrix[s*d:(s+1)*d], c, v)
		}
	}
	for k, c := range weights {
		axpy(matrix[(w.s+k)*d:(w.s+k+1)*d], c, v)
	}
}

// addGathered is gather that adds: the derivative with respect to a row of
// weights from the derivative with respect to the feature block it makes.
func (w *disentangledWorker) addGathered(dst, feature []float64) {
	position := feature[w.s:]
	for k := range dst {
		dst[k] += feature[w.tokens[k]] + position[k]
	}
}

// rowsTimes writes the product of a matrix with len(v) columns and v to dst.
func rowsTimes(dst, matrix, v []float64) {
	d := len(v)
	for r := range dst {
		dst[r] = dot(matrix[r*d:(r+1)*d], v)
	}
}

// attendBackward takes the gradient of the rows that query i of a head of
// layer l >= 1 made back to its input rows and to A.
func (w *disentangledWorker) attendBackward(l, h, i int, da []float64) {
	inputs := w.pass.model.inputs[l]
	weights, ds := w.weights[l][h].row(i), w.scores[:i+1]
	copy(ds, w.gradients[inputs+h*inputs].row(i))
	for b := 1; b < inputs; b++ {
		dOut := w.gradients[inputs+h*inputs+b].row(i)
		for j, a := range weights {
			ds[j] += dot(w.rows[b].row(j), dOut[:j+1])
			axpy(w.gradients[b].row(j), a, dOut)
		}
	}
	softmaxBackward(weights, ds)

	d := inputs * w.d0
	w.lookUp(l, h, i)
	dq := w.feature[:d]
	w.scatter(dq[:w.d0], ds)
	for b := 1; b < inputs; b++ {
		u := w.lookup[b*w.t:]
		du := u[:i+1] // u^b is used up row by row from the last, then overwritten
		for j := range ds {
			axpy(w.gradients[b].row(j), ds[j], u)
		}
		clear(du)
		for j, v := range ds {
			axpy(du[:j+1], v, w.rows[b].row(j))
		}
		w.scatter(dq[b*w.d0:(b+1)*w.d0], du)
	}
	add(da[int(w.tokens[i])*d:][:d], dq)
	add(da[(w.s+i)*d:][:d], dq)
	a := w.pass.attention[l][h]
	for b := 1; b < inputs; b++ {
		w.addOuter(da[b*w.d0*d:], dq, w.rows[b].row(i))
		dx := w.query[:w.d0]
		rowsTimes(dx, a[b*w.d0*d:], dq)
		w.addGathered(w.gradients[b].row(i), dx)
	}
}

// scatter is the transpose of gather: it writes a feature block's derivative
// from the derivative of its look-ups over keys 0..len(du)-1.
func (w *disentangledWorker) scatter(feature, du []float64) {
	clear(feature)
	position := feature[w.s:]
	for k, v := range du {
		feature[w.tokens[k]] += v
		position[k] = v
	}
}

// firstBackward adds the gradient of a head of the first layer.
func (w *disentangledWorker) firstBackward(h int, da []float64) {
	for i := w.pass.model.firstQuery(0); i < w.t; i++ {
		ds := w.gradients[1+h].row(i)
		softmaxBackward(w.weights[0][h].row(i), ds)
		dq := w.feature[:w.d0]
		w.scatter(dq, ds)
		add(da[int(w.tokens[i])*w.d0:][:w.s+i+1], dq)
		add(da[(w.s+i)*w.d0:][:w.s+i+1], dq)
	}
}
