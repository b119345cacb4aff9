package model

import (
	"gonum.org/v1/gonum/mat"

	"causalgrad/impl/task"
	"causalgrad/theory/detmath"
)

// DenseReduced is the reduced model as theory/README.md, section 2 writes it, with
// dense matrices and gonum: the oracle of Reduced. It shares Reduced's layout
// and none of its arithmetic; its bits are not part of the determinism
// contract.
type DenseReduced struct {
	tokens, length int
	eps            float64
	layout         Layout
}

// NewDenseReduced returns the model with the blocks and the bounds of
// NewReduced.
func NewDenseReduced(tokens, length int, eps float64) (*DenseReduced, error) {
	layout, err := reducedLayout(tokens, length, eps)
	if err != nil {
		return nil, err
	}
	return &DenseReduced{tokens, length, eps, layout}, nil
}

// Name implements Model.
func (m *DenseReduced) Name() string { return "reduced" }

// Tokens implements Model.
func (m *DenseReduced) Tokens() int { return m.tokens }

// SequenceLength implements Model.
func (m *DenseReduced) SequenceLength() int { return m.length }

// Layout implements Model.
func (m *DenseReduced) Layout() Layout { return m.layout }

// NewPass implements Model.
func (m *DenseReduced) NewPass() Pass { return &denseReducedPass{model: m} }

type denseReducedPass struct {
	model *DenseReduced
	p1    *mat.Dense // softmax of A1 by row, T x T
	a2    *mat.Dense // S x S
}

func (p *denseReducedPass) Bind(params []float64) {
	a1, a2 := p.model.matrices(params)
	p.p1, p.a2 = mat.DenseCopyOf(a1), a2
	causalSoftmax(p.p1)
}

func (m *DenseReduced) matrices(flat []float64) (a1, a2 *mat.Dense) {
	return mat.NewDense(m.length, m.length, m.layout[0].Of(flat)), mat.NewDense(m.tokens, m.tokens, m.layout[1].Of(flat))
}

func (p *denseReducedPass) NewWorker() Worker { return denseReducedWorker{p} }

type denseReducedWorker struct{ *denseReducedPass }

// reducedTape is one sequence's forward evaluation.
type reducedTape struct {
	x *mat.Dense    // T x S, one-hot tokens
	w *mat.VecDense // w_j = A2[s_T][s_j]
	v *mat.VecDense // softmax(P1 w)
	f *mat.VecDense // X^T v
}

// forward evaluates one sequence: w = X A2^T x_T, v = softmax(P1 w), f = X^T v.
func (w denseReducedWorker) forward(tokens []uint16) reducedTape {
	x := mat.NewDense(len(tokens), w.model.tokens, nil)
	for i, b := range tokens {
		x.Set(i, int(b), 1)
	}
	var query, scores, z, f mat.VecDense
	query.MulVec(w.a2.T(), lastRow(x))
	scores.MulVec(x, &query)
	z.MulVec(w.p1, &scores)
	_, weights := logSoftmax(z.RawVector().Data)
	v := mat.NewVecDense(len(weights), weights)
	f.MulVec(x.T(), v)
	return reducedTape{x, &scores, v, &f}
}

func (w denseReducedWorker) Predict(b *task.Batch, f []float64) {
	for n := range b.N {
		copy(f[n*b.S:(n+1)*b.S], w.forward(b.Sequence(n)).f.RawVector().Data)
	}
}

// LossGradient implements Worker, with Reduced's convention where f_s + eps is 0.
func (w denseReducedWorker) LossGradient(b *task.Batch, gradient []float64) float64 {
	sum := 0.0
	for n := range b.N {
		tape, y := w.forward(b.Sequence(n)), b.Target(n)
		df := mat.NewVecDense(b.S, nil) // -y / (f + eps)
		for s, v := range y {
			if v == 0 {
				continue
			}
			p := tape.f.AtVec(s) + w.model.eps
			sum -= float64(v * detmath.Log(p))
			if p > 0 {
				df.SetVec(s, -v/p)
			}
		}
		if gradient != nil {
			w.backward(tape, df, gradient)
		}
	}
	return sum
}

// backward adds one sequence's gradient from df.
func (w denseReducedWorker) backward(tape reducedTape, df *mat.VecDense, gradient []float64) {
	da1, da2 := w.model.matrices(gradient)
	t := tape.v.Len()

	// dz = v * (dv - v.dv) elementwise, dv = X df.
	var dv, dz, dw mat.VecDense
	dv.MulVec(tape.x, df)
	dz.MulElemVec(tape.v, &dv)
	dz.AddScaledVec(&dz, -mat.Dot(tape.v, &dv), tape.v)

	// z = P1 w, w = X A2^T x_T: dP1 = dz w^T, dw = P1^T dz, dA2 = x_T (X^T dw)^T.
	dp1 := mat.NewDense(t, t, nil)
	dp1.Outer(1, &dz, tape.w)
	da1.Add(da1, denseSoftmaxBackward(w.p1, dp1))
	dw.MulVec(w.p1.T(), &dz)
	var byKey mat.VecDense
	byKey.MulVec(tape.x.T(), &dw)
	da2.RankOne(da2, 1, lastRow(tape.x), &byKey)
}

// Attention implements Worker: the same weights for every sequence.
func (w denseReducedWorker) Attention(b *task.Batch, weights []float64) {
	weights = weights[:0]
	for range b.N {
		weights = append(weights, w.p1.RawMatrix().Data...)
	}
}
