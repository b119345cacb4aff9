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

func (w *twoWorker) Predict(b *task.Batch, f []float64) {
	for from := 0; from < b.N; from += w.size {
		w.setBlock(b, from)
		w.forward()
		w.softmaxLogits()
		for i := range w.n {
			copy(f[(from+i)*w.s:(from+i+1)*w.s], w.logits[i*w.sPad:])
		}
	}
}

func (w *twoWorker) Attention(b *task.Batch, weights []float64) {
	clear(weights[:b.N*w.first*w.t*w.t])
	for from := 0; from < b.N; from += w.size {
		w.setBlock(b, from)
		for h := range w.first {
			w.attend(h)
			for i := range w.n {
				e, c := w.triangle(h).Row(i), w.scale(h).Row(i)
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

func (w *twoWorker) LossGradient(b *task.Batch, gradient []float64) float64 {
	if gradient != nil {
		w.gradients.clear()
	}
	sum := 0.0
	for from := 0; from < b.N; from += w.size {
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

// softmaxLogits replaces the block's logits by their softmax.
func (w *twoWorker) softmaxLogits() {
	for i := range w.n {
		row := w.logits[i*w.sPad:][:w.sPad]
		for v := w.s; v < w.sPad; v++ {
			row[v] = negativeInfinity
		}
	}
	kernel.SoftmaxRows(w.logits, w.sPad, w.largest[:w.n], w.total[:w.n])
}

// addLoss adds the losses -sum y log f of the block's sequences to sum and
// replaces the logits by their derivative, (sum y) f - y.
func (w *twoWorker) addLoss(sum float64) float64 {
	copy(w.logit, w.logits[:w.n*w.sPad])
	w.softmaxLogits()
	for i := range w.n {
		row, y, logits := w.logits[i*w.sPad:][:w.s], w.batch.Target(w.from+i), w.logit[i*w.sPad:][:w.s]
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
	for h := range w.second {
		w.lastBackward(h)
	}
	for h, dq := range w.dq {
		w.addOuter(g.a[h], dq, w.kPad, w.d1Pad)
		kernel.Gemm(w.read, w.dlPad, kernel.Operand{Data: dq, Row: w.d1Pad, Col: 1}, w.aT[h], w.kPad, rows, w.kPad, w.d1)
	}
	for b := range w.first {
		w.firstBackward(b)
	}
}

// addOuter adds the sum over the block of the last query's features times the
// rows of v to matrix: its d0 one-hot rows, then dense ones.
func (w *twoWorker) addOuter(matrix, v []float64, dense, cols int) {
	w.block.AddLastOneHot(matrix, kernel.Rows{Data: v, Step: cols}, cols)
	kernel.Gemm(matrix[w.d0*cols:], cols, kernel.Operand{Data: w.features, Row: 1, Col: w.dlPad}, v, cols, dense, cols, w.n)
}

// lastBackward takes the derivative with respect to the features that a head
// of the second layer made back to its scores and q.
func (w *twoWorker) lastBackward(h int) {
	read, dz := w.readOut(w.k+h*w.d1), w.rows(w.score) // the derivative of p first; padding has weight 0
	w.block.LookUp(dz, read, 0)
	for b := range w.first {
		v := w.term(h, b, kernel.Right)
		w.block.LookUp(v, read.From((1+b)*w.d0), 0)
		w.block.OverKeys(w.term(h, b, kernel.Mean), dz, w.triangle(b), v, w.scale(b))
	}
	kernel.SoftmaxBackwardRows(w.p[h], w.score, w.tile.Length, w.n)

	dq := kernel.Rows{Data: w.dq[h], Step: w.d1Pad}
	w.block.Features(dq, dz)
	for b := range w.first {
		w.spread(dq.From((1+b)*w.d0), w.term(h, b, kernel.Left+1), dz, b)
	}
}

// firstBackward adds the derivative of the scores of a head of the first layer
// to its table. The last query's weights are features themselves: their own
// derivative goes with the second layer's first head.
func (w *twoWorker) firstBackward(b int) {
	last := w.t - 1
	y := w.term(0, b, kernel.Right+2)
	w.block.LookUp(y, w.readOut(b*w.d0), 0)
	left, mean, c := w.term(0, b, kernel.Left+2), w.term(0, b, kernel.Mean+2), w.scale(b)
	for i := range w.n {
		left.Row(i)[last] = c.Row(i)[last]
	}
	w.block.Dot(mean.From(last), w.feature(b*w.d0+w.s), y)
	for h := range w.lastTerms {
		w.lastTerms[h] = w.term(h, b, 0)
	}
	w.block.Backward(w.gradients.tables[b], w.triangle(b), w.lastTerms...)
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
	dst, src := kernel.Rows{Data: da, Step: w.d0}, kernel.Rows{Data: rows, Step: width}
	kernel.AddRows(dst, src.From(n), w.d0, w.s)
	kernel.AddRows(dst.From(w.s), src, w.d0, w.t)
}

// addPadded adds the rows of a padded matrix to a matrix with cols columns.
func addPadded(dst, padded []float64, cols, stride int) {
	kernel.AddRows(kernel.Rows{Data: dst, Step: cols}, kernel.Rows{Data: padded, Step: stride}, len(dst)/cols, cols)
}
