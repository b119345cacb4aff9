package implaws

import (
	"fmt"

	"causalgrad/impl/measure"
	"causalgrad/impl/model"
	"causalgrad/props"
)

var _ Summariser = builtin{}

// modelFor is the model, whose parameters have that length.
func modelFor(m props.ModelSpec, params []float64) (model.Model, error) {
	k, err := m.Model()
	if err != nil {
		return nil, err
	}
	if want := k.Layout().Size(); len(params) != want {
		return nil, fmt.Errorf("params: %d numbers, want %d", len(params), want)
	}
	return k, nil
}

func (builtin) Losses(m props.ModelSpec, params []float64, t props.TaskSpec, trainingAlpha float64, o measure.Options) (measure.Losses, error) {
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

func (builtin) PositionBlock(m props.ModelSpec, params []float64) ([][]float64, error) {
	k, err := modelFor(m, params)
	if err != nil {
		return nil, err
	}
	return measure.PositionBlock(k, params, m.FirstHeads())
}

func (builtin) AverageAttention(m props.ModelSpec, params []float64, t props.TaskSpec, o measure.Options) ([][]float64, error) {
	k, err := modelFor(m, params)
	if err != nil {
		return nil, err
	}
	problem, err := t.Task()
	if err != nil {
		return nil, err
	}
	return measure.AverageAttention(k, params, m.FirstHeads(), problem, o), nil
}

func (builtin) EdgeAttention(t props.TaskSpec, blocks [][]float64) (measure.Edges, error) {
	g, err := t.Graph()
	if err != nil {
		return measure.Edges{}, err
	}
	return measure.EdgeAttention(g, blocks), nil
}
