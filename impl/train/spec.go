package train

import (
	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
)

// Spec describes a short training run on fresh batches of Batch sequences:
// Only names the one trained block, empty for all.
type Spec struct {
	Model     model.Spec `json:"model"`
	Task      task.Spec  `json:"task"`
	Optimizer optim.Spec `json:"optimizer"`
	Only      string     `json:"only,omitempty"`
	Batch     int        `json:"batch"`
	Steps     int        `json:"steps"`
	Seed      uint64     `json:"seed"`
	Workers   int        `json:"workers"`
	Params    []float64  `json:"params"` // initial, in the layout of model.Spec
}
