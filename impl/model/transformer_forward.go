package model

import "causalgrad/impl/task"

// transformerWorker evaluates one sequence at a time. Rows are positions:
// "T x d" buffers keep row i at [i*d, (i+1)*d).
type transformerWorker struct {
	pass    *transformerPass
	s, t, d int
	tokens  []uint16
	x       [][]float64 // [layer] T x d, the layer's input; the last one enters the read-out
	values  []float64   // T x d, x_j M of the first layer
	tapes   []transformerTape
	logits  []float64
	f       []float64

	dx             []float64 // T x d, derivative with respect to the residual stream
	dValues        []float64 // T x d, with respect to values
	ds             []float64 // with respect to one row of attention, then of scores
	dh, dMixed, dq []float64 // with respect to one row of hidden (before relu), mixed, query
	gradient       transformerBlocks
	dProducts      [][]float64 // with respect to M, summed over the batch
	dScoreTable    []float64   // with respect to E A E^T, likewise
	dValueTable    []float64   // with respect to E M, likewise
	work           []float64
}

// transformerTape is what a layer's backward step needs of its forward step.
type transformerTape struct {
	weights triangle  // attention
	query   []float64 // T x d, A^T x_i; not for the first layer
	mixed   []float64 // T x d, sum_j a_ij x_j; not for the first layer
	hidden  []float64 // T x d, the MLP's inner layer before relu
}

// at is row i of a T x d buffer.
func (w *transformerWorker) at(rows []float64, i int) []float64 { return rows[i*w.d : (i+1)*w.d] }

func (w *transformerWorker) Predict(b *task.Batch, f []float64) {
	for n := range b.N {
		w.forward(b.Sequence(n))
		row := f[n*w.s : (n+1)*w.s]
		copy(row, w.logits)
		softmax(row)
	}
}

func (w *transformerWorker) Attention(b *task.Batch, weights []float64) {
	clear(weights[:b.N*w.t*w.t])
	for n := range b.N {
		for i := range w.t {
			w.pass.firstWeights(i, b.Sequence(n), weights[(n*w.t+i)*w.t:][:i+1])
		}
	}
}

// forward evaluates the logits of one sequence.
func (w *transformerWorker) forward(tokens []uint16) {
	w.tokens = tokens
	w.gather(w.x[0], w.pass.params.embedding)
	w.gather(w.values, w.pass.values)
	for l := range w.tapes {
		for i := w.pass.model.firstQuery(l); i < w.t; i++ {
			h := w.at(w.tapes[l].hidden, i)
			copy(h, w.pass.bias0[l])
			if l == 0 {
				w.attendFirst(i, h)
			} else {
				w.attend(l, i, h)
			}
			w.addMLP(l, i, h)
		}
	}
	clear(w.logits)
	addCombination(w.logits, w.at(w.x[len(w.tapes)], w.t-1), w.pass.params.readout)
}

// gather writes, for each position, the table's row of its token plus its row
// of the position.
func (w *transformerWorker) gather(rows, table []float64) {
	for j, b := range w.tokens {
		row := w.at(rows, j)
		copy(row, w.at(table, int(b)))
		add(row, w.at(table, w.s+j))
	}
}

// attendFirst adds query i of the first layer, through M, to h.
func (w *transformerWorker) attendFirst(i int, h []float64) {
	weights := w.tapes[0].weights.row(i)
	w.pass.firstWeights(i, w.tokens, weights)
	addCombination(h, weights, w.values)
}

// attend adds query i of a later layer, through M, to h.
func (w *transformerWorker) attend(l, i int, h []float64) {
	tape, x := &w.tapes[l], w.x[l]
	weights, q, mixed := tape.weights.row(i), w.at(tape.query, i), w.at(tape.mixed, i)
	clear(q)
	addCombination(q, w.at(x, i), w.pass.params.layers[l].a)
	for j := range weights {
		weights[j] = dot(q, w.at(x, j))
	}
	softmax(weights)
	clear(mixed)
	addCombination(mixed, weights, x)
	addCombination(h, mixed, w.pass.products[l])
}

// addMLP writes row i of the layer's output from h, the MLP's inner layer
// before relu.
func (w *transformerWorker) addMLP(l, i int, h []float64) {
	x := w.at(w.x[l+1], i)
	copy(x, w.at(w.x[l], i))
	add(x, w.pass.bias1[l])
	w1 := w.pass.params.layers[l].w1
	for k, v := range h {
		if v > 0 {
			axpy(x, v, w.at(w1, k))
		}
	}
}
