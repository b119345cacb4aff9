package implaws

import (
	"causalgrad/impl/task"
	"causalgrad/props"
)

// CanEvaluateDense is the capability of a DenseEvaluator; in-process only.
const CanEvaluateDense props.Capability = "dense"

// DenseEvaluator evaluates the disentangled and the reduced model a second time,
// with dense matrices as theory.md section 2 writes them.
type DenseEvaluator interface {
	EvaluateDense(m props.ModelSpec, params []float64, b *task.Batch) (FullEvaluation, error)
}
