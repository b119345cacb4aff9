package model

import (
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"causalgrad/impl/task"
)

func (w denseWorker) LossGradient(b *task.Batch, gradient []float64) float64 {
	sum := 0.0
	for n := range b.N {
		tape, y := w.forward(b.Sequence(n)), b.Target(n)
		sum -= floats.Dot(y, tape.logF)
		if gradient != nil {
			w.backward(tape, y, gradient)
		}
	}
	return sum
}

// backward adds one sequence's gradient. Names: dX is the derivative of the
// loss with respect to X.
func (w denseWorker) backward(tape denseTape, y, gradient []float64) {
	da, dReadout := w.model.matrices(gradient)
	last := tape.x[len(w.a)]
	t, d := last.Dims()

	// f = softmax(W^T x_T): dlogits = (sum y) f - y.
	dLogits := mat.NewVecDense(len(y), nil)
	dLogits.AddScaledVec(mat.NewVecDense(len(y), floats.ScaleTo(make([]float64, len(y)), -1, y)), floats.Sum(y), mat.NewVecDense(len(y), tape.f))
	dReadout.RankOne(dReadout, 1, lastRow(last), dLogits)
	dx := mat.NewDense(t, d, nil)
	lastRow(dx).MulVec(w.readout, dLogits)

	for l := len(w.a) - 1; l >= 0; l-- {
		x := tape.x[l]
		_, d := x.Dims()
		dIn := mat.DenseCopyOf(dx.Slice(0, t, 0, d))
		for h, a := range w.a[l] {
			dOut := dx.Slice(0, t, d*(1+h), d*(2+h))
			headBackward(x, a, tape.weights[l][h], dOut, da[l][h], dIn)
		}
		dx = dIn
	}
}

// headBackward adds a head's gradient to dA and dX. The head is out = P X,
// P = softmax(Z) by row, Z = X A X^T.
func headBackward(x, a, p *mat.Dense, dOut mat.Matrix, da, dx *mat.Dense) {
	var dp, term mat.Dense
	dp.Mul(dOut, x.T())
	term.Mul(p.T(), dOut) // dX += P^T dOut
	dx.Add(dx, &term)

	dz := denseSoftmaxBackward(p, &dp)
	var xa, dzx, xTdzx, viaKey, viaQuery mat.Dense
	dzx.Mul(dz, x)
	xTdzx.Mul(x.T(), &dzx) // dA += X^T dZ X
	da.Add(da, &xTdzx)
	viaQuery.Mul(&dzx, a.T()) // dX += dZ X A^T + dZ^T X A
	dx.Add(dx, &viaQuery)
	xa.Mul(x, a)
	viaKey.Mul(dz.T(), &xa)
	dx.Add(dx, &viaKey)
}

// denseSoftmaxBackward is dZ = P * (dP - r 1^T) elementwise, r_i = sum_j P_ij dP_ij.
func denseSoftmaxBackward(p, dp *mat.Dense) *mat.Dense {
	var dz mat.Dense
	dz.Apply(func(i, j int, v float64) float64 {
		return p.At(i, j) * (v - floats.Dot(p.RawRowView(i), dp.RawRowView(i)))
	}, dp)
	return &dz
}
