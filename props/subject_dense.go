package props

import "causalgrad/impl/task"

// CanEvaluateDense is the capability of a DenseEvaluator; in-process only.
const CanEvaluateDense Capability = "dense"

// DenseEvaluator evaluates the disentangled and the reduced model a second time,
// with dense matrices as theory.md section 2 writes them.
type DenseEvaluator interface {
	EvaluateDense(m ModelSpec, params []float64, b *task.Batch) (FullEvaluation, error)
}
