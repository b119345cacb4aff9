package model

import (
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"causalgrad/impl/task"
	"causalgrad/theory/detmath"
)

// DenseDisentangled is the disentangled transformer as theory/README.md, section 2
// writes it, with dense matrices and gonum: the oracle of Disentangled and the
// reference of its benchmark. It shares Disentangled's layout and none of its
// arithmetic. It allocates freely, and its bits are not part of the
// determinism contract.
type DenseDisentangled struct {
	tokens, length int
	heads          []int
	layout         Layout
}

// NewDenseDisentangled returns the model with heads[l] heads in layer l, with
// the blocks of NewDisentangled.
func NewDenseDisentangled(tokens, length int, heads []int) (*DenseDisentangled, error) {
	if err := checkShape(tokens, length); err != nil {
		return nil, err
	}
	layout, _, err := disentangledLayout(tokens, length, heads)
	if err != nil {
		return nil, err
	}
	return &DenseDisentangled{tokens, length, append([]int(nil), heads...), layout}, nil
}

// Name implements Model.
func (m *DenseDisentangled) Name() string { return "disentangled" }

// Tokens implements Model.
func (m *DenseDisentangled) Tokens() int { return m.tokens }

// SequenceLength implements Model.
func (m *DenseDisentangled) SequenceLength() int { return m.length }

// Layout implements Model.
func (m *DenseDisentangled) Layout() Layout { return m.layout }

// NewPass implements Model.
func (m *DenseDisentangled) NewPass() Pass { return &densePass{model: m} }

type densePass struct {
	model   *DenseDisentangled
	a       [][]*mat.Dense // [layer][head], d_l x d_l
	readout *mat.Dense     // d_L x S
}

func (p *densePass) Bind(params []float64) { p.a, p.readout = p.model.matrices(params) }

// matrices views the blocks of a flat vector.
func (m *DenseDisentangled) matrices(flat []float64) (a [][]*mat.Dense, readout *mat.Dense) {
	var all []*mat.Dense
	for _, b := range m.layout {
		all = append(all, mat.NewDense(b.Rows, b.Cols, b.Of(flat)))
	}
	for _, heads := range m.heads {
		a, all = append(a, all[:heads]), all[heads:]
	}
	return a, all[0]
}

func (p *densePass) NewWorker() Worker { return denseWorker{p} }

type denseWorker struct{ *densePass }

// denseTape is one sequence's forward evaluation.
type denseTape struct {
	x       []*mat.Dense   // [layer] T x d_l; the last one enters the read-out
	weights [][]*mat.Dense // [layer][head] T x T attention
	logF, f []float64
}

// forward evaluates one sequence.
func (w denseWorker) forward(tokens []uint16) denseTape {
	tape := denseTape{x: []*mat.Dense{w.model.embed(tokens)}}
	for l := range w.a {
		x := tape.x[l]
		next, weights := x, []*mat.Dense(nil)
		for _, a := range w.a[l] {
			var xa, scores, out, concat mat.Dense
			xa.Mul(x, a)
			scores.Mul(&xa, x.T())
			causalSoftmax(&scores)
			out.Mul(&scores, x)
			concat.Augment(next, &out)
			next, weights = &concat, append(weights, &scores)
		}
		tape.x, tape.weights = append(tape.x, next), append(tape.weights, weights)
	}
	var logits mat.VecDense
	logits.MulVec(w.readout.T(), lastRow(tape.x[len(w.a)]))
	tape.logF, tape.f = logSoftmax(logits.RawVector().Data)
	return tape
}

// embed is T x (S+T): one-hot token, then one-hot position.
func (m *DenseDisentangled) embed(tokens []uint16) *mat.Dense {
	x := mat.NewDense(m.length, m.tokens+m.length, nil)
	for i, v := range tokens {
		x.Set(i, int(v), 1)
		x.Set(i, m.tokens+i, 1)
	}
	return x
}

// causalSoftmax replaces row i by the softmax of its entries 0..i, then zeros.
func causalSoftmax(scores *mat.Dense) {
	n, _ := scores.Dims()
	for i := range n {
		row := scores.RawRowView(i)
		_, f := logSoftmax(row[:i+1])
		clear(row[copy(row, f):])
	}
}

// logSoftmax returns log softmax(z) and softmax(z).
func logSoftmax(z []float64) (logF, f []float64) {
	logSum := floats.LogSumExp(z)
	for _, v := range z {
		logF, f = append(logF, v-logSum), append(f, detmath.Exp(v-logSum))
	}
	return logF, f
}

func lastRow(x *mat.Dense) *mat.VecDense {
	t, d := x.Dims()
	return mat.NewVecDense(d, x.RawRowView(t-1))
}

func (w denseWorker) Predict(b *task.Batch, f []float64) {
	for n := range b.N {
		copy(f[n*b.S:(n+1)*b.S], w.forward(b.Sequence(n)).f)
	}
}

func (w denseWorker) Attention(b *task.Batch, weights []float64) {
	weights = weights[:0]
	for n := range b.N {
		for _, head := range w.forward(b.Sequence(n)).weights[0] {
			weights = append(weights, head.RawMatrix().Data...)
		}
	}
}
