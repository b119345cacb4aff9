// Package task turns a graph and a prior into sequences (theory/README.md, section 1):
// the tokens that a model reads, the row that it must predict, the count
// estimators that it is compared with and the irreducible loss.
//
// Tokens and positions are 0-based. It knows no model and does no training;
// everything random comes from a stream that the caller keys.
package task

import (
	"fmt"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// Task is a causal forest or a causal DAG with a prior over its transitions.
type Task interface {
	// Tokens is the vocabulary size S.
	Tokens() int
	// SequenceLength is T, the last token included.
	SequenceLength() int
	// Graph is the hidden causal graph.
	Graph() graph.Graph
	// Prior is the distribution of the transitions.
	Prior() markov.Prior
	// WithPrior is the same graph under another prior of the same vocabulary.
	WithPrior(markov.Prior) (Task, error)
	// NewSampler returns a sampler with buffers of its own: one a goroutine.
	NewSampler() Sampler
	// CountEstimate writes, for each sequence of b, the in-context counts of
	// what followed the target's context, plus alpha, normalised: N x S.
	CountEstimate(b *Batch, alpha float64, out []float64)
}

// Sampler draws sequences without allocation.
type Sampler interface {
	// Sample fills all of b from s.
	Sample(s *stream.Stream, b *Batch)
	// SampleAbreast fills batches of one size, each from its lane of a as Sample would.
	SampleAbreast(a *stream.Abreast, batches *[stream.Width]*Batch)
}

// New builds the task of a graph and a prior. A DAG needs a prior with
// independent rows.
func New(g graph.Graph, prior markov.Prior) (Task, error) {
	switch g := g.(type) {
	case graph.Forest:
		return forestTask{forest: g, prior: prior}, nil
	case graph.DAG:
		rows, ok := prior.(markov.RowPrior)
		if !ok {
			return nil, fmt.Errorf("prior %q: a graph with several parents needs independent rows (dirichlet or floor)", prior)
		}
		if err := checkTensorSizes(g, prior.Tokens()); err != nil {
			return nil, err
		}
		return dagTask{g, rows}, nil
	}
	return nil, fmt.Errorf("graph %v: want a forest or a DAG", g)
}
