package chisq

import (
	"fmt"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// Average is the mean of both matrices over a prior: an exact sum for a finite
// one, else the mean over draws chains, the same ones that
// firststep.Average draws for that seed.
func Average(f graph.Forest, prior markov.Prior, draws int, seed uint64) (Matrices, error) {
	n := f.Positions()
	total := Matrices{Signal: square(n), Information: square(n)}
	add := func(c *markov.Chain) {
		m := Compute(f, c)
		for i := range n {
			for k := range i + 1 {
				total.Signal[i][k] += m.Signal[i][k]
				total.Information[i][k] += m.Information[i][k]
			}
		}
	}
	if finite, ok := prior.(markov.Finite); ok {
		draws = len(finite.Support())
		for _, c := range finite.Support() {
			add(c)
		}
	} else {
		if draws < 1 {
			return Matrices{}, fmt.Errorf("draws = %d, want at least 1", draws)
		}
		for d := range draws {
			c, err := markov.DrawChain(prior, stream.Key{Seed: seed, Purpose: stream.Prior, Step: uint64(d)})
			if err != nil {
				return Matrices{}, err
			}
			add(c)
		}
	}
	for i := range n {
		for k := range i + 1 {
			total.Signal[i][k] /= float64(draws)
			total.Information[i][k] /= float64(draws)
		}
	}
	return total, nil
}
