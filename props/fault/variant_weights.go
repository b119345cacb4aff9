package fault

import (
	"causalgrad/props"
	"causalgrad/props/implaws"
)

// weightsHooks replace the operations of a implaws.WeightStore. They see what the
// subject refuses too: to let it pass is the mistake of a reader.
type weightsHooks struct {
	writeWeights func(s implaws.WeightStore, name string, m props.ModelSpec, params []float64) error
	readWeights  func(own weightsAnswer, err error) (weightsAnswer, error)
}

// weightsAnswer is a file's model and parameters.
type weightsAnswer struct {
	spec   props.ModelSpec
	params []float64
}

func (h weightsHooks) weightsTouched() []props.Capability {
	if h.writeWeights == nil && h.readWeights == nil {
		return nil
	}
	return []props.Capability{implaws.CanStoreWeights}
}

// WriteWeights implements implaws.WeightStore.
func (v *variant) WriteWeights(name string, m props.ModelSpec, params []float64) error {
	s, err := capable[implaws.WeightStore](v)
	if err != nil {
		return err
	}
	if v.writeWeights == nil {
		return s.WriteWeights(name, m, params)
	}
	return v.writeWeights(s, name, m, params)
}

// ReadWeights implements implaws.WeightStore.
func (v *variant) ReadWeights(name string, eps float64) (props.ModelSpec, []float64, error) {
	s, err := capable[implaws.WeightStore](v)
	if err != nil {
		return props.ModelSpec{}, nil, err
	}
	m, params, err := s.ReadWeights(name, eps)
	if v.readWeights == nil {
		return m, params, err
	}
	answer, err := v.readWeights(weightsAnswer{m, params}, err)
	return answer.spec, answer.params, err
}

// CheckWeightsName implements implaws.WeightStore.
func (v *variant) CheckWeightsName(name string) error {
	s, err := capable[implaws.WeightStore](v)
	if err != nil {
		return err
	}
	return s.CheckWeightsName(name)
}
