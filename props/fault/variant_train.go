package fault

import (
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
	"causalgrad/props/implaws"
)

// trainHooks replace the operations of a Resumer, a Stager, a Validator and a
// TaskVariants. Where a mistake is to let something pass, the hook sees the
// refusal.
type trainHooks struct {
	trainedInParts func(s implaws.Resumer, t props.TrainSpec, stops []int, own training, err error) (training, error)
	gradientAt     func(s implaws.Resumer, t props.TrainSpec, step int) (float64, []float64, error)
	stages         func(own implaws.Stages, t props.TaskSpec, a train.Algorithm1, err error) (implaws.Stages, error)
	initial        func(own []float64, m props.ModelSpec) []float64
	lets           func(err error) bool // what a Validator lets pass
	wrapped        func(t props.TaskSpec, b *task.Batch, alpha float64) ([]float64, error)
	slot           func(s implaws.TaskVariants, t props.TaskSpec, slot int, b *task.Batch, alpha float64) ([]float64, error)
	under          func(s implaws.TaskVariants, t, other props.TaskSpec, n int, seed uint64) (*task.Batch, error)
}

func (h trainHooks) trainTouched() (all []props.Capability) {
	if h.trainedInParts != nil || h.gradientAt != nil {
		all = append(all, implaws.CanResume)
	}
	if h.stages != nil || h.initial != nil {
		all = append(all, implaws.CanStage)
	}
	if h.lets != nil {
		all = append(all, implaws.CanValidate)
	}
	if h.wrapped != nil || h.slot != nil || h.under != nil {
		all = append(all, implaws.CanVary)
	}
	return all
}

// TrainInParts implements implaws.Resumer.
func (v *variant) TrainInParts(t props.TrainSpec, stops []int) (params, losses []float64, err error) {
	s, err := capable[implaws.Resumer](v)
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

// GradientAt implements implaws.Resumer.
func (v *variant) GradientAt(t props.TrainSpec, step int) (float64, []float64, error) {
	s, err := capable[implaws.Resumer](v)
	if err != nil {
		return 0, nil, err
	}
	loss, gradient, err := s.GradientAt(t, step)
	if err != nil || v.gradientAt == nil {
		return loss, gradient, err
	}
	return v.gradientAt(s, t, step)
}

// Stages implements implaws.Stager.
func (v *variant) Stages(t props.TaskSpec, a train.Algorithm1) (implaws.Stages, error) {
	s, err := capable[implaws.Stager](v)
	if err != nil {
		return implaws.Stages{}, err
	}
	own, err := s.Stages(t, a)
	if v.stages == nil {
		return own, err
	}
	return v.stages(own, t, a, err)
}

// InitTransformer implements implaws.Stager.
func (v *variant) InitTransformer(m props.ModelSpec, seed uint64) ([]float64, error) {
	s, err := capable[implaws.Stager](v)
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
func (v *variant) validated(validate func(implaws.Validator) error) error {
	s, err := capable[implaws.Validator](v)
	if err != nil {
		return err
	}
	if err = validate(s); v.lets != nil && v.lets(err) {
		return nil
	}
	return err
}

// ValidateModel implements implaws.Validator.
func (v *variant) ValidateModel(m props.ModelSpec) error {
	return v.validated(func(s implaws.Validator) error { return s.ValidateModel(m) })
}

// ValidateOptimizer implements implaws.Validator.
func (v *variant) ValidateOptimizer(o props.OptimizerSpec) error {
	return v.validated(func(s implaws.Validator) error { return s.ValidateOptimizer(o) })
}

// ValidateTask implements implaws.Validator.
func (v *variant) ValidateTask(t props.TaskSpec) error {
	return v.validated(func(s implaws.Validator) error { return s.ValidateTask(t) })
}

// ValidateTrain implements implaws.Validator.
func (v *variant) ValidateTrain(t props.TrainSpec) error {
	return v.validated(func(s implaws.Validator) error { return s.ValidateTrain(t) })
}

// WrappedCount implements implaws.TaskVariants.
func (v *variant) WrappedCount(t props.TaskSpec, b *task.Batch, alpha float64) ([]float64, error) {
	s, err := capable[implaws.TaskVariants](v)
	if err != nil {
		return nil, err
	}
	own, err := s.WrappedCount(t, b, alpha)
	if err != nil || v.wrapped == nil {
		return own, err
	}
	return v.wrapped(t, b, alpha)
}

// SingleParentCount implements implaws.TaskVariants.
func (v *variant) SingleParentCount(t props.TaskSpec, slot int, b *task.Batch, alpha float64) ([]float64, error) {
	s, err := capable[implaws.TaskVariants](v)
	if err != nil {
		return nil, err
	}
	own, err := s.SingleParentCount(t, slot, b, alpha)
	if err != nil || v.slot == nil {
		return own, err
	}
	return v.slot(s, t, slot, b, alpha)
}

// SampleUnder implements implaws.TaskVariants.
func (v *variant) SampleUnder(t, other props.TaskSpec, n int, seed uint64) (*task.Batch, error) {
	s, err := capable[implaws.TaskVariants](v)
	if err != nil {
		return nil, err
	}
	own, err := s.SampleUnder(t, other, n, seed)
	if err != nil || v.under == nil {
		return own, err
	}
	return v.under(s, t, other, n, seed)
}
