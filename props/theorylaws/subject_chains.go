package theorylaws

import (
	"causalgrad/props"
	"causalgrad/theory/markov"
)

// CanSolveChains is the in-process capability of a ChainSolver.
const CanSolveChains props.Capability = "chains"

// Chains are what a subject says of chains beside the laws that any
// implementation has.
type Chains struct {
	// OfficialLaw is a solver of stationary laws by the official implementation's
	// way, a singular vector in float32, for so many tokens. It may keep buffers.
	OfficialLaw func(tokens int) func(p, mu []float64)
	// RequireAperiodic refuses a finite prior with a periodic chain.
	RequireAperiodic func(p markov.Prior) error
}

// ChainSolver solves and judges chains.
type ChainSolver interface {
	Chains() Chains
}
