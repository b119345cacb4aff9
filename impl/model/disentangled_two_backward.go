package model

import (
	"math"

	"causalgrad/impl/internal/kernel"
	"causalgrad/impl/task"
	"causalgrad/theory/detmath"
)

// twoGradients accumulates over the sequences of one call, in padded layout.
type twoGradients struct {
	tables [][]float64 // [first head], derivatives of the scores, as twoHead's table
	rows   []float64   // d0 table rows: tables summed by query token and by query position
	a      [][]float64 // [second head], (d0+kPad) x d1Pad
	w      []float64   // (d0+dlPad) x sPad
}

func newTwoGradients(v *twoLayer) twoGradients {
	g := twoGradients{rows: make([]float64, v.d0*v.tile.Row()), w: make([]float64, (v.d0+v.dlPad)*v.sPad)}
	for range v.first {
		g.tables = append(g.tables, make([]float64, v.tile.Table()))
	}
	for range v.second {
		g.a = append(g.a, make([]float64, (v.d0+v.kPad)*v.d1Pad))
	}
	return g
}

func (g *twoGradients) clear() {
	for _, t := range g.tables {
		clear(t)
	}
	for _, a := range g.a {
		clear(a)
	}
	clear(g.w)
}

// Predict implements Worker.
func (w *twoWorker) Predict(b *task.Batch, f []float64) {
	for from := 0; from < b.N; from += w.block {
		w.setBlock(b, from)
		w.forward()
		for i := range w.n {
			row := w.paddedLogits(i)
			kernel.Softmax(row)
			copy(f[(from+i)*w.s:(from+i+1)*w.s], row)
		}
	}
}

// Attention implements Worker.
func (w *twoWorker) Attention(b *task.Batch, weights []float64) {
	clear(weights[:b.N*w.first*w.t*w.t])
	for from := 0; from < b.N; from += w.block {
		w.setBlock(b, from)
		for i := range w.n {
			w.attend(i)
			for h := range w.first {
				e, c := w.triangle(i, h), w.scale(i, h)
				out := weights[((from+i)*w.first+h)*w.t*w.t:]
				for j := range w.t {
					for k := range j + 1 {
						out[j*w.t+k] = e[kernel.Index(j, k)] * c[j]
					}
				}
			}
		}
	}
}

// LossGradient implements Worker.
func (w *twoWorker) LossGradient(b *task.Batch, gradient []float64) float64 {
	if gradient != nil {
		w.gradients.clear()
	}
	sum := 0.0
	for from := 0; from < b.N; from += w.block {
		w.setBlock(b, from)
		w.forward()
		sum = w.addLoss(sum)
		if gradient != nil {
			w.backward()
		}
	}
	if gradient != nil {
		w.flush(gradient)
	}
	return sum
}

// paddedLogits is the logits of sequence i, padded for kernel.Softmax.
func (w *twoWorker) paddedLogits(i int) []float64 {
	row := w.logits[i*w.sPad:][:w.sPad]
	for v := w.s; v < w.sPad; v++ {
		row[v] = negativeInfinity
	}
	return row
}

// addLoss adds the losses -sum y log f of the block's sequences to sum and
// replaces the logits by their derivative, (sum y) f - y.
func (w *twoWorker) addLoss(sum float64) float64 {
	for i := range w.n {
		row := w.paddedLogits(i)
		copy(w.logit[i*w.s:], row[:w.s])
		w.largest[i], w.total[i] = kernel.Softmax(row)
	}
	for i := range w.n {
		row, y, logits := w.logits[i*w.sPad:][:w.s], w.batch.Target(w.from+i), w.logit[i*w.s:][:w.s]
		logSum, loss, total := detmath.Log(w.total[i]), 0.0, 0.0
		for v, t := range y {
			loss = math.FMA(t, logSum-(logits[v]-w.largest[i]), loss)
			total += t
		}
		for v, t := range y {
			row[v] = float64(total*row[v]) - t
		}
		sum += loss
	}
	return sum
}

