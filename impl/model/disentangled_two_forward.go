package model

import (
	"math"

	"causalgrad/impl/internal/kernel"
	"causalgrad/impl/task"
)

var negativeInfinity = math.Inf(-1)

// twoWorker evaluates blocks of sequences. Names are those of twoLayer's
// comment; [i] is the sequence's place in the block.
type twoWorker struct {
	*twoPass
	batch *task.Batch
	from  int // first sequence of the block
	n     int // sequences in the block

	block     *kernel.Block
	e         []float64     // [i][first head] triangles
	c         []float64     // [i][first head][query]
	features  []float64     // [i] dense features, dlPad
	q, dq     [][]float64   // [second head][i], d1Pad
	p         [][]float64   // [second head][i][query]
	terms     []float64     // [i][second head][first head] terms
	logits    []float64     // [i], sPad; after loss the derivative
	read      []float64     // [i] derivative with respect to features, dlPad
	row       []float64     // [i][query], of the moment
	score     []float64     // [i][query], derivatives of the second layer's scores
	lastTerms []kernel.Rows // [second head], of the moment

	logit          []float64 // [i], sPad: the logits
	largest, total []float64 // [i] of the softmax of the logits
	gradients      twoGradients
}

func (p *twoPass) NewWorker() Worker {
	n, b := p.tile.Length, p.size
	numbers := func(n int) []float64 { return make([]float64, n) }
	w := &twoWorker{twoPass: p, block: kernel.NewBlock(p.tile, b), e: numbers(b * p.first * p.tile.Triangle()), c: numbers(b * p.first * n),
		features: numbers(b * p.dlPad), terms: numbers(b * p.second * p.first * kernel.TermSize * n),
		logits: numbers(b * p.sPad), read: numbers(b * p.dlPad),
		row: numbers(b * n), score: numbers(b * n), logit: numbers(b * p.sPad), largest: numbers(b), total: numbers(b)}
	for range p.second {
		w.q, w.dq, w.p = append(w.q, numbers(b*p.d1Pad)), append(w.dq, numbers(b*p.d1Pad)), append(w.p, numbers(b*n))
	}
	w.lastTerms = make([]kernel.Rows, p.second)
	w.gradients = newTwoGradients(&p.twoLayer)
	return w
}

// term is vector number which of the derivative that head h of the second layer
// brings to head b of the first: left 0 is c p, right 0 v and mean 0 V; left 1 is
// c dz, right 1 u and mean 1 U; number 2 is the last query's own.
func (w *twoWorker) term(h, b, which int) kernel.Rows {
	n := w.tile.Length
	return kernel.Rows{Data: w.terms, Step: w.second * w.first * kernel.TermSize * n}.From(((h*w.first+b)*kernel.TermSize + which) * n)
}

func (w *twoWorker) sequence(i int) []uint16 { return w.batch.Sequence(w.from + i) }

func (w *twoWorker) triangle(b int) kernel.Rows {
	n := w.tile.Triangle()
	return kernel.Rows{Data: w.e, Step: w.first * n}.From(b * n)
}

func (w *twoWorker) scale(b int) kernel.Rows {
	n := w.tile.Length
	return kernel.Rows{Data: w.c, Step: w.first * n}.From(b * n)
}

// rows are vectors over T.
func (w *twoWorker) rows(v []float64) kernel.Rows { return kernel.Rows{Data: v, Step: w.tile.Length} }

// feature is the dense features from the given one on.
func (w *twoWorker) feature(from int) kernel.Rows {
	return kernel.Rows{Data: w.features, Step: w.dlPad}.From(from)
}

// readOut is the derivative with respect to the dense features from the given
// one on.
func (w *twoWorker) readOut(from int) kernel.Rows {
	return kernel.Rows{Data: w.read, Step: w.dlPad}.From(from)
}

// setBlock makes the next sequences of b current.
func (w *twoWorker) setBlock(b *task.Batch, from int) {
	w.batch, w.from, w.n = b, from, min(w.size, b.N-from)
	w.block.Set(b.Tokens[from*w.t : (from+w.n)*w.t])
}

// forward evaluates the logits of the current block.
func (w *twoWorker) forward() {
	rows := kernel.Pad(w.n)
	for b := range w.heads {
		w.attend(b)
		w.block.Last(w.rows(w.row), w.triangle(b), w.scale(b))
		w.block.Features(w.feature(b*w.d0), w.rows(w.row))
	}
	dense := kernel.Operand{Data: w.features, Row: w.dlPad, Col: 1}
	for h, a := range w.a {
		w.block.LastOneHot(kernel.Rows{Data: w.q[h], Step: w.d1Pad}, a, w.d1Pad)
		kernel.Gemm(w.q[h], w.d1Pad, dense, a[w.d0*w.d1Pad:], w.d1Pad, rows, w.d1Pad, w.k)
	}
	for h, p := range w.p {
		w.scoreLast(h)
		kernel.SoftmaxRows(p, w.tile.Length, w.largest[:w.n], w.total[:w.n])
		w.attendLast(h)
	}
	w.block.LastOneHot(kernel.Rows{Data: w.logits, Step: w.sPad}, w.w, w.sPad)
	kernel.Gemm(w.logits, w.sPad, dense, w.w[w.d0*w.sPad:], w.sPad, rows, w.sPad, w.dl)
}

// attend evaluates head b of the first layer.
func (w *twoWorker) attend(b int) {
	if w.heads[b].safe {
		w.block.Build(w.triangle(b), w.scale(b), w.heads[b].table)
		return
	}
	for i := range w.n {
		w.attendExactly(w.sequence(i), w.heads[b].scores, w.triangle(b).Row(i)[:w.tile.Triangle()], w.scale(b).Row(i)[:w.tile.Length])
	}
}

// attendExactly is attend for one sequence, by the scores themselves, where
// their range is too large for products of exponentials.
func (w *twoWorker) attendExactly(tokens []uint16, a, e, c []float64) {
	clear(e)
	for j := range w.t {
		row := w.row[:j+1]
		firstScores(a, w.s, j, tokens, row)
		softmax(row)
		for k, v := range row {
			e[kernel.Index(j, k)] = v
		}
	}
	for j := range c {
		c[j] = 1
	}
}

// scoreLast evaluates the scores of the last query of a head of the second layer.
func (w *twoWorker) scoreLast(h int) {
	p, q := w.rows(w.p[h]), kernel.Rows{Data: w.q[h], Step: w.d1Pad}
	w.block.LookUp(p, q, negativeInfinity)
	for b := range w.first {
		u := w.term(h, b, kernel.Right+1)
		w.block.LookUp(u, q.From((1+b)*w.d0), 0)
		w.block.OverKeys(w.term(h, b, kernel.Mean+1), p, w.triangle(b), u, w.scale(b))
	}
}

// attendLast evaluates the features that a head of the second layer makes.
func (w *twoWorker) attendLast(h int) {
	p, features := w.rows(w.p[h]), w.feature(w.k+h*w.d1)
	w.block.Features(features, p)
	for b := range w.first {
		w.spread(features.From((1+b)*w.d0), w.term(h, b, kernel.Left), p, b)
	}
}

// spread writes scaled = weights * c and the feature block that attention with
// these weights makes from first-layer head b.
func (w *twoWorker) spread(block, scaled, weights kernel.Rows, b int) {
	row := w.rows(w.row)
	w.block.OverQueries(row, scaled, w.triangle(b), weights, w.scale(b))
	w.block.Features(block, row)
}
