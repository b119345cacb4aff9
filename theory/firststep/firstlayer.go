package firststep

import (
	"errors"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// FirstLayer is the gradient in the first layer where its attention is a
// (T x T, its lower triangle used; rows should sum to 1): the coefficient of
// beta0 in -dL/dA1 at A2 = beta0 I,
//
//	1/(S T) a[i][k] (F[i][k] - sum_l a[i][l] F[i][l]),
//
// T x T, zero above the diagonal (theory/README.md, section 8). It has
// Gradient's cost, accuracy and errors, and is Gradient for uniform attention.
func FirstLayer(f graph.Forest, c *markov.Chain, eps float64, attention [][]float64) ([][]float64, error) {
	g, err := Gradient(f, c, eps)
	if err != nil {
		return nil, err
	}
	if err := checkAttention(attention, f.SequenceLength()); err != nil {
		return nil, err
	}
	attend(g, attention)
	return g, nil
}

// AverageFirstLayer is the mean of FirstLayer over a prior, as Average is that
// of Gradient, over the same chains: T x T.
func AverageFirstLayer(f graph.Forest, prior markov.Prior, eps float64, attention [][]float64, o Options) (Estimate, error) {
	if prior == nil {
		return Estimate{}, errors.New("first layer: no prior")
	}
	if err := checkAttention(attention, f.SequenceLength()); err != nil {
		return Estimate{}, err
	}
	p, err := newPlan(f, prior.Tokens(), eps)
	if err != nil {
		return Estimate{}, err
	}
	return average(triangle(f.SequenceLength()), prior, o, func(workers int) evaluator {
		k := newCorrelator(p, workers)
		return func(c *markov.Chain, dst [][]float64) {
			k.gradient(c, dst)
			attend(dst, attention)
		}
	})
}

// attend turns the gradient for uniform attention into that for attention a:
// i times it, i 1-based, are the centred payoffs.
func attend(g, attention [][]float64) {
	for i, row := range g {
		a, mean := attention[i][:i+1], 0.0
		for k, v := range a {
			row[k] = float64(float64(i+1) * row[k])
			mean += float64(v * row[k])
		}
		for k, v := range a {
			row[k] = float64(v * (row[k] - mean))
		}
	}
}
