package props

import (
	"fmt"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Task builds the task that the specification describes.
func (t TaskSpec) Task() (task.Task, error) {
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
	return task.New(g, prior)
}

// Graph is the forest or the DAG of the task.
func (t TaskSpec) Graph() (graph.Graph, error) {
	switch {
	case t.Parents != nil && t.DAG != nil:
		return nil, fmt.Errorf("task: has both parents and dag, want one")
	case t.DAG != nil:
		return graph.NewDAG(t.DAG)
	}
	return graph.NewForest(t.Parents)
}

// Prior is the prior of the task.
func (t TaskSpec) Prior() (markov.Prior, error) {
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

// Model builds the model that the specification describes.
func (m ModelSpec) Model() (model.Model, error) {
	switch m.Kind {
	case "disentangled":
		return model.NewDisentangled(m.Tokens, m.Length, m.Heads)
	case "reduced":
		return model.NewReduced(m.Tokens, m.Length, m.Eps)
	case "transformer":
		return model.NewTransformer(m.Tokens, m.Length, m.Layers)
	}
	return nil, fmt.Errorf("model kind = %q, want disentangled, reduced or transformer", m.Kind)
}

// FirstHeads is the number of heads of the first layer.
func (m ModelSpec) FirstHeads() int {
	if len(m.Heads) > 0 {
		return m.Heads[0]
	}
	return 1
}

// Optimizer builds the optimiser that the specification describes, for vectors
// of the given size.
func (o OptimizerSpec) Optimizer(size int) (optim.Optimizer, error) {
	schedule, err := o.schedule()
	if err != nil {
		return nil, err
	}
	switch o.Kind {
	case "sgd":
		return optim.NewSGD(schedule, o.Decay)
	case "adamw":
		return optim.NewAdamW(schedule, o.Decay, size)
	}
	return nil, fmt.Errorf("optimiser kind = %q, want sgd or adamw", o.Kind)
}

func (o OptimizerSpec) schedule() (optim.Schedule, error) {
	switch o.Schedule {
	case "constant":
		return optim.NewConstant(o.LR)
	case "cosine":
		return optim.NewCosine(o.LR, o.Steps)
	}
	return nil, fmt.Errorf("schedule = %q, want constant or cosine", o.Schedule)
}
