package fault

import (
	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/props/implaws"
)

// transferHooks replace the operations of a Transferrer and a Rounder.
type transferHooks struct {
	relabel      func(own measure.Relabelling) measure.Relabelling
	spectra      func(own measure.Spectra, err error) (measure.Spectra, error)
	sampleSingle func(s implaws.Rounder, t props.TaskSpec, r task.Numbers, n int, seed uint64) (*task.Batch, error)
	trainSingle  func(s implaws.Rounder, own training, t props.TrainSpec) (training, error)
}

func (h transferHooks) transferTouched() (all []props.Capability) {
	if h.relabel != nil || h.spectra != nil {
		all = append(all, implaws.CanTransfer)
	}
	if h.sampleSingle != nil || h.trainSingle != nil {
		all = append(all, implaws.CanRound)
	}
	return all
}

// Relabel implements implaws.Transferrer.
func (v *variant) Relabel(m props.ModelSpec, params []float64, t props.TaskSpec, alpha float64, o measure.Options) (measure.Relabelling, error) {
	s, err := capable[implaws.Transferrer](v)
	if err != nil {
		return measure.Relabelling{}, err
	}
	own, err := s.Relabel(m, params, t, alpha, o)
	if err != nil || v.relabel == nil {
		return own, err
	}
	return v.relabel(own), nil
}

// SortSpectra implements implaws.Transferrer.
func (v *variant) SortSpectra(m props.ModelSpec, params []float64, t props.TaskSpec, trainingAlpha float64, o measure.Options) (measure.Spectra, error) {
	s, err := capable[implaws.Transferrer](v)
	if err != nil {
		return measure.Spectra{}, err
	}
	own, err := s.SortSpectra(m, params, t, trainingAlpha, o)
	if v.spectra == nil {
		return own, err
	}
	return v.spectra(own, err)
}

// SampleRounded implements implaws.Rounder.
func (v *variant) SampleRounded(t props.TaskSpec, r task.Numbers, n int, seed uint64) (*task.Batch, error) {
	s, err := capable[implaws.Rounder](v)
	if err != nil {
		return nil, err
	}
	own, err := s.SampleRounded(t, r, n, seed)
	if err != nil || v.sampleSingle == nil {
		return own, err
	}
	return v.sampleSingle(s, t, r, n, seed)
}

// TrainRounded implements implaws.Rounder.
func (v *variant) TrainRounded(t props.TrainSpec) (params, losses []float64, err error) {
	s, err := capable[implaws.Rounder](v)
	if err != nil {
		return nil, nil, err
	}
	params, losses, err = s.TrainRounded(t)
	if err != nil || v.trainSingle == nil {
		return params, losses, err
	}
	broken, err := v.trainSingle(s, training{params, losses}, t)
	return broken.params, broken.losses, err
}
