package implaws

import (
	"causalgrad/impl/task"
	"causalgrad/props"
)

// CanForceKernel is the capability of a KernelRunner. It is in-process only: the
// protocol of package conform has no such operation.
const CanForceKernel props.Capability = "kernels"

// FullEvaluation is all that a model says of a batch.
type FullEvaluation struct {
	props.Evaluation
	Attention []float64 // first layer, N x heads x T x T, zero above the diagonal
}

// KernelRunner has several variants of its inner loops, which must have the same
// bits (theory.md says nothing of them: they are architecture).
type KernelRunner interface {
	// Kernels lists the variants that this machine can run, "portable" first.
	Kernels() []string
	// RunningKernel is the variant that runs unless another is asked for, and what
	// was wrong with the environment's choice of it.
	RunningKernel() (string, error)
	// EvaluateOn evaluates a model with one variant.
	EvaluateOn(kernel string, m props.ModelSpec, params []float64, b *task.Batch) (FullEvaluation, error)
	// TrainOn is Trainer.Train with one variant.
	TrainOn(kernel string, t props.TrainSpec) (params, losses []float64, err error)
}
