package reference

import (
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Gradients is a list of exact first-step gradients.
type Gradients struct {
	origin
	Examples []GradientExample
}

// GradientExample is one forest and one chain with the matrices of theory/README.md,
// section 3, lower triangular.
type GradientExample struct {
	Forest      graph.Forest
	Chain       *markov.Chain
	Eps         float64
	Gradient    [][]float64 // T x T
	Signal      [][]float64 // (T-1) x (T-1)
	Information [][]float64 // (T-1) x (T-1), chi-square
}

func loadGradients(n node, o origin) File {
	g := &Gradients{origin: o}
	for _, e := range n.some() {
		g.Examples = append(g.Examples, e.gradientExample())
	}
	g.ignored = n.ignored
	return g
}

func (n node) gradientExample() GradientExample {
	// enumeration_error is the file's own check of its gradient against
	// enumeration; ours is against the gradient itself.
	n.object("tokens", "length", "parents", "chain", "eps", "gradient", "signal", "chi2", "enumeration_error")
	tokens := n.field("tokens").integer(markov.MinTokens, maxTokens)
	length := n.field("length").integer(graph.MinSequenceLength, maxLength)
	return GradientExample{
		Forest:      n.field("parents").forest(length),
		Chain:       n.field("chain").chain(tokens),
		Eps:         n.field("eps").within(0, firststep.MaxEps),
		Gradient:    n.field("gradient").matrix(length, length),
		Signal:      n.field("signal").matrix(length-1, length-1),
		Information: n.field("chi2").matrix(length-1, length-1),
	}
}
