package implaws

import (
	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/theory/stream"
)

var _ interface {
	Transferrer
	Rounder
} = builtin{}

func (builtin) Relabel(m props.ModelSpec, params []float64, t props.TaskSpec, alpha float64, o measure.Options) (measure.Relabelling, error) {
	k, err := modelFor(m, params)
	if err != nil {
		return measure.Relabelling{}, err
	}
	problem, err := t.Task()
	if err != nil {
		return measure.Relabelling{}, err
	}
	return measure.Relabel(k, params, problem, alpha, o), nil
}

func (builtin) SortSpectra(m props.ModelSpec, params []float64, t props.TaskSpec, trainingAlpha float64, o measure.Options) (measure.Spectra, error) {
	k, err := modelFor(m, params)
	if err != nil {
		return measure.Spectra{}, err
	}
	problem, err := t.Task()
	if err != nil {
		return measure.Spectra{}, err
	}
	return measure.Sort(k, params, problem, trainingAlpha, o)
}

func (builtin) SampleRounded(t props.TaskSpec, r task.Numbers, n int, seed uint64) (*task.Batch, error) {
	k, err := t.Task()
	if err != nil {
		return nil, err
	}
	if k, err = task.WithNumbers(k, r); err != nil {
		return nil, err
	}
	b := task.NewBatch(n, t.Length, t.Tokens)
	if t.DAG == nil {
		b.WithChains()
	}
	k.NewSampler().Sample(stream.New(stream.Key{Seed: seed, Purpose: stream.Law}), b)
	return b, nil
}

func (builtin) TrainRounded(t props.TrainSpec) (params, losses []float64, err error) {
	return props.Trained(t, true)
}
