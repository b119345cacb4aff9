package props

import (
	"causalgrad/props/gen"
	"causalgrad/theory/chisq"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

// Hypotheses lists the conditions that laws observe: those of the theorems
// (theorems.md A1 to A4, theory.md section 4) and those that split the exact
// facts into cases.
func Hypotheses() []Hypothesis {
	return []Hypothesis{
		{"edge", "the forest has at least one edge", 1000, 100},
		{"one tree", "the forest is one tree", 300, 300},
		{"positive transitions", "no transition probability is below 0.1/S (A1 with gamma = 0.1)", 500, 500},
		{"non-degenerate", "the chi-square information of parent and child is at least 0.01 (A2)", 500, 200},
		{"constant mean", "the prior's mean is 1/S everywhere (A4)", 50, 1000},
		{"aperiodic", "the chain is aperiodic", 1000, 10},
		{"self below parent", "a position's signal on itself is below its parent's (fact 2)", 100, 30},
		{"distant pair", "a pair of positions is two or more edges apart", 300, 50},
	}
}

// drawForest draws a forest of sequence length least to most.
func drawForest(t *rapid.T, least, most int) gen.Forest {
	f := gen.Forests(least, most).Draw(t, "forest")
	observeForest(t, f)
	return f
}

// drawConnected draws a forest with an edge.
func drawConnected(t *rapid.T, least, most int) gen.Forest {
	f := gen.Connected(least, most).Draw(t, "forest")
	observeForest(t, f)
	return f
}

func observeForest(t *rapid.T, f gen.Forest) {
	edges := len(f.Edges())
	Tabulate(t, "forest", f.Shape)
	Observe(t, "edge", edges > 0)
	Observe(t, "one tree", edges == f.Positions()-1)
}

// drawChain draws a chain over least to most tokens, for a law about one
// chain: a point prior, whose mean is the chain itself.
func drawChain(t *rapid.T, least, most int) *markov.Chain {
	c := gen.Chains(least, most).Draw(t, "chain")
	observeChain(t, c)
	return c.Chain
}

// drawKind draws a chain of one kind, a name of gen.Kinds.
func drawKind(t *rapid.T, kind string, least, most int) *markov.Chain {
	c := gen.ChainsOf(kind, least, most).Draw(t, "chain")
	observeChain(t, c)
	return c.Chain
}

func observeChain(t *rapid.T, c gen.Chain) {
	low, _, _ := c.Smallest()
	information := chisq.NewKernel(c.Chain).Information(0, 1)
	Tabulate(t, "chain", c.Kind)
	Observe(t, "positive transitions", low >= 0.1/float64(c.Tokens()))
	Observe(t, "non-degenerate", information >= 0.01)
	Observe(t, "aperiodic", c.Period() == 1)
	Observe(t, "constant mean", information < 1e-20) // a point prior: the uniform chain alone
}

// drawOrbit draws a finite prior with constant mean.
func drawOrbit(t *rapid.T, least, most int) *markov.Orbit {
	orbit := gen.Orbits(least, most).Draw(t, "orbit")
	base := orbit.Support()[0]
	low, _, _ := base.Smallest()
	Observe(t, "constant mean", true)
	Observe(t, "positive transitions", low >= 0.1/float64(base.Tokens()))
	Observe(t, "non-degenerate", chisq.NewKernel(base).Information(0, 1) >= 0.01)
	return orbit
}
