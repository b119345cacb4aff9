package fault

import (
	"fmt"

	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/theory/graph"
)

// variant is a subject with some of its operations replaced; a nil replacement
// is the subject's own. The subject is asked first all the same: what it
// refuses, the variant refuses, so that a fault is never noticed for want of
// validation.
type variant struct {
	props.Subject
	name       string
	sample     func(own *task.Batch, t props.TaskSpec, n int, seed uint64) (*task.Batch, error)
	stationary func(own []float64, chain [][]float64) ([]float64, error)
	inform     func(own information, f graph.Forest, chain [][]float64) (information, error)
	firstStep  func(own [][]float64, f graph.Forest, chain [][]float64, eps float64) ([][]float64, error)
	estimate   func(own []float64, t props.TaskSpec, b *task.Batch, alpha float64) ([]float64, error)
	evaluate   func(own props.Evaluation, m props.ModelSpec, params []float64, b *task.Batch) (props.Evaluation, error)
	attend     func(own []float64, m props.ModelSpec, params []float64, b *task.Batch) ([]float64, error)
	optimize   func(own [][]float64, o props.OptimizerSpec, params []float64, gradients [][]float64) ([][]float64, error)
	train      func(own training, t props.TrainSpec) (training, error)
	measure    func(own props.Measurement, b *task.Batch, f []float64) (props.Measurement, error)
}

// information and training are answers of two parts.
type (
	information struct{ signal, chi2 [][]float64 }
	training    struct{ params, losses []float64 }
)

// Name implements props.Subject.
func (v *variant) Name() string { return v.Subject.Name() + " with " + v.name }

// Can says that the variant can what the subject can.
func (v *variant) Can(c props.Capability) bool { return c.Of(v.Subject) }

// Scope says that the variant covers what the subject covers.
func (v *variant) Scope() props.Scope { return props.ScopeOf(v.Subject) }

// capable is the subject as something that has a capability's interface.
func capable[I any](v *variant) (I, error) {
	own, ok := v.Subject.(I)
	if !ok {
		return own, fmt.Errorf("%s does not implement %T", v.Subject.Name(), (*I)(nil))
	}
	return own, nil
}

// Sample implements props.Sampler.
func (v *variant) Sample(t props.TaskSpec, n int, seed uint64) (*task.Batch, error) {
	s, err := capable[props.Sampler](v)
	if err != nil {
		return nil, err
	}
	own, err := s.Sample(t, n, seed)
	if err != nil || v.sample == nil {
		return own, err
	}
	return v.sample(own, t, n, seed)
}

// Stationary implements props.Stationary.
func (v *variant) Stationary(chain [][]float64) ([]float64, error) {
	s, err := capable[props.Stationary](v)
	if err != nil {
		return nil, err
	}
	own, err := s.Stationary(chain)
	if err != nil || v.stationary == nil {
		return own, err
	}
	return v.stationary(own, chain)
}

// Information implements props.Informant.
func (v *variant) Information(f graph.Forest, chain [][]float64) (signal, chi2 [][]float64, err error) {
	s, err := capable[props.Informant](v)
	if err != nil {
		return nil, nil, err
	}
	signal, chi2, err = s.Information(f, chain)
	if err != nil || v.inform == nil {
		return signal, chi2, err
	}
	broken, err := v.inform(information{signal, chi2}, f, chain)
	return broken.signal, broken.chi2, err
}

// FirstStep implements props.FirstStepper.
func (v *variant) FirstStep(f graph.Forest, chain [][]float64, eps float64) ([][]float64, error) {
	s, err := capable[props.FirstStepper](v)
	if err != nil {
		return nil, err
	}
	own, err := s.FirstStep(f, chain, eps)
	if err != nil || v.firstStep == nil {
		return own, err
	}
	return v.firstStep(own, f, chain, eps)
}

// CountEstimate implements props.Estimator.
func (v *variant) CountEstimate(t props.TaskSpec, b *task.Batch, alpha float64) ([]float64, error) {
	s, err := capable[props.Estimator](v)
	if err != nil {
		return nil, err
	}
	own, err := s.CountEstimate(t, b, alpha)
	if err != nil || v.estimate == nil {
		return own, err
	}
	return v.estimate(own, t, b, alpha)
}

// Evaluate implements props.Evaluator.
func (v *variant) Evaluate(m props.ModelSpec, params []float64, b *task.Batch) (props.Evaluation, error) {
	s, err := capable[props.Evaluator](v)
	if err != nil {
		return props.Evaluation{}, err
	}
	own, err := s.Evaluate(m, params, b)
	if err != nil || v.evaluate == nil {
		return own, err
	}
	return v.evaluate(own, m, params, b)
}

// Attention implements props.Attender.
func (v *variant) Attention(m props.ModelSpec, params []float64, b *task.Batch) ([]float64, error) {
	s, err := capable[props.Attender](v)
	if err != nil {
		return nil, err
	}
	own, err := s.Attention(m, params, b)
	if err != nil || v.attend == nil {
		return own, err
	}
	return v.attend(own, m, params, b)
}

// Optimize implements props.Optimizer.
func (v *variant) Optimize(o props.OptimizerSpec, params []float64, gradients [][]float64) ([][]float64, error) {
	s, err := capable[props.Optimizer](v)
	if err != nil {
		return nil, err
	}
	own, err := s.Optimize(o, params, gradients)
	if err != nil || v.optimize == nil {
		return own, err
	}
	return v.optimize(own, o, params, gradients)
}

// Train implements props.Trainer.
func (v *variant) Train(t props.TrainSpec) (params, losses []float64, err error) {
	s, err := capable[props.Trainer](v)
	if err != nil {
		return nil, nil, err
	}
	params, losses, err = s.Train(t)
	if err != nil || v.train == nil {
		return params, losses, err
	}
	broken, err := v.train(training{params, losses}, t)
	return broken.params, broken.losses, err
}

// Measure implements props.Measurer.
func (v *variant) Measure(b *task.Batch, f []float64) (props.Measurement, error) {
	s, err := capable[props.Measurer](v)
	if err != nil {
		return props.Measurement{}, err
	}
	own, err := s.Measure(b, f)
	if err != nil || v.measure == nil {
		return own, err
	}
	return v.measure(own, b, f)
}
