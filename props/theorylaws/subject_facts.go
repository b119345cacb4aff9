package theorylaws

import (
	"math/big"

	"causalgrad/props"
	"causalgrad/theory/chisq"
	"causalgrad/theory/condition"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// CanStateFacts is the in-process capability of a FactStater.
const CanStateFacts props.Capability = "facts"

// Facts are the known numbers about the statements (theorems.md, known facts)
// and the averages and margins that they are made from.
type Facts struct {
	EffectiveLength  func(f graph.Forest, c *markov.Chain) (float64, error)
	Inequalities     func(c *markov.Chain) (condition.Inequalities, error)
	MarginRatio      func(f graph.Forest, c *markov.Chain) (ratio, sharp float64, err error)
	LeastMarginRatio func(f graph.Forest, tokens, evaluations int, seed uint64) (ratio float64, at *markov.Chain, err error)
	TwoTokenSignal   func(a *big.Rat) (self, parent *big.Rat)
	SelfMargin       func(f graph.Forest, a float64) (float64, error)
	Slopes           func(priors []markov.Prior, lengths []int, seeds []uint64) ([]condition.Slope, error)
	// Average is the mean signal and information over a prior.
	Average func(f graph.Forest, prior markov.Prior, draws int, seed uint64) (chisq.Matrices, error)
	// Margins compares the parent's entry of each child's row with the others',
	// and Smallest picks the least of them.
	Margins  func(f graph.Forest, matrix [][]float64, self bool) []chisq.Margin
	Smallest func(margins []chisq.Margin) (chisq.Margin, bool)
}

// FactStater states facts.
type FactStater interface {
	Facts() Facts
}
