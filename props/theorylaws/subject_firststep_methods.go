package theorylaws

import (
	"math/big"

	"causalgrad/props"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// CanFirstStepMethods is FirstStepMethods' capability. It is for subjects in
// the same process only: the protocol of package conform has no operation for
// it. A law that asks for long sequences needs it too, because a program that
// enumerates could not answer.
const CanFirstStepMethods props.Capability = "first_step_methods"

// FirstStepMethods are the other ways to the first-step gradient, its averages
// and its leading order (theory.md section 3). A request outside their bounds
// is an error that names the value.
type FirstStepMethods interface {
	// EnumerateFirstStep is FirstStep by the definition, over all prefixes.
	EnumerateFirstStep(f graph.Forest, chain [][]float64, eps float64) ([][]float64, error)
	// RationalFirstStep is FirstStep without rounding.
	RationalFirstStep(f graph.Forest, chain [][]*big.Rat, eps *big.Rat) ([][]*big.Rat, error)
	// AverageFirstStep is the mean over a prior: exact over a finite one, else
	// over the chains that markov.DrawChain draws from the streams {seed, Prior,
	// 0}, {seed, Prior, 1}, ....
	AverageFirstStep(f graph.Forest, prior markov.Prior, eps float64, o firststep.Options) (firststep.Estimate, error)
	// LeadingOrder is FirstStep's large-T form, T x T; its last row is 0.
	LeadingOrder(f graph.Forest, chain [][]float64) ([][]float64, error)
	// CompareFirstStep measures a gradient against its leading order.
	CompareFirstStep(exact, leading [][]float64) (firststep.Comparison, error)
	// FirstStepLadder is that comparison of the averages at eps = 0 along a
	// family of forests.
	FirstStepLadder(family func(length int) (graph.Forest, error), prior markov.Prior, lengths []int, o firststep.Options) ([]firststep.Comparison, error)
}
