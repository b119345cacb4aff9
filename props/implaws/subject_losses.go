package implaws

import (
	"causalgrad/impl/measure"
	"causalgrad/props"
)

// CanSummarise is the capability of a Summariser; in-process only.
const CanSummarise props.Capability = "summaries"

// Summariser measures parameters on fresh sequences and summarises attention
// (theory.md sections 1 and 7).
type Summariser interface {
	Losses(m props.ModelSpec, params []float64, t props.TaskSpec, trainingAlpha float64, o measure.Options) (measure.Losses, error)
	// PositionBlock is the softmax of the first layer's position-position block,
	// [head][i][j].
	PositionBlock(m props.ModelSpec, params []float64) ([][]float64, error)
	// AverageAttention is the first layer's attention averaged over fresh
	// sequences, [head][i][j].
	AverageAttention(m props.ModelSpec, params []float64, t props.TaskSpec, o measure.Options) ([][]float64, error)
	// EdgeAttention reads the weights of the graph's edges off attention matrices.
	EdgeAttention(t props.TaskSpec, blocks [][]float64) (measure.Edges, error)
}
