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

	sequences []*kernel.Sequence // [i]
	e         []float64          // [i][first head] triangles
	c         []float64          // [i][first head][query]
	features  []float64          // [i] dense features, dlPad
	q, dq     [][]float64        // [second head][i], d1Pad
	p         []float64          // [i][second head][query]
	terms     []float64          // [i][second head][first head] terms
	logits    []float64          // [i], sPad; after loss the derivative
	read      []float64          // [i] derivative with respect to features, dlPad

	score, row []float64 // vectors over T; score's padding stays 0
	scratch    []float64 // the kernels' own

	logit          []float64 // [i], S: the logits
	largest, total []float64 // [i] of the softmax of the logits
	gradients      twoGradients
}

// NewWorker implements Pass.
func (p *twoPass) NewWorker() Worker {
	n, b := p.tile.Length, p.block
	numbers := func(n int) []float64 { return make([]float64, n) }
	w := &twoWorker{twoPass: p, e: numbers(b * p.first * p.tile.Triangle()), c: numbers(b * p.first * n),
		features: numbers(b * p.dlPad), p: numbers(b * p.second * n), terms: numbers(b * p.second * p.first * kernel.TermSize * n),
		logits: numbers(b * p.sPad), read: numbers(b * p.dlPad),
		score: numbers(n), row: numbers(n), logit: numbers(b * p.s), largest: numbers(b), total: numbers(b), scratch: numbers(p.tile.Scratch())}
	for range p.second {
		w.q, w.dq = append(w.q, numbers(b*p.d1Pad)), append(w.dq, numbers(b*p.d1Pad))
	}
	for range b {
		w.sequences = append(w.sequences, kernel.NewSequence(p.tile))
	}
	w.gradients = newTwoGradients(&p.twoLayer)
	return w
}

// term is the derivative that head h of the second layer brings to head b of the
// first: left 0 is c p, right 0 v and mean 0 V; left 1 is c dz, right 1 u and
// mean 1 U; number 2 is the last query's own.
func (w *twoWorker) term(i, h, b int) []float64 {
	n := kernel.TermSize * w.tile.Length
	return w.terms[((i*w.second+h)*w.first+b)*n:][:n]
}

func (w *twoWorker) sequence(i int) []uint16 { return w.batch.Sequence(w.from + i) }

func (w *twoWorker) triangle(i, b int) []float64 {
	n := w.tile.Triangle()
	return w.e[(i*w.first+b)*n:][:n]
}

func (w *twoWorker) scale(i, b int) []float64 {
	return w.c[(i*w.first+b)*w.tile.Length:][:w.tile.Length]
}

func (w *twoWorker) weights(i, h int) []float64 {
	return w.p[(i*w.second+h)*w.tile.Length:][:w.tile.Length]
}

func (w *twoWorker) featureRow(i int) []float64 { return w.features[i*w.dlPad:][:w.dlPad] }

// setBlock makes the next sequences of b current.
func (w *twoWorker) setBlock(b *task.Batch, from int) {
	w.batch, w.from, w.n = b, from, min(w.block, b.N-from)
}

// forward evaluates the logits of the current block.
func (w *twoWorker) forward() {
	rows := kernel.Pad(w.n)
	for i := range w.n {
		w.attend(i)
	}
	dense := kernel.Operand{Data: w.features, Row: w.dlPad, Col: 1}
	for h, a := range w.a {
		for i := range w.n {
			w.startRow(w.q[h][i*w.d1Pad:][:w.d1Pad], a, i)
		}
		kernel.Gemm(w.q[h], w.d1Pad, dense, a[w.d0*w.d1Pad:], w.d1Pad, rows, w.d1Pad, w.k)
	}
	// Loop by loop, not sequence by sequence: one softmax then need not wait for
	// another.
	for h := range w.second {
		for i := range w.n {
			w.scoreLast(i, h)
		}
		for i := range w.n {
			kernel.Softmax(w.weights(i, h))
		}
		for i := range w.n {
			w.attendLast(i, h)
		}
	}
	for i := range w.n {
		w.startRow(w.logits[i*w.sPad:][:w.sPad], w.w, i)
	}
	kernel.Gemm(w.logits, w.sPad, dense, w.w[w.d0*w.sPad:], w.sPad, rows, w.sPad, w.dl)
}

// startRow writes what the last query's one-hot features bring: two rows of
// matrix, as wide as dst.
func (w *twoWorker) startRow(dst, matrix []float64, i int) {
	last := int(w.sequence(i)[w.t-1])
	kernel.Sum(dst, matrix[last*len(dst):], matrix[(w.s+w.t-1)*len(dst):])
}

// attend evaluates the first layer of sequence i, and from its last row the
// features that enter the second layer.
func (w *twoWorker) attend(i int) {
	sequence := w.sequences[i]
	sequence.Set(w.sequence(i))
	for b := range w.heads {
		e, c := w.triangle(i, b), w.scale(i, b)
		if w.heads[b].safe {
			sequence.Build(e, c, w.heads[b].table, w.scratch)
		} else {
			w.attendExactly(w.sequence(i), w.heads[b].scores, e, c)
		}
		scale := c[w.t-1]
		last := e[kernel.Index(w.t-1, 0):] // a key takes one row of a tile
		for k := range w.t {
			w.row[k] = last[kernel.Lanes*k] * scale
		}
		sequence.Features(w.featureRow(i)[b*w.d0:], w.row, w.scratch)
	}
}

// attendExactly is attend by the scores themselves, where their range is too
// large for products of exponentials.
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
func (w *twoWorker) scoreLast(i, h int) {
	sequence, p := w.sequences[i], w.weights(i, h)
	q := w.q[h][i*w.d1Pad:][:w.d1]
	sequence.LookUp(p, q)
	for j := w.t; j < len(p); j++ {
		p[j] = negativeInfinity
	}
	for b := range w.first {
		term := w.term(i, h, b)
		u := w.tile.Vector(term, kernel.Right+1)
		sequence.LookUp(u, q[(1+b)*w.d0:])
		kernel.OverKeys(w.tile, w.tile.Vector(term, kernel.Mean+1), p, w.triangle(i, b), u, w.scale(i, b))
	}
}

// attendLast evaluates the features that a head of the second layer makes.
func (w *twoWorker) attendLast(i, h int) {
	p, features := w.weights(i, h), w.featureRow(i)[w.k+h*w.d1:]
	w.sequences[i].Features(features, p, w.scratch)
	for b := range w.first {
		w.spread(features[(1+b)*w.d0:], w.tile.Vector(w.term(i, h, b), kernel.Left), p, i, b)
	}
}

// spread writes scaled = weights * c and the feature block that attention with
// these weights makes from first-layer head b.
func (w *twoWorker) spread(block, scaled, weights []float64, i, b int) {
	kernel.OverQueries(w.tile, w.row, scaled, w.triangle(i, b), weights, w.scale(i, b))
	w.sequences[i].Features(block, w.row, w.scratch)
}
