package model

import (
	"causalgrad/impl/internal/kernel"
)

// twoLayer is the shape of a disentangled transformer with two layers, which
// has a path of its own (every experiment of the paper trains one).
//
// Only the last query of the second layer counts, so a sequence's whole second
// layer is a few loops over the first layer's triangles of weights, and what
// the second layer's matrices do to the last query's features is a product over
// a block of sequences. With E(j,k) c(j) the weights of a first-layer head,
// u and v the look-ups of q and of the read-out's derivative, U and V their
// means under the weights, p and dz the second layer's weights and the
// derivative of its scores, the derivative of the first layer's scores is
//
//	E(j,k) c(j) (p(j) (v(k) - V(j)) + dz(j) (u(k) - U(j))),
//
// of rank two but for the weights: no T x T derivative of the weights is formed.
//
// In all its buffers rows are padded to the kernels' lanes. Dense features are
// the ones behind the one-hot block 0: the first k columns of a feature row
// enter the second layer, all dl enter the read-out.
type twoLayer struct {
	s, t, d0  int
	first     int // heads of the first layer
	second    int // heads of the second layer
	tile      kernel.Shape
	k, kPad   int // first * d0
	d1, d1Pad int // (1 + first) * d0
	dl, dlPad int // k + second * d1
	sPad      int
	size      int // sequences that are evaluated at once: a block
}

// blockNumbers bounds the triangles of a block of sequences, so that they stay
// in a core's second-level cache from the forward to the backward loops.
const blockNumbers = 1 << 14

func newTwoLayer(m *Disentangled) twoLayer {
	s, t := m.tokens, m.length
	v := twoLayer{s: s, t: t, d0: s + t, first: m.heads[0], second: m.heads[1], tile: kernel.NewShape(t, s)}
	v.k = v.first * v.d0
	v.d1 = v.k + v.d0
	v.dl = v.k + v.second*v.d1
	v.kPad, v.d1Pad, v.dlPad, v.sPad = kernel.Pad(v.k), kernel.Pad(v.d1), kernel.Pad(v.dl), kernel.Pad(s)
	v.size = 64
	for v.size > kernel.Lanes && v.size*v.first*v.tile.Triangle() > blockNumbers {
		v.size /= 2
	}
	return v
}

// twoPass holds the bound parameters in the kernels' layout.
type twoPass struct {
	twoLayer
	model *Disentangled
	heads []twoHead
	a     [][]float64 // second layer, d1 x d1Pad
	aT    [][]float64 // its dense rows, transposed: d1 x kPad
	w     []float64   // read-out, (d0+dl) x sPad
	wT    []float64   // its dense rows, transposed: s x dlPad
}

// twoHead is a head of the first layer: for query i with token a a row with the
// factor exp(A[a][S+k] + A[S+i][S+k]) of key k <= i and the factor exp(A[a][b]
// + A[S+i][b]) of a key's token b, each divided by its largest. The weight of a
// key is the product of its two factors over the row's sum. Padding is 0; the
// row of padded queries has weight 1 on key 0, whatever its token.
type twoHead struct {
	scores []float64 // A, in the parameters
	table  []float64
	safe   bool // no row's products can all underflow
}

func newTwoPass(m *Disentangled) *twoPass {
	p := &twoPass{twoLayer: newTwoLayer(m), model: m}
	p.heads = make([]twoHead, p.first)
	for h := range p.heads {
		table := make([]float64, p.tile.Table())
		empty := table[p.tile.Empty():]
		empty[0] = 1
		for b := range p.s {
			empty[p.tile.Length+b] = 1
		}
		p.heads[h].table = table
	}
	for range p.second {
		p.a = append(p.a, make([]float64, p.d1*p.d1Pad))
		p.aT = append(p.aT, make([]float64, p.d1*p.kPad))
	}
	p.w, p.wT = make([]float64, (p.d0+p.dl)*p.sPad), make([]float64, p.s*p.dlPad)
	return p
}

func (p *twoPass) Bind(params []float64) {
	layout := p.model.layout
	for h := range p.heads {
		p.heads[h].scores = layout[h].Of(params)
		p.fill(&p.heads[h])
	}
	for h := range p.a {
		pack(p.a[h], p.aT[h], layout[p.first+h].Of(params), p.d1, p.d1, p.d0)
	}
	pack(p.w, p.wT, layout[p.first+p.second].Of(params), p.d0+p.dl, p.s, p.d0)
}

// pack copies a rows x cols matrix to padded rows, and its rows from..rows-1 to
// a transposed padded matrix.
func pack(dst, transposed, matrix []float64, rows, cols, from int) {
	stride, tStride := kernel.Pad(cols), kernel.Pad(rows-from)
	for r := range rows {
		row := matrix[r*cols : (r+1)*cols]
		copy(dst[r*stride:], row)
		if r >= from {
			for c, v := range row {
				transposed[c*tStride+r-from] = v
			}
		}
	}
}

func (p *twoPass) fill(h *twoHead) {
	h.safe = true
	n := p.tile.Length
	for i := range p.t {
		byPosition := h.scores[(p.s+i)*p.d0 : (p.s+i+1)*p.d0]
		for a := range p.s {
			byToken := h.scores[a*p.d0 : (a+1)*p.d0]
			row := h.table[p.tile.At(i, a):][:p.tile.Row()]
			spread := shiftedSum(row[:n], byToken[p.s:p.s+i+1], byPosition[p.s:])
			spread += shiftedSum(row[n:], byToken[:p.s], byPosition)
			h.safe = h.safe && spread <= maxScoreRange
			kernel.Exp(row)
		}
	}
}

// shiftedSum writes x+y - max(x+y) to dst, -Inf behind it, and returns the
// range of x+y.
func shiftedSum(dst, x, y []float64) float64 {
	largest, smallest := negativeInfinity, -negativeInfinity
	y = y[:len(x)]
	for j, v := range x {
		v += y[j]
		dst[j] = v
		largest, smallest = max(largest, v), min(smallest, v)
	}
	for j := range x {
		dst[j] -= largest
	}
	for j := len(x); j < len(dst); j++ {
		dst[j] = negativeInfinity
	}
	return largest - smallest
}
