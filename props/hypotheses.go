package props

import (
	"math"

	"causalgrad/props/gen"
	"causalgrad/theory/chisq"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

// drawForest draws a forest of sequence length least to most.
func drawForest(t *rapid.T, least, most int) gen.Forest {
	needsGraph(t, "forest")
	least, most = lengthRange(t, least, most)
	forests := gen.Forests(least, most)
	switch {
	case pinned(t, noEdge):
		forests = gen.ForestsOf("all roots", least, most)
	case pinned(t, oneRoot):
		forests = gen.ForestsOf("one tree", least, most)
	}
	f := forests.Draw(t, "forest")
	observeForest(t, f)
	return f
}

// drawDAG draws a DAG of sequence length least to most.
func drawDAG(t *rapid.T, least, most, parents int) gen.DAG {
	needsGraph(t, "dag")
	least, most = lengthRange(t, least, most)
	g := gen.DAGs(least, most, maxParents(t, parents)).Draw(t, "dag")
	tabulate(t, "dag", g.Family)
	met(t, shortest, g.SequenceLength() == 3)
	return g
}

// drawConnected draws a forest with an edge.
func drawConnected(t *rapid.T, least, most int) gen.Forest {
	needsGraph(t, "forest")
	f := gen.Connected(lengthRange(t, least, most)).Draw(t, "forest")
	observeForest(t, f)
	return f
}

func observeForest(t *rapid.T, f gen.Forest) {
	edges := len(f.Edges())
	tabulate(t, "forest", f.Shape)
	observe(t, "edge", edges > 0)
	observe(t, "one tree", edges == f.Positions()-1)
	met(t, shortest, f.SequenceLength() == 3)
	met(t, noEdge, edges == 0)
	met(t, oneRoot, edges == f.Positions()-1)
}

// drawChain draws a chain over least to most tokens, for a law about one
// chain: a point prior, whose mean is the chain itself.
func drawChain(t *rapid.T, least, most int) *markov.Chain {
	least, most = tokenRange(t, least, most)
	chains := gen.Chains(least, most)
	if pinned(t, zeroProbability) {
		chains = gen.ChainsOf("with zeros", least, most).Filter(func(c gen.Chain) bool {
			low, _, _ := c.Smallest()
			return low == 0
		})
	}
	c := chains.Draw(t, "chain")
	observeChain(t, c.Kind, c.Chain)
	return c.Chain
}

// drawKind draws a chain of one kind, a name of gen.Kinds.
func drawKind(t *rapid.T, kind string, least, most int) *markov.Chain {
	least, most = tokenRange(t, least, most)
	c := gen.ChainsOf(kind, least, most).Draw(t, "chain")
	observeChain(t, c.Kind, c.Chain)
	return c.Chain
}

// observeChain observes the prior that is one chain of a kind.
func observeChain(t *rapid.T, kind string, c *markov.Chain) {
	tabulate(t, "chain", kind)
	observeShape(t, c)
	symmetric, constant := true, true
	for a := range c.Tokens() {
		for b := range c.Tokens() {
			like := c.P(0, 1) // renaming takes any entry off the diagonal to any other, and any on it too
			if a == b {
				like = c.P(0, 0)
			}
			symmetric = symmetric && math.Abs(c.P(a, b)-like) < 1e-12
			constant = constant && math.Abs(c.P(a, b)-1/float64(c.Tokens())) < 1e-12
		}
	}
	observe(t, "permutation symmetric", symmetric)
	observe(t, "constant mean", constant)
	observe(t, "constant trace", math.Abs(c.Trace()-1) < 1e-12)
}

// observeShape observes what every chain of a prior must have.
func observeShape(t *rapid.T, c *markov.Chain) {
	low, _, _ := c.Smallest()
	met(t, fewestTokens, c.Tokens() == 2)
	met(t, zeroProbability, low == 0)
	gap, err := c.SpectralGap()
	demand(t, question{Chain: c.Rows()}, err == nil, "spectrum", "a chain that has one", "an error")
	rho, err := c.SecondSingularValue()
	demand(t, question{Chain: c.Rows()}, err == nil, "singular values", "a chain that has them", "an error")
	observe(t, "positive transitions", low >= 0.1/float64(c.Tokens()))
	observe(t, "non-degenerate", chisq.NewKernel(c).Information(0, 1) >= 0.01)
	observe(t, "irreducible", true) // markov.NewChain accepts no other
	observe(t, "aperiodic", c.Period() == 1)
	observe(t, "spectral gap", gap >= 0.1)
	observe(t, "contracting", rho < 1-1e-9)
}

// observePair observes the effective length of a forest and a chain,
// n^2 / sum_ij rho^d(i,j) over the n prefix positions (theory/README.md, section 5).
func observePair(t *rapid.T, f graph.Forest, c *markov.Chain) {
	rho, err := c.SecondSingularValue()
	demand(t, forestQuestion(f, c), err == nil, "singular values", "a chain that has them", "an error")
	n, sum := f.Positions(), 0.0
	for i := range n {
		for j := range n {
			if d, related := f.Distance(i, j); related {
				sum += math.Pow(rho, float64(d))
			}
		}
	}
	observe(t, "effective length", float64(n*n)/sum >= float64(n)/2)
}

// observePrior observes a prior that A3 and A4 hold for, the chains' own
// conditions apart.
func observePrior(t *rapid.T) {
	observe(t, "permutation symmetric", true)
	observe(t, "constant mean", true)
	observe(t, "constant trace", true)
}

// drawOrbit draws a finite prior with constant mean.
func drawOrbit(t *rapid.T, least, most int) *markov.Orbit {
	orbit := gen.Orbits(tokenRange(t, least, most)).Draw(t, "orbit")
	observePrior(t)
	observeShape(t, orbit.Support()[0])
	return orbit
}
