package firststep

import (
	"errors"
	"runtime"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Rounded is a gradient with a bound on the rounding error of each entry.
type Rounded struct {
	Gradient [][]float64 // as Gradient gives it
	Error    [][]float64 // T x T, zero above the diagonal
}

// GradientWithError is Gradient with a bound on what rounding did to each entry.
// On a chain that hardly ever moves the entries of a row are differences of
// nearly equal numbers, and a difference of two entries means nothing where it
// is below the sum of their errors.
//
// Before the two subtractions of the definition all is a sum of products of
// non-negative numbers, with a sign where the complement of a token is counted.
// Without the sign the relative error is at most 2^-53 times the number of
// roundings on the way. A message of the positions below one collects S + 2 at
// each of them, at most (S+2) T; a normalised kernel has two such factors; a pair
// of positions multiplies those of the at most 2h edges between them, h being the
// largest depth, and the root's own distribution; the sum over the nodes of the
// quadrature and the rule itself add a few dozen. The bound is for the chain's
// entries as they stand.
func GradientWithError(f graph.Forest, c *markov.Chain, eps float64) (Rounded, error) {
	if c == nil {
		return Rounded{}, errors.New("first step: no chain")
	}
	p, err := newPlan(f, c.Tokens(), eps)
	if err != nil {
		return Rounded{}, err
	}
	r := Rounded{square(f.SequenceLength()), square(f.SequenceLength())}
	newCorrelator(p, runtime.GOMAXPROCS(0)).gradientWithError(c, r)
	return r, nil
}

// AverageError is the mean over a prior of the bounds that GradientWithError
// gives: a bound on the rounding error of the mean that Average gives for the same
// arguments.
func AverageError(f graph.Forest, prior markov.Prior, eps float64, o Options) ([][]float64, error) {
	if prior == nil {
		return nil, errors.New("first step: no prior")
	}
	p, err := newPlan(f, prior.Tokens(), eps)
	if err != nil {
		return nil, err
	}
	e, err := average(triangle(f.SequenceLength()), prior, o, func(workers int) evaluator {
		c, gradient := newCorrelator(p, workers), square(f.SequenceLength())
		return func(chain *markov.Chain, dst [][]float64) { c.gradientWithError(chain, Rounded{gradient, dst}) }
	})
	return e.Mean, err
}

func (c *correlator) gradientWithError(chain *markov.Chain, r Rounded) {
	c.gradient(chain, r.Gradient)
	c.absolute = true
	c.correlate(chain)
	c.absolute = false
	t, share := c.forest.SequenceLength(), c.relativeError()
	for i, row := range r.Error {
		clear(row)
		mean := 0.0
		for k := range i + 1 {
			row[k] = c.pairs[i*t+k] + c.column[k]/float64(t) // the minuend and the subtrahend
			mean += row[k] / float64(i+1)
		}
		for k := range i + 1 {
			row[k] = share * (row[k] + mean) / float64(c.tokens*(i+1))
		}
	}
}

// relativeError bounds that of every number before the first subtraction, and
// covers the roundings of the subtractions and of the bound itself.
func (p *plan) relativeError() float64 {
	depth := 0
	for i := range p.forest.Positions() {
		depth = max(depth, p.forest.Depth(i))
	}
	roundings := 2*(p.tokens+2)*p.forest.SequenceLength()*(2*depth+1) + len(p.rule.node) + 64
	return float64(roundings) * 0x1p-53
}