// backward adds the current block's gradient, after forward and loss.
func (w *twoWorker) backward() {
	rows, g := kernel.Pad(w.n), &w.gradients
	clear(w.read[:rows*w.dlPad])
	kernel.Gemm(w.read, w.dlPad, kernel.Operand{Data: w.logits, Row: w.sPad, Col: 1}, w.wT, w.dlPad, rows, w.dlPad, w.s)
	w.addOuter(g.w, w.logits, w.dlPad, w.sPad)
	for i := range w.n {
		for h := range w.second {
			w.lastBackward(i, h)
		}
	}
	for h, dq := range w.dq {
		w.addOuter(g.a[h], dq, w.kPad, w.d1Pad)
		kernel.Gemm(w.read, w.dlPad, kernel.Operand{Data: dq, Row: w.d1Pad, Col: 1}, w.aT[h], w.kPad, rows, w.kPad, w.d1)
	}
	for i := range w.n {
		for b := range w.first {
			w.firstBackward(i, b)
		}
	}
}

// addOuter adds the sum over the block of the last query's features times the
// rows of v to matrix: its d0 one-hot rows, then dense ones.
func (w *twoWorker) addOuter(matrix, v []float64, dense, cols int) {
	position := matrix[(w.s+w.t-1)*cols:][:cols]
	for i := range w.n {
		token := matrix[int(w.sequence(i)[w.t-1])*cols:][:cols]
		kernel.Add2(token, position, v[i*cols:][:cols])
	}
	kernel.Gemm(matrix[w.d0*cols:], cols, kernel.Operand{Data: w.features, Row: 1, Col: w.dlPad}, v, cols, dense, cols, w.n)
}

// lastBackward takes the derivative with respect to the features that a head
// of the second layer made back to its scores and q.
func (w *twoWorker) lastBackward(i, h int) {
	sequence, p := w.sequences[i], w.weights(i, h)
	read := w.read[i*w.dlPad+w.k+h*w.d1:][:w.d1]
	dz := w.score // the derivative of p first; padding has weight 0
	sequence.LookUp(dz, read)
	for b := range w.first {
		term := w.term(i, h, b)
		v := w.tile.Vector(term, kernel.Right)
		sequence.LookUp(v, read[(1+b)*w.d0:])
		kernel.OverKeys(w.tile, w.tile.Vector(term, kernel.Mean), dz, w.triangle(i, b), v, w.scale(i, b))
	}
	kernel.SoftmaxBackward(p, dz)

	dq := w.dq[h][i*w.d1Pad:][:w.d1]
	sequence.Features(dq, dz, w.scratch)
	for b := range w.first {
		w.spread(dq[(1+b)*w.d0:], w.tile.Vector(w.term(i, h, b), kernel.Left+1), dz, i, b)
	}
}

// firstBackward adds the derivative of the scores of a head of the first layer
// to its table. The last query's weights are features themselves: their own
// derivative goes with the second layer's first head.
func (w *twoWorker) firstBackward(i, b int) {
	last := w.t - 1
	own := w.term(i, 0, b)
	y := w.tile.Vector(own, kernel.Right+2)
	w.sequences[i].LookUp(y, w.read[i*w.dlPad+b*w.d0:])
	w.tile.Vector(own, kernel.Left+2)[last] = w.scale(i, b)[last]
	w.tile.Vector(own, kernel.Mean+2)[last] = dot(w.featureRow(i)[b*w.d0+w.s:][:w.t], y)
	for h := range w.second {
		w.sequences[i].Backward(w.gradients.tables[b], w.triangle(i, b), w.term(i, h, b), w.scratch)
	}
}

// flush adds the accumulated gradient to the flat one.
func (w *twoWorker) flush(gradient []float64) {
	layout := w.model.layout
	for b, table := range w.gradients.tables {
		w.flushTable(layout[b].Of(gradient), table)
	}
	for h, a := range w.gradients.a {
		addPadded(layout[w.first+h].Of(gradient), a, w.d1, w.d1Pad)
	}
	addPadded(layout[w.first+w.second].Of(gradient), w.gradients.w, w.s, w.sPad)
}

func (w *twoWorker) flushTable(da, table []float64) {
	rows, n, width := w.gradients.rows, w.tile.Length, w.tile.Row()
	clear(rows)
	for i := range w.t {
		for a := range w.s {
			kernel.Add2(rows[a*width:][:width], rows[(w.s+i)*width:][:width], table[w.tile.At(i, a):][:width])
		}
	}
	for r := range w.d0 {
		row := rows[r*width:][:width]
		add(da[r*w.d0:][:w.s], row[n:])
		add(da[r*w.d0+w.s:][:w.t], row)
	}
}

// addPadded adds the rows of a padded matrix to a matrix with cols columns.
func addPadded(dst, padded []float64, cols, stride int) {
	for r := 0; r*cols < len(dst); r++ {
		add(dst[r*cols:(r+1)*cols], padded[r*stride:])
	}
}
