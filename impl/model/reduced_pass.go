package model

import (
	"causalgrad/impl/internal/kernel"
	"causalgrad/impl/task"
	"causalgrad/theory/detmath"
)

// reducedBlock is the number of sequences that the reduced model evaluates at
// once, so that its three products are between matrices.
const reducedBlock = 64

// reducedPanel is the number of columns of a triangle that a product takes at
// once: it computes at most that many entries a row beyond the diagonal.
const reducedPanel = 24

type reducedPass struct {
	model      *Reduced
	n          int       // T padded: rows and columns behind T are 0
	attention  []float64 // softmax rows of A1, n x n
	transposed []float64 // n x n
	a2         []float64
}

// NewPass implements Model.
func (m *Reduced) NewPass() Pass {
	n := kernel.Pad(m.length)
	return &reducedPass{model: m, n: n, attention: make([]float64, n*n), transposed: make([]float64, n*n)}
}

func (p *reducedPass) Bind(params []float64) {
	t := p.model.length
	a1 := p.model.layout[0].Of(params)
	p.a2 = p.model.layout[1].Of(params)
	for i := range t {
		row := p.attention[i*p.n:][:kernel.Pad(i+1)]
		copy(row, a1[i*t:][:i+1])
		softmaxPadded(row, i+1)
		for j, v := range row[:i+1] {
			p.transposed[j*p.n+i] = v
		}
	}
}

// softmaxPadded replaces the first count scores by their softmax and the others
// by 0.
func softmaxPadded(row []float64, count int) {
	for i := count; i < len(row); i++ {
		row[i] = negativeInfinity
	}
	kernel.Softmax(row)
}

func (p *reducedPass) NewWorker() Worker {
	s, n := p.model.tokens, p.n
	block := func() []float64 { return make([]float64, reducedBlock*n) }
	return &reducedWorker{reducedPass: p, s: s, t: p.model.length, score: block(), weight: block(), dz: block(), key: block(),
		f: make([]float64, s), df: make([]float64, s), outer: make([]float64, n*n)}
}

// reducedWorker has a row of n numbers for each sequence of a block; rows behind
// the block's sequences, up to a multiple of the kernels' lanes, are 0 in dz.
type reducedWorker struct {
	*reducedPass
	s, t   int
	score  []float64 // w_j = A2[s_T][s_j]
	weight []float64 // v, the second layer's attention
	dz     []float64
	key    []float64 // derivative with respect to w
	f, df  []float64
	outer  []float64 // sum over the batch of dz_i w_j, n x n; j > i is not used
}

func (w *reducedWorker) row(block []float64, sequence int) []float64 {
	return block[sequence*w.n:][:w.n]
}

// forward fills score and weight for count sequences from first.
func (w *reducedWorker) forward(b *task.Batch, first, count int) {
	for i := range count {
		tokens, row := b.Sequence(first+i), w.row(w.score, i)
		query := w.a2[int(tokens[w.t-1])*w.s:][:w.s]
		for j, token := range tokens {
			row[j] = query[token]
		}
	}
	rows := kernel.Pad(count)
	clear(w.weight[:rows*w.n])
	for from := 0; from < w.n; from += reducedPanel {
		to := min(from+reducedPanel, w.n)
		kernel.Gemm(w.weight[from:], w.n, kernel.Operand{Data: w.score, Row: w.n, Col: 1}, w.transposed[from:], w.n, rows, to-from, min(to, w.t))
	}
	for i := range count {
		softmaxPadded(w.row(w.weight, i), w.t)
	}
}

// predict fills f for sequence i of the block.
func (w *reducedWorker) predict(tokens []uint16, i int) {
	clear(w.f)
	for j, v := range w.row(w.weight, i)[:w.t] {
		w.f[tokens[j]] += v
	}
}

func (w *reducedWorker) Predict(b *task.Batch, f []float64) {
	for first := 0; first < b.N; first += reducedBlock {
		count := min(reducedBlock, b.N-first)
		w.forward(b, first, count)
		for i := range count {
			w.predict(b.Sequence(first+i), i)
			copy(f[(first+i)*w.s:][:w.s], w.f)
		}
	}
}

// LossGradient implements Worker. Where f_s + eps is 0 the loss is infinite
// and the token, which no position carries, adds no gradient.
func (w *reducedWorker) LossGradient(b *task.Batch, gradient []float64) float64 {
	sum := 0.0
	clear(w.outer)
	for first := 0; first < b.N; first += reducedBlock {
		count := min(reducedBlock, b.N-first)
		w.forward(b, first, count)
		for i := range count {
			tokens := b.Sequence(first + i)
			w.predict(tokens, i)
			sum += w.loss(b.Target(first + i))
			if gradient != nil {
				w.scoreDerivative(tokens, i)
			}
		}
		if gradient != nil {
			w.backward(b, first, count, w.model.layout[1].Of(gradient))
		}
	}
	if gradient != nil {
		w.addFirst(w.model.layout[0].Of(gradient))
	}
	return sum
}

// loss returns a sequence's loss and fills df.
func (w *reducedWorker) loss(y []float64) float64 {
	sum := 0.0
	for s, v := range y {
		p := w.f[s] + w.model.eps
		w.df[s] = 0
		if p > 0 {
			w.df[s] = -v / p
		}
		if v > 0 {
			sum -= float64(v * detmath.Log(p))
		}
	}
	return sum
}

// scoreDerivative fills the row of dz of sequence i of the block.
func (w *reducedWorker) scoreDerivative(tokens []uint16, i int) {
	row := w.row(w.dz, i)
	for j, token := range tokens {
		row[j] = w.df[token]
	}
	clear(row[w.t:])
	kernel.SoftmaxBackward(w.row(w.weight, i), row)
}

// backward adds a block's gradient of A2 and its share of outer.
func (w *reducedWorker) backward(b *task.Batch, first, count int, da2 []float64) {
	rows := kernel.Pad(count)
	clear(w.dz[count*w.n : rows*w.n])
	clear(w.key[:rows*w.n])
	for from := 0; from < w.n; from += reducedPanel {
		to := min(from+reducedPanel, w.n)
		dz := w.dz[from:]
		kernel.Gemm(w.key[from:], w.n, kernel.Operand{Data: dz, Row: w.n, Col: 1}, w.attention[from*w.n+from:], w.n, rows, to-from, w.n-from)
		kernel.Gemm(w.outer[from*w.n:], w.n, kernel.Operand{Data: dz, Row: 1, Col: w.n}, w.score, w.n, to-from, to, count)
	}
	for i := range count {
		tokens := b.Sequence(first + i)
		row := da2[int(tokens[w.t-1])*w.s:][:w.s]
		for j, v := range w.row(w.key, i)[:w.t] {
			row[tokens[j]] += v
		}
	}
}

// addFirst adds the batch's gradient of A1: the softmax's derivative is the
// same for all sequences, so it is applied once.
func (w *reducedWorker) addFirst(da1 []float64) {
	for i := range w.t {
		padded := kernel.Pad(i + 1)
		row := w.outer[i*w.n:][:padded]
		clear(row[i+1:])
		kernel.SoftmaxBackward(w.attention[i*w.n:][:padded], row)
		add(da1[i*w.t:][:i+1], row)
	}
}

// Attention implements Worker: the same weights for every sequence.
func (w *reducedWorker) Attention(b *task.Batch, weights []float64) {
	clear(weights[:b.N*w.t*w.t])
	for n := range b.N {
		for i := range w.t {
			copy(weights[(n*w.t+i)*w.t:][:i+1], w.attention[i*w.n:])
		}
	}
}
