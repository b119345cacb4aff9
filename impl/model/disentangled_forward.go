package model

import "causalgrad/impl/task"

// disentangledWorker evaluates one sequence at a time.
type disentangledWorker struct {
	pass      *disentangledPass
	s, t, d0  int
	rows      []triangle   // rows[b] is P^b; block 0, the identity, is empty
	gradients []triangle   // the loss's derivative with respect to rows
	weights   [][]triangle // [layer][head] attention weights

	query        []float64 // q = A^T x_i
	feature      []float64 // derivative with respect to q
	lookup       []float64 // u^b_l = q^b[token of l] + q^b[S+l], block by block
	scores       []float64
	readGradient []float64 // W times the derivative of the logits
	logits, f    []float64
	histogram    []float64
	tokens       []uint16
}

func (w *disentangledWorker) Predict(b *task.Batch, f []float64) {
	for n := range b.N {
		w.forward(b.Sequence(n))
		row := f[n*w.s : (n+1)*w.s]
		copy(row, w.logits)
		softmax(row)
	}
}

func (w *disentangledWorker) Attention(b *task.Batch, weights []float64) {
	clear(weights[:b.N*w.pass.model.heads[0]*w.t*w.t])
	at := 0
	for n := range b.N {
		w.tokens = b.Sequence(n)
		for h := range w.pass.model.heads[0] {
			for i := range w.t {
				w.pass.attend(h, i, w.tokens, weights[at+i*w.t:at+i*w.t+i+1])
			}
			at += w.t * w.t
		}
	}
}

// attend writes row i of the first layer's weights, also where the tables
// hold the last query alone.
func (p *disentangledPass) attend(head, i int, tokens []uint16, row []float64) {
	if i >= p.model.firstQuery(0) {
		p.weights(head, i, tokens, row)
		return
	}
	p.scores(head, i, tokens, row)
	softmax(row)
}

// forward evaluates the logits of one sequence.
func (w *disentangledWorker) forward(tokens []uint16) {
	w.tokens = tokens
	m := w.pass.model
	for h := range m.heads[0] {
		for i := m.firstQuery(0); i < w.t; i++ {
			w.pass.weights(h, i, tokens, w.weights[0][h].row(i))
		}
	}
	for l := 1; l < len(m.heads); l++ {
		for h := range m.heads[l] {
			for i := m.firstQuery(l); i < w.t; i++ {
				w.attendLayer(l, h, i)
			}
		}
	}
	w.readOut()
}

// attendLayer evaluates query i of a head of layer l >= 1: its weights and the
// rows of the feature blocks it makes.
func (w *disentangledWorker) attendLayer(l, h, i int) {
	inputs := w.pass.model.inputs[l]
	w.lookUp(l, h, i)
	weights := w.weights[l][h].row(i)
	copy(weights, w.lookup[:i+1])
	for b := 1; b < inputs; b++ {
		u := w.lookup[b*w.t:]
		for j := range weights {
			weights[j] += dot(w.rows[b].row(j), u[:j+1])
		}
	}
	softmax(weights)
	for b := 1; b < inputs; b++ { // block 0 makes the weights themselves
		out := w.rows[inputs+h*inputs+b].row(i)
		clear(out)
		for j, a := range weights {
			axpy(out[:j+1], a, w.rows[b].row(j))
		}
	}
}

// lookUp computes q = A^T x_i for a head of layer l and from it the look-ups
// u^b_k, k <= i.
func (w *disentangledWorker) lookUp(l, h, i int) {
	inputs := w.pass.model.inputs[l]
	d := inputs * w.d0
	a, q := w.pass.attention[l][h], w.query[:d]
	copy(q, a[int(w.tokens[i])*d:])
	add(q, a[(w.s+i)*d:])
	for b := 1; b < inputs; b++ {
		w.addRows(q, a[b*w.d0*d:], d, w.rows[b].row(i))
	}
	for b := range inputs {
		w.gather(w.lookup[b*w.t:b*w.t+i+1], q[b*w.d0:])
	}
}

// addRows adds the feature block of a row of weights, times the rows of a
// matrix with d columns, to dst: histogram over tokens first, then positions.
func (w *disentangledWorker) addRows(dst, matrix []float64, d int, weights []float64) {
	w.count(weights)
	for s, v := range w.histogram {
		if v != 0 {
			axpy(dst, v, matrix[s*d:])
		}
	}
	for k, v := range weights {
		axpy(dst, v, matrix[(w.s+k)*d:])
	}
}

// count sums a row of weights by token into the histogram.
func (w *disentangledWorker) count(weights []float64) {
	clear(w.histogram)
	for k, v := range weights {
		w.histogram[w.tokens[k]] += v
	}
}

// gather writes feature[token of k] + feature[S+k] to dst: what a unit of
// attention on position k brings.
func (w *disentangledWorker) gather(dst, feature []float64) {
	position := feature[w.s:]
	for k := range dst {
		dst[k] = feature[w.tokens[k]] + position[k]
	}
}

// readOut computes the logits W^T x_T.
func (w *disentangledWorker) readOut() {
	m := w.pass.model
	readout, last := w.pass.readout, w.t-1
	copy(w.logits, readout[int(w.tokens[last])*w.s:])
	add(w.logits, readout[(w.s+last)*w.s:])
	for b := 1; b < m.inputs[len(m.heads)]; b++ {
		w.addRows(w.logits, readout[b*w.d0*w.s:], w.s, w.rows[b].row(last))
	}
}
