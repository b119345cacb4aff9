package implaws

import (
	"causalgrad/impl/construct"
	"causalgrad/impl/task"
	"causalgrad/props"
)

// CanConstruct is the capability of a Constructor, CanYardstick that of
// Yardsticks; both are in-process only.
const (
	CanConstruct props.Capability = "construct"
	CanYardstick props.Capability = "yardsticks"
)

// Construction is a model with weights that solve its task (theory.md section 6).
type Construction struct {
	Model  props.ModelSpec
	Params []float64
	Scale  float64 // f = softmax(Scale q) of the averaged frequencies q; 0 where f is q
}

// Constructor writes down weights for a graph. Kind is "reduced" (forests) or
// "disentangled"; of the task it uses the graph and the vocabulary.
type Constructor interface {
	Construct(kind string, t props.TaskSpec, s construct.Settings) (Construction, error)
	// ConstructionLimit is what the averaged frequencies tend to as B and then
	// beta grow, N x S.
	ConstructionLimit(kind string, t props.TaskSpec, s construct.Settings, b *task.Batch) ([]float64, error)
	// ConstructionBound bounds their distance to it where so many positions agree
	// in all parents.
	ConstructionBound(kind string, t props.TaskSpec, s construct.Settings, matches int) (float64, error)
	// MeasureConstructions runs every setting on every task.
	MeasureConstructions(kind string, t []props.TaskSpec, s []construct.Settings, o construct.Options) ([]construct.Row, error)
}

// Yardsticks are what the constructions are compared with.
type Yardsticks interface {
	// SingleParents compares the estimators that see one parent with the one that
	// sees all.
	SingleParents(t props.TaskSpec, alpha float64, o construct.Options) (construct.SingleParents, error)
	// ReadoutFloor is what softmax(c y) leaves of L - L* at the best c.
	ReadoutFloor(t props.TaskSpec, o construct.Options) (Floor, error)
	// TrainHeads trains a disentangled transformer as the several-parents
	// experiment does.
	TrainHeads(t props.TaskSpec, c construct.Training) (construct.Reached, error)
	// BalancedBeta is the token score at which the unmatched positions weigh as
	// much as a prior's pseudo-counts.
	BalancedBeta(length, tokens int, alpha float64) float64
}

// Floor is a read-out's best scale and what it leaves, in nats.
type Floor struct{ Scale, Gap, StdErr float64 }
