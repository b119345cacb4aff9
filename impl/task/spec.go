package task

import (
	"fmt"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Spec describes a task in plain data, as the laws ask for it: exactly one of
// Parents and DAG is set, and Alpha, with Gamma or without, or Chain describes the
// prior.
type Spec struct {
	Tokens  int         `json:"tokens"`            // S
	Length  int         `json:"length"`            // T
	Parents []int       `json:"parents,omitempty"` // forest over T-1 positions, -1 a root
	DAG     [][]int     `json:"dag,omitempty"`     // T+1 parent lists
	Alpha   float64     `json:"alpha,omitempty"`   // Dirichlet(alpha) rows
	Gamma   float64     `json:"gamma,omitempty"`   // with Alpha: floor prior gamma/S + (1-gamma) Dirichlet(alpha)
	Chain   [][]float64 `json:"chain,omitempty"`   // point prior
}

// Task builds the task that the specification describes.
func (t Spec) Task() (Task, error) {
	g, err := t.Graph()
	if err != nil {
		return nil, err
	}
	prior, err := t.Prior()
	if err != nil {
		return nil, err
	}
	if g.SequenceLength() != t.Length {
		return nil, fmt.Errorf("task: length = %d, but the graph has sequence length %d", t.Length, g.SequenceLength())
	}
	if prior.Tokens() != t.Tokens {
		return nil, fmt.Errorf("task: tokens = %d, but the chain has %d", t.Tokens, prior.Tokens())
	}
	return New(g, prior)
}

// Graph is the forest or the DAG of the task.
func (t Spec) Graph() (graph.Graph, error) {
	switch {
	case t.Parents != nil && t.DAG != nil:
		return nil, fmt.Errorf("task: has both parents and dag, want one")
	case t.DAG != nil:
		return graph.NewDAG(t.DAG)
	}
	return graph.NewForest(t.Parents)
}

// Prior is the prior of the task.
func (t Spec) Prior() (markov.Prior, error) {
	switch {
	case t.Chain != nil && t.Alpha != 0:
		return nil, fmt.Errorf("task: has both chain and alpha, want one")
	case t.Chain != nil:
		c, err := markov.NewChain(t.Chain)
		if err != nil {
			return nil, err
		}
		return markov.Point{Chain: c, Name: "chain"}, nil
	case t.Gamma != 0:
		return markov.ParsePrior(fmt.Sprintf("floor:%v,%v", t.Alpha, t.Gamma), t.Tokens)
	}
	return markov.ParsePrior(fmt.Sprintf("dirichlet:%v", t.Alpha), t.Tokens)
}
