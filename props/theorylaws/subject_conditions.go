package theorylaws

import (
	"causalgrad/props"
	"causalgrad/theory/condition"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// CanCheck is the in-process capability of a ConditionChecker.
const CanCheck props.Capability = "conditions"

// Conditions are a subject's check of the theorems' conditions (theory.md
// section 4).
type Conditions struct {
	// Check examines all conditions on a graph and a prior.
	Check func(g graph.Graph, prior markov.Prior, o condition.Options) (condition.Report, error)
	// Statements lists all statements of the theory, and Lookup finds one by its
	// identifier.
	Statements func() []condition.Statement
	Lookup     func(id string) (condition.Statement, bool)
	// DefaultDraws is the number of chains drawn for a sequence length T and S
	// tokens when none is given.
	DefaultDraws func(length, tokens int) int
}

// ConditionChecker checks the theorems' conditions.
type ConditionChecker interface {
	Conditions() Conditions
}
