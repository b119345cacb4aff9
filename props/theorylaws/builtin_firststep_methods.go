package theorylaws

import (
	"math/big"

	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

var _ FirstStepMethods = builtin{}

func (builtin) EnumerateFirstStep(f graph.Forest, rows [][]float64, eps float64) ([][]float64, error) {
	c, err := markov.NewChain(rows)
	if err != nil {
		return nil, err
	}
	return firststep.Enumerate(f, c, eps)
}

func (builtin) RationalFirstStep(f graph.Forest, rows [][]*big.Rat, eps *big.Rat) ([][]*big.Rat, error) {
	return firststep.Rational(f, rows, eps)
}

func (builtin) AverageFirstStep(f graph.Forest, prior markov.Prior, eps float64, o firststep.Options) (firststep.Estimate, error) {
	return firststep.Average(f, prior, eps, o)
}

func (builtin) LeadingOrder(f graph.Forest, rows [][]float64) ([][]float64, error) {
	c, err := markov.NewChain(rows)
	if err != nil {
		return nil, err
	}
	return firststep.LeadingOrder(f, c), nil
}

func (builtin) CompareFirstStep(exact, leading [][]float64) (firststep.Comparison, error) {
	return firststep.Compare(exact, leading)
}

func (builtin) FirstStepLadder(family func(length int) (graph.Forest, error), prior markov.Prior, lengths []int, o firststep.Options) ([]firststep.Comparison, error) {
	return firststep.Ladder(family, prior, lengths, o)
}
