package implaws

import (
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
)

// CanResume is the capability of a Resumer, CanStage that of a Stager,
// CanValidate that of a Validator and CanVary that of a TaskVariants; all are
// in-process only.
const (
	CanResume   props.Capability = "resume"
	CanStage    props.Capability = "algorithm 1"
	CanValidate props.Capability = "validation"
	CanVary     props.Capability = "task variants"
)

// Resumer interrupts runs and looks at single steps.
type Resumer interface {
	// TrainInParts is Trainer.Train with an interruption before each of the
	// stops, in ascending order: the parameters and the optimiser's state are
	// copied out, everything is made anew and they are copied in.
	TrainInParts(t props.TrainSpec, stops []int) (params, losses []float64, err error)
	// GradientAt is the mean loss and its gradient at t.Params on the batch of
	// one step, counted from 0. No step is taken.
	GradientAt(t props.TrainSpec, step int) (loss float64, gradient []float64, err error)
}

// Stages is what Algorithm 1 leaves behind.
type Stages struct {
	First, Params []float64 // parameters after each stage, A1 then A2
	Progress      []int     // the numbers of steps that were reported
}

// Stager runs Algorithm 1 (theory.md section 5) and draws initial parameters.
type Stager interface {
	Stages(t props.TaskSpec, a train.Algorithm1) (Stages, error)
	// InitTransformer draws the official initial parameters (theory.md section 7).
	InitTransformer(m props.ModelSpec, seed uint64) ([]float64, error)
}

// Validator says what is wrong with a description, nil if nothing.
type Validator interface {
	ValidateModel(m props.ModelSpec) error
	ValidateOptimizer(o props.OptimizerSpec) error
	ValidateTask(t props.TaskSpec) error
	ValidateTrain(t props.TrainSpec) error
}

// TaskVariants makes the official implementation's estimators and changes a
// task's prior.
type TaskVariants interface {
	// WrappedCount is the official estimator of a forest, which counts a root as
	// if its parent were position T-2, N x S.
	WrappedCount(t props.TaskSpec, b *task.Batch, alpha float64) ([]float64, error)
	// SingleParentCount is the estimator of a DAG that sees one parent slot.
	SingleParentCount(t props.TaskSpec, slot int, b *task.Batch, alpha float64) ([]float64, error)
	// SampleUnder samples t's graph under the prior of other.
	SampleUnder(t, other props.TaskSpec, n int, seed uint64) (*task.Batch, error)
}
