package implaws

import (
	"fmt"
	"slices"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/props"
)

var _ interface {
	KernelRunner
	DenseEvaluator
} = builtin{}

func (builtin) Kernels() []string { return slices.Clone(model.Kernels()) }

func (builtin) RunningKernel() (string, error) { return model.Kernel() }

func (builtin) EvaluateOn(kernel string, m props.ModelSpec, params []float64, b *task.Batch) (e FullEvaluation, err error) {
	err = model.WithKernel(kernel, func() error {
		k, err := m.Model()
		if err != nil {
			return err
		}
		e, err = fullEvaluation(k, m.FirstHeads(), params, b)
		return err
	})
	return e, err
}

func (builtin) TrainOn(kernel string, t props.TrainSpec) (params, losses []float64, err error) {
	err = model.WithKernel(kernel, func() error {
		params, losses, err = props.Builtin().(props.Trainer).Train(t)
		return err
	})
	return params, losses, err
}

func (builtin) EvaluateDense(m props.ModelSpec, params []float64, b *task.Batch) (FullEvaluation, error) {
	k, err := denseModel(m)
	if err != nil {
		return FullEvaluation{}, err
	}
	return fullEvaluation(k, m.FirstHeads(), params, b)
}

func denseModel(m props.ModelSpec) (model.Model, error) {
	switch m.Kind {
	case "disentangled":
		return model.NewDenseDisentangled(m.Tokens, m.Length, m.Heads)
	case "reduced":
		return model.NewDenseReduced(m.Tokens, m.Length, m.Eps)
	}
	return nil, fmt.Errorf("model kind = %q: no dense variant, want disentangled or reduced", m.Kind)
}

func fullEvaluation(k model.Model, heads int, params []float64, b *task.Batch) (FullEvaluation, error) {
	if want := k.Layout().Size(); len(params) != want {
		return FullEvaluation{}, fmt.Errorf("params: %d numbers, want %d", len(params), want)
	}
	if k.Tokens() != b.S || k.SequenceLength() != b.T {
		return FullEvaluation{}, fmt.Errorf("batch of %d tokens and length %d, but the model has %d and %d", b.S, b.T, k.Tokens(), k.SequenceLength())
	}
	pass := k.NewPass()
	pass.Bind(params)
	w := pass.NewWorker()
	e := FullEvaluation{props.Evaluation{Predictions: make([]float64, b.N*b.S), Gradient: make([]float64, len(params))},
		make([]float64, b.N*heads*b.T*b.T)}
	w.Predict(b, e.Predictions)
	w.Attention(b, e.Attention)
	scale := 1 / float64(b.N)
	e.Loss = w.LossGradient(b, e.Gradient) * scale
	for i := range e.Gradient {
		e.Gradient[i] *= scale
	}
	return e, nil
}
