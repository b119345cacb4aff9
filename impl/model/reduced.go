package model

import (
	"fmt"

	"causalgrad/impl/task"
	"causalgrad/theory/detmath"
)

// Reduced is the model of the theory (theory.md section 2): a position-position
// matrix A1 for the first layer, a token-token matrix A2 for the second, and
// the attention-weighted token frequencies as the prediction. f is already a
// probability vector; the loss is -sum_s y_s log(f_s + eps).
//
// The first layer's weights depend on the parameters alone, so they are
// computed once a pass, and the gradient of A1 is a product over the batch of
// the second layer's two rank-one factors.
type Reduced struct {
	tokens, length int
	eps            float64
	layout         Layout
}

// NewReduced returns the model with blocks "A1" (T x T, entries above the
// diagonal unused) and "A2" (S x S). eps must be finite and at least 0.
func NewReduced(tokens, length int, eps float64) (*Reduced, error) {
	layout, err := reducedLayout(tokens, length, eps)
	if err != nil {
		return nil, err
	}
	return &Reduced{tokens, length, eps, layout}, nil
}

func reducedLayout(tokens, length int, eps float64) (Layout, error) {
	if err := checkShape(tokens, length); err != nil {
		return nil, err
	}
	if !(eps >= 0 && eps < 1) {
		return nil, fmt.Errorf("eps = %v, want a number from 0 to below 1", eps)
	}
	return Layout{}.add("A1", length, length).add("A2", tokens, tokens), nil
}

// Name implements Model.
func (m *Reduced) Name() string { return "reduced" }

// Tokens implements Model.
func (m *Reduced) Tokens() int { return m.tokens }

// SequenceLength implements Model.
func (m *Reduced) SequenceLength() int { return m.length }

// Layout implements Model.
func (m *Reduced) Layout() Layout { return m.layout }

// NewPass implements Model.
func (m *Reduced) NewPass() Pass {
	return &reducedPass{model: m, attention: newTriangle(0, m.length)}
}

type reducedPass struct {
	model     *Reduced
	attention triangle // softmax rows of A1
	a2        []float64
}

// Bind implements Pass.
func (p *reducedPass) Bind(params []float64) {
	t := p.model.length
	a1 := p.model.layout[0].Of(params)
	p.a2 = p.model.layout[1].Of(params)
	for i := range t {
		row := p.attention.row(i)
		copy(row, a1[i*t:])
		softmax(row)
	}
}

// NewWorker implements Pass.
func (p *reducedPass) NewWorker() Worker {
	s, t := p.model.tokens, p.model.length
	return &reducedWorker{pass: p, s: s, t: t, score: make([]float64, t), weight: make([]float64, t),
		dz: make([]float64, t), key: make([]float64, t), f: make([]float64, s), df: make([]float64, s),
		outer: newTriangle(0, t)}
}

type reducedWorker struct {
	pass   *reducedPass
	s, t   int
	score  []float64 // w_j = A2[s_T][s_j]
	weight []float64 // v, the second layer's attention
	dz     []float64
	key    []float64 // derivative with respect to w
	f, df  []float64
	outer  triangle // sum over the batch of dz_i w_j
}

// forward fills score, weight and f for one sequence.
func (w *reducedWorker) forward(tokens []uint16) {
	query := w.pass.a2[int(tokens[w.t-1])*w.s:][:w.s]
	for j, b := range tokens {
		w.score[j] = query[b]
	}
	for i := range w.weight {
		row := w.pass.attention.row(i)
		w.weight[i] = dot(row, w.score[:i+1])
	}
	softmax(w.weight)
	clear(w.f)
	for i, b := range tokens {
		w.f[b] += w.weight[i]
	}
}

// Predict implements Worker.
func (w *reducedWorker) Predict(b *task.Batch, f []float64) {
	for n := range b.N {
		w.forward(b.Sequence(n))
		copy(f[n*w.s:(n+1)*w.s], w.f)
	}
}

// LossGradient implements Worker. Where f_s + eps is 0 the loss is infinite
// and the token, which no position carries, adds no gradient.
func (w *reducedWorker) LossGradient(b *task.Batch, gradient []float64) float64 {
	sum := 0.0
	clear(w.outer.data)
	for n := range b.N {
		tokens, y := b.Sequence(n), b.Target(n)
		w.forward(tokens)
		for s, v := range y {
			p := w.f[s] + w.pass.model.eps
			w.df[s] = 0
			if p > 0 {
				w.df[s] = -v / p
			}
			if v > 0 {
				sum -= float64(v * detmath.Log(p))
			}
		}
		if gradient != nil {
			w.backward(tokens, w.pass.model.layout[1].Of(gradient))
		}
	}
	if gradient != nil {
		w.addFirst(w.pass.model.layout[0].Of(gradient))
	}
	return sum
}

// backward adds one sequence's gradient of A2 and its share of outer.
func (w *reducedWorker) backward(tokens []uint16, da2 []float64) {
	for i, b := range tokens {
		w.dz[i] = w.df[b]
	}
	softmaxBackward(w.weight, w.dz)
	clear(w.key)
	for i, v := range w.dz {
		axpy(w.key[:i+1], v, w.pass.attention.row(i))
		axpy(w.outer.row(i), v, w.score)
	}
	row := da2[int(tokens[w.t-1])*w.s:][:w.s]
	for j, b := range tokens {
		row[b] += w.key[j]
	}
}

// addFirst adds the batch's gradient of A1: the softmax's derivative is the
// same for all sequences, so it is applied once.
func (w *reducedWorker) addFirst(da1 []float64) {
	for i := range w.t {
		row := w.outer.row(i)
		softmaxBackward(w.pass.attention.row(i), row)
		add(da1[i*w.t:][:i+1], row)
	}
}

// Attention implements Worker: the same weights for every sequence.
func (w *reducedWorker) Attention(b *task.Batch, weights []float64) {
	clear(weights[:b.N*w.t*w.t])
	for n := range b.N {
		for i := range w.t {
			copy(weights[(n*w.t+i)*w.t:], w.pass.attention.row(i))
		}
	}
}

// PositionScores writes A1 to dst, T x T; there is one head.
func (m *Reduced) PositionScores(params []float64, _ int, dst []float64) {
	copy(dst, m.layout[0].Of(params))
}
