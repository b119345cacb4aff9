package main

import (
	"fmt"
	"math"

	"causalgrad/reports/evidence"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// maxOperations is what the exact gradient may cost: at the 1e9 operations a
// second and core that firststep's own measurements show, some hours.
const maxOperations = 1e13

// affordable refuses an exact gradient that would take hours, with what to do
// instead.
func affordable(f graph.Forest, prior markov.Prior, draws int) error {
	if err := checkDraws(draws, 0); err != nil {
		return err
	}
	if finite, ok := prior.(markov.Finite); ok {
		draws = len(finite.Support())
	}
	t, s := float64(f.SequenceLength()), float64(prior.Tokens())
	cost := math.Sqrt(t) * t * s * s * (t + s*s*math.Log2(t)) * float64(draws)
	if cost <= maxOperations {
		return nil
	}
	return fmt.Errorf("the exact gradient at T = %d, S = %d over %d chains costs about %.1g operations, above %.0g (hours): take fewer --draws, or estimate it from sequences with --sample N",
		f.SequenceLength(), prior.Tokens(), draws, cost, float64(maxOperations))
}

// newSampledDocument estimates the gradient from sequences instead.
func newSampledDocument(f graph.Forest, prior markov.Prior, eps float64, sequences int, o firststep.Options) (*gradientDocument, error) {
	estimate, err := evidence.SampleGradient(f, prior, eps, sequences, o.Seed)
	if err != nil {
		return nil, fmt.Errorf("--sample: %w", err)
	}
	d, err := documentOf(f, prior, eps, o, estimate)
	if err == nil {
		d.sampled = true
	}
	return d, err
}
