package implaws

import (
	"fmt"
	"slices"

	"causalgrad/impl/model"
	"causalgrad/impl/weights"
	"causalgrad/props"
)

var _ WeightStore = builtin{}

func (builtin) WriteWeights(name string, m props.ModelSpec, params []float64) error {
	k, err := m.Model()
	if err != nil {
		return err
	}
	return weights.Write(name, k, params)
}

func (builtin) ReadWeights(name string, eps float64) (props.ModelSpec, []float64, error) {
	k, params, err := weights.Load(name, eps)
	if err != nil {
		return props.ModelSpec{}, nil, err
	}
	m, err := specOf(k, eps)
	return m, params, err
}

func (builtin) CheckWeightsName(name string) error { return weights.CheckName(name) }

// specOf describes a model; eps is the reduced model's.
func specOf(k model.Model, eps float64) (props.ModelSpec, error) {
	m := props.ModelSpec{Kind: k.Name(), Tokens: k.Tokens(), Length: k.SequenceLength()}
	switch k := k.(type) {
	case *model.Disentangled:
		m.Heads = slices.Clone(k.Heads())
	case *model.Reduced:
		m.Eps = eps
	case *model.Transformer:
		m.Layers = k.Layers()
	default:
		return props.ModelSpec{}, fmt.Errorf("model %q: no specification", k.Name())
	}
	return m, nil
}
