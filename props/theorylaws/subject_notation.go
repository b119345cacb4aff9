package theorylaws

import (
	"causalgrad/props"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// CanReadChains is the in-process capability of a ChainReader.
const CanReadChains props.Capability = "notation"

// Notation is how a subject reads and prints chains and priors.
type Notation struct {
	// NewChain validates a transition matrix.
	NewChain func(rows [][]float64) (*markov.Chain, error)
	// ReadChain reads one from a file (.csv, .npy, else JSON) or from the nested
	// list itself, and PrintChain prints that list.
	ReadChain  func(name string) (*markov.Chain, error)
	PrintChain func(c *markov.Chain) string
	// ParsePrior reads a prior in the command's grammar over tokens symbols, 0
	// where a file says so; it prints itself.
	ParsePrior func(text string, tokens int) (markov.Prior, error)
	// DrawChain draws a chain of a prior.
	DrawChain func(p markov.Prior, k stream.Key) (*markov.Chain, error)
	// NewOrbit lists the orbit of a chain.
	NewOrbit func(base *markov.Chain, name string) (*markov.Orbit, error)
}

// ChainReader reads and prints chains and priors.
type ChainReader interface {
	Notation() Notation
}
