package reference

import (
	"fmt"
	"math"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
)

// A value of a forward or backward pass is at most 1e4 operations deep, on
// scores below 100, which the softmax turns into relative errors: 1e4 x 2^-53 x
// 100 is 1e-10.
const (
	passTolerance    = 1e-10
	passToleranceWhy = "1e4 operations on scores below 100: 1e4 x 2^-53 x 100"
)

// evaluator evaluates one model on one batch.
type evaluator struct {
	model  model.Model
	pass   model.Pass
	worker model.Worker
	batch  *task.Batch
}

func newEvaluator(o Options, a Architecture, b *task.Batch) (*evaluator, error) {
	m, err := o.model(a)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", a.Model, err)
	}
	pass := m.NewPass()
	return &evaluator{model: m, pass: pass, batch: b}, nil
}

func (e *evaluator) bind(params []float64) {
	e.pass.Bind(params)
	if e.worker == nil {
		e.worker = e.pass.NewWorker()
	}
}

// outputs is f, N x S, at the bound parameters.
func (e *evaluator) outputs() []float64 {
	f := make([]float64, e.batch.N*e.batch.S)
	e.worker.Predict(e.batch, f)
	return f
}

// lossGradient is the mean loss over the batch and its gradient.
func (e *evaluator) lossGradient() (float64, []float64) {
	gradient := make([]float64, e.model.Layout().Size())
	n := float64(e.batch.N)
	loss := e.worker.LossGradient(e.batch, gradient) / n
	for i := range gradient {
		gradient[i] /= n
	}
	return loss, gradient
}

// outputGradient is the scale at which every block of the gradient rounds: the largest
// entry of dL/dx = W (f - y), x what the last layer gives the read-out, as a mean of
// sizes over the batch. Backpropagation forms all blocks below the read-out from it,
// by sums of products with attentions and features that are at most 1: where
// attention saturates, entries cancel or vanish to any size, and keep the rounding of
// these terms, up to roundedTerms of them. The result is that rounding in units of
// passTolerance; 0 for a model without a read-out.
func (e *evaluator) outputGradient(params, outputs []float64) float64 {
	w, err := e.model.Layout().Block("W")
	if err != nil {
		return 0
	}
	readout, s := w.Of(params), e.batch.S
	scale := 0.0
	for n := range e.batch.N {
		f, y := outputs[n*s:(n+1)*s], e.batch.Target(n)
		largest := 0.0
		for row := 0; row < len(readout); row += s {
			sum := 0.0
			for v := range s {
				sum += readout[row+v] * (f[v] - y[v])
			}
			largest = math.Max(largest, math.Abs(sum))
		}
		scale += largest / float64(e.batch.N)
	}
	return scale * roundedTerms * 0x1p-53 / passTolerance
}

// roundedTerms is how many terms of the size of dL/dx an entry of the gradient sums: the
// positions, at most 32 in the files, by the few products on their way.
const roundedTerms = 100

// compare adds each array of want against its block of a flat vector; scale is as
// in addScaled.
func (c *comparison) compare(layout model.Layout, got []float64, want Params, scale float64) error {
	for _, array := range want {
		block, err := layout.Block(array.Name)
		if err != nil {
			return err
		}
		c.addScaled(array.Name, block.Of(got), array.Values, scale)
	}
	return nil
}
