package props

import (
	"fmt"
	"math"
	"slices"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/theory/chisq"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// Builtin is this project's own implementation as a Subject. It has every
// capability and is safe for concurrent use.
func Builtin() Subject { return builtin{} }

type builtin struct{}

func (builtin) Name() string      { return "builtin" }
func (builtin) Roundoff() float64 { return 0x1p-53 }
func (builtin) Concurrent() bool  { return true }

func (builtin) Sample(t task.Spec, n int, seed uint64) (*task.Batch, error) {
	k, err := t.Task()
	if err != nil {
		return nil, err
	}
	if n < 1 {
		return nil, fmt.Errorf("sample: n = %d, want at least 1", n)
	}
	b := task.NewBatch(n, t.Length, t.Tokens)
	if t.DAG == nil {
		b.WithChains()
	}
	k.NewSampler().Sample(stream.New(stream.Key{Seed: seed, Purpose: stream.Law}), b)
	return b, nil
}

func (builtin) Stationary(rows [][]float64) ([]float64, error) {
	c, err := markov.NewChain(rows)
	if err != nil {
		return nil, err
	}
	return slices.Clone(c.Stationary()), nil
}

func (builtin) Information(f graph.Forest, rows [][]float64) (signal, information [][]float64, err error) {
	c, err := markov.NewChain(rows)
	if err != nil {
		return nil, nil, err
	}
	m := chisq.Compute(f, c)
	return m.Signal, m.Information, nil
}

func (builtin) FirstStep(f graph.Forest, rows [][]float64, eps float64) ([][]float64, error) {
	c, err := markov.NewChain(rows)
	if err != nil {
		return nil, err
	}
	return firststep.Gradient(f, c, eps)
}

func (builtin) CountEstimate(t task.Spec, b *task.Batch, alpha float64) ([]float64, error) {
	k, err := t.Task()
	if err != nil {
		return nil, err
	}
	out := make([]float64, b.N*b.S)
	k.CountEstimate(b, alpha, out)
	return out, nil
}

func (builtin) Evaluate(m model.Spec, params []float64, b *task.Batch) (Evaluation, error) {
	k, err := m.Model()
	if err != nil {
		return Evaluation{}, err
	}
	if want := k.Layout().Size(); len(params) != want {
		return Evaluation{}, fmt.Errorf("params: %d numbers, want %d", len(params), want)
	}
	pass := k.NewPass()
	pass.Bind(params)
	w := pass.NewWorker()
	e := Evaluation{Predictions: make([]float64, b.N*b.S), Gradient: make([]float64, len(params))}
	w.Predict(b, e.Predictions)
	scale := 1 / float64(b.N)
	e.Loss = w.LossGradient(b, e.Gradient) * scale
	for i := range e.Gradient {
		e.Gradient[i] *= scale
	}
	return e, nil
}

func (builtin) Attention(m model.Spec, params []float64, b *task.Batch) ([]float64, error) {
	k, err := m.Model()
	if err != nil {
		return nil, err
	}
	if want := k.Layout().Size(); len(params) != want {
		return nil, fmt.Errorf("params: %d numbers, want %d", len(params), want)
	}
	pass := k.NewPass()
	pass.Bind(params)
	weights := make([]float64, b.N*m.FirstHeads()*b.T*b.T)
	pass.NewWorker().Attention(b, weights)
	return weights, nil
}

func (builtin) Optimize(o optim.Spec, params []float64, gradients [][]float64) ([][]float64, error) {
	optimizer, err := o.Optimizer(len(params))
	if err != nil {
		return nil, err
	}
	current := slices.Clone(params)
	var steps [][]float64
	for i, g := range gradients {
		if len(g) != len(params) {
			return nil, fmt.Errorf("gradients[%d]: %d numbers, want %d", i, len(g), len(params))
		}
		optimizer.Step(current, g)
		steps = append(steps, slices.Clone(current))
	}
	return steps, nil
}

func (builtin) Train(t train.Spec) (params, losses []float64, err error) {
	m, err := t.Model.Model()
	if err != nil {
		return nil, nil, err
	}
	k, err := t.Task.Task()
	if err != nil {
		return nil, nil, err
	}
	size := m.Layout().Size()
	if t.Only != "" {
		block, err := m.Layout().Block(t.Only)
		if err != nil {
			return nil, nil, err
		}
		size = block.Size()
	}
	optimizer, err := t.Optimizer.Optimizer(size)
	if err != nil {
		return nil, nil, err
	}
	params = slices.Clone(t.Params)
	trainer, err := train.New(train.Config{Model: m, Task: k, Optimizer: optimizer, Params: params,
		Only: t.Only, Batch: t.Batch, Seed: t.Seed, Workers: t.Workers})
	if err != nil {
		return nil, nil, err
	}
	defer trainer.Close()
	for range t.Steps {
		loss, err := trainer.Step()
		if err != nil {
			return nil, nil, err
		}
		losses = append(losses, loss)
	}
	return params, losses, nil
}

func (builtin) Measure(b *task.Batch, f []float64) (Measurement, error) {
	if len(f) != b.N*b.S {
		return Measurement{}, fmt.Errorf("predictions: %d numbers, want %d", len(f), b.N*b.S)
	}
	var m Measurement
	for n := range b.N {
		y, p := b.Target(n), f[n*b.S:(n+1)*b.S]
		m.Loss += task.CrossEntropy(y, p)
		m.Irreducible += task.Entropy(y)
		largest := 0.0
		for v := range y {
			largest = math.Max(largest, math.Abs(p[v]-y[v]))
		}
		m.SupError += largest
	}
	scale := 1 / float64(b.N)
	return Measurement{m.Loss * scale, m.Irreducible * scale, m.SupError * scale}, nil
}
