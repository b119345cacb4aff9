package props

import (
	"fmt"

	"causalgrad/impl/measure"
	"causalgrad/impl/model"
)

var _ Summariser = builtin{}

// modelFor is the model, whose parameters have that length.
func modelFor(m ModelSpec, params []float64) (model.Model, error) {
	k, err := m.Model()
	if err != nil {
		return nil, err
	}
	if want := k.Layout().Size(); len(params) != want {
		return nil, fmt.Errorf("params: %d numbers, want %d", len(params), want)
	}
	return k, nil
}

func (builtin) Losses(m ModelSpec, params []float64, t TaskSpec, trainingAlpha float64, o measure.Options) (measure.Losses, error) {
	k, err := modelFor(m, params)
	if err != nil {
		return measure.Losses{}, err
	}
	problem, err := t.Task()
	if err != nil {
		return measure.Losses{}, err
	}
	return measure.Evaluate(k, params, problem, trainingAlpha, o)
}

func (builtin) PositionBlock(m ModelSpec, params []float64) ([][]float64, error) {
	k, err := modelFor(m, params)
	if err != nil {
		return nil, err
	}
	return measure.PositionBlock(k, params, m.firstHeads())
}

func (builtin) AverageAttention(m ModelSpec, params []float64, t TaskSpec, o measure.Options) ([][]float64, error) {
	k, err := modelFor(m, params)
	if err != nil {
		return nil, err
	}
	problem, err := t.Task()
	if err != nil {
		return nil, err
	}
	return measure.AverageAttention(k, params, m.firstHeads(), problem, o), nil
}

func (builtin) EdgeAttention(t TaskSpec, blocks [][]float64) (measure.Edges, error) {
	g, err := t.graph()
	if err != nil {
		return measure.Edges{}, err
	}
	return measure.EdgeAttention(g, blocks), nil
}
