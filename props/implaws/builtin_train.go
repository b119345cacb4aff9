package implaws

import (
	"fmt"
	"slices"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
	"causalgrad/theory/graph"
	"causalgrad/theory/stream"
)

var _ interface {
	Resumer
	Stager
	Validator
	TaskVariants
} = builtin{}

func (builtin) TrainInParts(t props.TrainSpec, stops []int) (params, losses []float64, err error) {
	params = slices.Clone(t.Params)
	var state [][]float64
	done := 0
	for _, stop := range append(slices.Clone(stops), t.Steps) {
		if stop < done || stop > t.Steps {
			return nil, nil, fmt.Errorf("stop = %d, want %d to %d", stop, done, t.Steps)
		}
		params = slices.Clone(params)
		trainer, optimizer, err := props.NewTrainer(t, params, false)
		if err != nil {
			return nil, nil, err
		}
		for i, view := range optimizer.State() {
			if state != nil {
				copy(view, state[i])
			}
		}
		optimizer.Restore(done)
		trainer.Resume(done)
		for trainer.Steps() < stop {
			loss, err := trainer.Step()
			if err != nil {
				trainer.Close()
				return params, losses, err
			}
			losses = append(losses, loss)
		}
		trainer.Close()
		state = nil
		for _, view := range optimizer.State() {
			state = append(state, slices.Clone(view))
		}
		done = optimizer.Steps()
	}
	return params, losses, nil
}

func (builtin) GradientAt(t props.TrainSpec, step int) (float64, []float64, error) {
	trainer, _, err := props.NewTrainer(t, slices.Clone(t.Params), false)
	if err != nil {
		return 0, nil, err
	}
	defer trainer.Close()
	loss, gradient := trainer.Gradient(step)
	return loss, slices.Clone(gradient), nil
}

func (builtin) Stages(t props.TaskSpec, a train.Algorithm1) (Stages, error) {
	k, err := t.Task()
	if err != nil {
		return Stages{}, err
	}
	var progress []int
	s, err := a.Run(k, func(steps int) { progress = append(progress, steps) })
	return Stages{s.First, s.Params, progress}, err
}

func (builtin) InitTransformer(m props.ModelSpec, seed uint64) ([]float64, error) {
	k, err := model.NewTransformer(m.Tokens, m.Length, m.Layers)
	if err != nil {
		return nil, err
	}
	params := make([]float64, k.Layout().Size())
	model.InitTransformer(k, stream.New(stream.Key{Seed: seed, Purpose: stream.Init}), params)
	return params, nil
}

func (builtin) ValidateModel(m props.ModelSpec) error {
	_, err := m.Model()
	return err
}

func (builtin) ValidateOptimizer(o props.OptimizerSpec) error {
	_, err := o.Optimizer(1)
	return err
}

func (builtin) ValidateTask(t props.TaskSpec) error {
	_, err := t.Task()
	return err
}

func (builtin) ValidateTrain(t props.TrainSpec) error {
	trainer, _, err := props.NewTrainer(t, slices.Clone(t.Params), false)
	if err == nil {
		trainer.Close()
	}
	return err
}

func (builtin) WrappedCount(t props.TaskSpec, b *task.Batch, alpha float64) ([]float64, error) {
	f, err := graph.NewForest(t.Parents)
	if err != nil {
		return nil, err
	}
	out := make([]float64, b.N*b.S)
	task.WrappedCountEstimate(f, b, alpha, out)
	return out, nil
}

func (builtin) SingleParentCount(t props.TaskSpec, slot int, b *task.Batch, alpha float64) ([]float64, error) {
	g, err := graph.NewDAG(t.DAG)
	if err != nil {
		return nil, err
	}
	out := make([]float64, b.N*b.S)
	return out, task.SingleParentEstimate(g, slot, b, alpha, out)
}

func (builtin) SampleUnder(t, other props.TaskSpec, n int, seed uint64) (*task.Batch, error) {
	k, err := t.Task()
	if err != nil {
		return nil, err
	}
	prior, err := other.Prior()
	if err != nil {
		return nil, err
	}
	if k, err = k.WithPrior(prior); err != nil {
		return nil, err
	}
	b := task.NewBatch(n, t.Length, k.Tokens())
	k.NewSampler().Sample(stream.New(stream.Key{Seed: seed, Purpose: stream.Law}), b)
	return b, nil
}
