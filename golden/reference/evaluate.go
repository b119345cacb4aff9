package reference

import (
	"fmt"

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

// compare adds each array of want against its block of a flat vector.
func (c *comparison) compare(layout model.Layout, got []float64, want Params) error {
	for _, array := range want {
		block, err := layout.Block(array.Name)
		if err != nil {
			return err
		}
		c.add(array.Name, block.Of(got), array.Values)
	}
	return nil
}
