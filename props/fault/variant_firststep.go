package fault

import (
	"math/big"

	"causalgrad/props/theorylaws"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

var _ theorylaws.FirstStepMethods = (*variant)(nil)

// stepMethods are the subject's methods, or what the fault makes of them. A fault
// embeds the subject's and replaces one.
func (v *variant) stepMethods() (theorylaws.FirstStepMethods, error) {
	own, err := capable[theorylaws.FirstStepMethods](v)
	if err != nil || v.methods == nil {
		return own, err
	}
	return v.methods(own), nil
}

// EnumerateFirstStep implements theorylaws.FirstStepMethods.
func (v *variant) EnumerateFirstStep(f graph.Forest, chain [][]float64, eps float64) ([][]float64, error) {
	m, err := v.stepMethods()
	if err != nil {
		return nil, err
	}
	return m.EnumerateFirstStep(f, chain, eps)
}

// RationalFirstStep implements theorylaws.FirstStepMethods.
func (v *variant) RationalFirstStep(f graph.Forest, chain [][]*big.Rat, eps *big.Rat) ([][]*big.Rat, error) {
	m, err := v.stepMethods()
	if err != nil {
		return nil, err
	}
	return m.RationalFirstStep(f, chain, eps)
}

// AverageFirstStep implements theorylaws.FirstStepMethods.
func (v *variant) AverageFirstStep(f graph.Forest, prior markov.Prior, eps float64, o firststep.Options) (firststep.Estimate, error) {
	m, err := v.stepMethods()
	if err != nil {
		return firststep.Estimate{}, err
	}
	return m.AverageFirstStep(f, prior, eps, o)
}

// LeadingOrder implements theorylaws.FirstStepMethods.
func (v *variant) LeadingOrder(f graph.Forest, chain [][]float64) ([][]float64, error) {
	m, err := v.stepMethods()
	if err != nil {
		return nil, err
	}
	return m.LeadingOrder(f, chain)
}

// CompareFirstStep implements theorylaws.FirstStepMethods.
func (v *variant) CompareFirstStep(exact, leading [][]float64) (firststep.Comparison, error) {
	m, err := v.stepMethods()
	if err != nil {
		return firststep.Comparison{}, err
	}
	return m.CompareFirstStep(exact, leading)
}

// FirstStepLadder implements theorylaws.FirstStepMethods.
func (v *variant) FirstStepLadder(family func(length int) (graph.Forest, error), prior markov.Prior, lengths []int, o firststep.Options) ([]firststep.Comparison, error) {
	m, err := v.stepMethods()
	if err != nil {
		return nil, err
	}
	return m.FirstStepLadder(family, prior, lengths, o)
}
