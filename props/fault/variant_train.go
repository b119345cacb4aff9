package fault

import (
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
)

// trainHooks replace the operations of a Resumer, a Stager, a Validator and a
// TaskVariants. Where a mistake is to let something pass, the hook sees the
// refusal.
type trainHooks struct {
	trainedInParts func(s props.Resumer, t props.TrainSpec, stops []int, own training, err error) (training, error)
	gradientAt     func(s props.Resumer, t props.TrainSpec, step int) (float64, []float64, error)
	stages         func(own props.Stages, t props.TaskSpec, a train.Algorithm1, err error) (props.Stages, error)
	initial        func(own []float64, m props.ModelSpec) []float64
	lets           func(err error) bool // what a Validator lets pass
	wrapped        func(t props.TaskSpec, b *task.Batch, alpha float64) ([]float64, error)
	slot           func(s props.TaskVariants, t props.TaskSpec, slot int, b *task.Batch, alpha float64) ([]float64, error)
	under          func(s props.TaskVariants, t, other props.TaskSpec, n int, seed uint64) (*task.Batch, error)
}

func (h trainHooks) trainTouched() (all []props.Capability) {
	if h.trainedInParts != nil || h.gradientAt != nil {
		all = append(all, props.CanResume)
	}
	if h.stages != nil || h.initial != nil {
		all = append(all, props.CanStage)
	}
	if h.lets != nil {
		all = append(all, props.CanValidate)
	}
	if h.wrapped != nil || h.slot != nil || h.under != nil {
		all = append(all, props.CanVary)
	}
	return all
}

// TrainInParts implements props.Resumer.
func (v *variant) TrainInParts(t props.TrainSpec, stops []int) (params, losses []float64, err error) {
	s, err := capable[props.Resumer](v)
	if err != nil {
		return nil, nil, err
	}
	params, losses, err = s.TrainInParts(t, stops)
	if v.trainedInParts == nil {
		return params, losses, err
	}
	broken, err := v.trainedInParts(s, t, stops, training{params, losses}, err)
	return broken.params, broken.losses, err
}

// GradientAt implements props.Resumer.
func (v *variant) GradientAt(t props.TrainSpec, step int) (float64, []float64, error) {
	s, err := capable[props.Resumer](v)
	if err != nil {
		return 0, nil, err
	}
	loss, gradient, err := s.GradientAt(t, step)
	if err != nil || v.gradientAt == nil {
		return loss, gradient, err
	}
	return v.gradientAt(s, t, step)
}

// Stages implements props.Stager.
func (v *variant) Stages(t props.TaskSpec, a train.Algorithm1) (props.Stages, error) {
	s, err := capable[props.Stager](v)
	if err != nil {
		return props.Stages{}, err
	}
	own, err := s.Stages(t, a)
	if v.stages == nil {
		return own, err
	}
	return v.stages(own, t, a, err)
}

// InitTransformer implements props.Stager.
func (v *variant) InitTransformer(m props.ModelSpec, seed uint64) ([]float64, error) {
	s, err := capable[props.Stager](v)
	if err != nil {
		return nil, err
	}
	own, err := s.InitTransformer(m, seed)
	if err != nil || v.initial == nil {
		return own, err
	}
	return v.initial(own, m), nil
}

// validated is a Validator's answer, less what the variant lets pass.
func (v *variant) validated(validate func(props.Validator) error) error {
	s, err := capable[props.Validator](v)
	if err != nil {
		return err
	}
	if err = validate(s); v.lets != nil && v.lets(err) {
		return nil
	}
	return err
}

// ValidateModel implements props.Validator.
func (v *variant) ValidateModel(m props.ModelSpec) error {
	return v.validated(func(s props.Validator) error { return s.ValidateModel(m) })
}

// ValidateOptimizer implements props.Validator.
func (v *variant) ValidateOptimizer(o props.OptimizerSpec) error {
	return v.validated(func(s props.Validator) error { return s.ValidateOptimizer(o) })
}

// ValidateTask implements props.Validator.
func (v *variant) ValidateTask(t props.TaskSpec) error {
	return v.validated(func(s props.Validator) error { return s.ValidateTask(t) })
}

// ValidateTrain implements props.Validator.
func (v *variant) ValidateTrain(t props.TrainSpec) error {
	return v.validated(func(s props.Validator) error { return s.ValidateTrain(t) })
}

// WrappedCount implements props.TaskVariants.
func (v *variant) WrappedCount(t props.TaskSpec, b *task.Batch, alpha float64) ([]float64, error) {
	s, err := capable[props.TaskVariants](v)
	if err != nil {
		return nil, err
	}
	own, err := s.WrappedCount(t, b, alpha)
	if err != nil || v.wrapped == nil {
		return own, err
	}
	return v.wrapped(t, b, alpha)
}

// SingleParentCount implements props.TaskVariants.
func (v *variant) SingleParentCount(t props.TaskSpec, slot int, b *task.Batch, alpha float64) ([]float64, error) {
	s, err := capable[props.TaskVariants](v)
	if err != nil {
		return nil, err
	}
	own, err := s.SingleParentCount(t, slot, b, alpha)
	if err != nil || v.slot == nil {
		return own, err
	}
	return v.slot(s, t, slot, b, alpha)
}

// SampleUnder implements props.TaskVariants.
func (v *variant) SampleUnder(t, other props.TaskSpec, n int, seed uint64) (*task.Batch, error) {
	s, err := capable[props.TaskVariants](v)
	if err != nil {
		return nil, err
	}
	own, err := s.SampleUnder(t, other, n, seed)
	if err != nil || v.under == nil {
		return own, err
	}
	return v.under(s, t, other, n, seed)
}
