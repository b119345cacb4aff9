package fault

import (
	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/props/implaws"
)

// kernelHooks replace the operations of a KernelRunner and a DenseEvaluator.
type kernelHooks struct {
	kernels       func(own []string) []string
	evaluateOn    func(own implaws.FullEvaluation, kernel string, m props.ModelSpec) implaws.FullEvaluation
	trainOn       func(own training, kernel string, t props.TrainSpec) training
	evaluateDense func(own implaws.FullEvaluation, m props.ModelSpec, params []float64, b *task.Batch) (implaws.FullEvaluation, error)
}

func (h kernelHooks) kernelTouched() (all []props.Capability) {
	if h.kernels != nil || h.evaluateOn != nil || h.trainOn != nil {
		all = append(all, implaws.CanForceKernel)
	}
	if h.evaluateDense != nil {
		all = append(all, implaws.CanEvaluateDense)
	}
	return all
}

// Kernels implements implaws.KernelRunner.
func (v *variant) Kernels() []string {
	s, err := capable[implaws.KernelRunner](v)
	if err != nil {
		return nil
	}
	own := s.Kernels()
	if v.evaluateOn != nil && len(own) == 1 {
		own = append(own, standIn)
	}
	if v.kernels == nil {
		return own
	}
	return v.kernels(own)
}

// standIn is a second name of the portable variant, on a machine that has no
// other to break.
const standIn = "stand-in"

func ownKernel(name string) string {
	if name == standIn {
		return "portable"
	}
	return name
}

// RunningKernel implements implaws.KernelRunner.
func (v *variant) RunningKernel() (string, error) {
	s, err := capable[implaws.KernelRunner](v)
	if err != nil {
		return "", err
	}
	return s.RunningKernel()
}

// EvaluateOn implements implaws.KernelRunner.
func (v *variant) EvaluateOn(kernel string, m props.ModelSpec, params []float64, b *task.Batch) (implaws.FullEvaluation, error) {
	s, err := capable[implaws.KernelRunner](v)
	if err != nil {
		return implaws.FullEvaluation{}, err
	}
	own, err := s.EvaluateOn(ownKernel(kernel), m, params, b)
	if err != nil || v.evaluateOn == nil {
		return own, err
	}
	return v.evaluateOn(own, kernel, m), nil
}

// TrainOn implements implaws.KernelRunner.
func (v *variant) TrainOn(kernel string, t props.TrainSpec) (params, losses []float64, err error) {
	s, err := capable[implaws.KernelRunner](v)
	if err != nil {
		return nil, nil, err
	}
	params, losses, err = s.TrainOn(ownKernel(kernel), t)
	if err != nil || v.trainOn == nil {
		return params, losses, err
	}
	broken := v.trainOn(training{params, losses}, kernel, t)
	return broken.params, broken.losses, nil
}

// EvaluateDense implements implaws.DenseEvaluator.
func (v *variant) EvaluateDense(m props.ModelSpec, params []float64, b *task.Batch) (implaws.FullEvaluation, error) {
	s, err := capable[implaws.DenseEvaluator](v)
	if err != nil {
		return implaws.FullEvaluation{}, err
	}
	own, err := s.EvaluateDense(m, params, b)
	if v.covers(implaws.CanEvaluateDense, err) {
		return own, nil
	}
	if err != nil || v.evaluateDense == nil {
		return own, err
	}
	return v.evaluateDense(own, m, params, b)
}
