package reference

import (
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Dynamics is a list of exact gradients beyond the first step, of stage 1 of
// Algorithm 1 and of count estimators' losses.
type Dynamics struct {
	origin
	Examples []DynamicsExample
}

// DynamicsExample is one forest and one chain with the matrices of
// theory/README.md, sections 8 to 10; T x T matrices are lower triangular.
type DynamicsExample struct {
	Forest      graph.Forest
	Chain       *markov.Chain
	Eps         float64
	A1          [][]float64 // logits of the first layer, T x T
	FirstLayer  [][]float64 // coefficient of beta0 in -dL/dA1 at A1
	SecondLayer [][]float64 // -dL/dA2 at A2 = 0 and A1, S x S
	Stage1      Stage1Example
	Count       []CountLoss
	Irreducible float64
}

// Stage1Example is stage 1 from A1 = 0: its attention after the first and the
// last step.
type Stage1Example struct {
	Rate, Beta0 float64
	Steps       int
	First, Last [][]float64
}

// CountLoss is the count estimator's population loss with Alpha pseudo-counts.
type CountLoss struct{ Alpha, Loss float64 }

// maxStage1Steps bounds what a file may ask for.
const maxStage1Steps = 100_000

func loadDynamics(n node, o origin) File {
	d := &Dynamics{origin: o}
	for _, e := range n.some() {
		d.Examples = append(d.Examples, e.dynamicsExample())
	}
	d.ignored = n.ignored
	return d
}

func (n node) dynamicsExample() DynamicsExample {
	n.object("tokens", "parents", "chain", "eps", "a1", "a1_gradient", "a2_gradient", "stage1", "count", "irreducible")
	tokens := n.field("tokens").integer(markov.MinTokens, maxTokens)
	length := len(n.field("parents").values(-1)) + 1
	if n.err == nil && (length < graph.MinSequenceLength || length > maxLength) {
		n.field("parents").fail("a list of %d to %d", graph.MinSequenceLength-1, maxLength-1)
	}
	e := DynamicsExample{
		Forest:      n.field("parents").forest(length),
		Chain:       n.field("chain").chain(tokens),
		Eps:         n.field("eps").within(0, firststep.MaxEps),
		A1:          n.field("a1").matrix(length, length),
		FirstLayer:  n.field("a1_gradient").matrix(length, length),
		SecondLayer: n.field("a2_gradient").matrix(tokens, tokens),
		Irreducible: n.field("irreducible").number(),
	}
	s := n.field("stage1")
	s.object("rate", "beta0", "steps", "attention", "first")
	e.Stage1 = Stage1Example{
		Rate: s.field("rate").within(1e-9, 1e12), Beta0: s.field("beta0").within(1e-12, 1e3),
		Steps: s.field("steps").integer(1, maxStage1Steps),
		First: s.field("first").matrix(length, length), Last: s.field("attention").matrix(length, length),
	}
	for _, c := range n.field("count").some() {
		c.object("alpha", "loss")
		e.Count = append(e.Count, CountLoss{c.field("alpha").alpha(), c.field("loss").number()})
	}
	return e
}
