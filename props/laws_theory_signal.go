package props

import (
	"causalgrad/props/oracle"
	"causalgrad/theory/graph"
	"pgregory.net/rapid"
)

func signalLaws() []Law {
	return []Law{
		{ID: "parent-signal", Source: section("3, fact 1"), Needs: inform,
			Sentence: "The signal of a child's parent is their chi-square information.",
			Check: informed(func(t *rapid.T, x instance) {
				for _, e := range x.Forest.Edges() {
					x.expect(t, "signal", x.Signal, e.Child, e.Parent, x.Chi2[e.Child][e.Parent])
				}
			})},
		{ID: "self-signal", Source: section("3, fact 2"), Needs: inform,
			Sentence: "A position's signal on itself is tr(pi) - 1.",
			Check: informed(func(t *rapid.T, x instance) {
				for i := range x.Forest.Positions() {
					x.expect(t, "signal", x.Signal, i, i, x.Markov.Trace()-1)
				}
				for _, e := range x.Forest.Edges() {
					observe(t, "self below parent", x.Markov.Trace()-1 < x.Chi2[e.Child][e.Parent])
				}
			})},
		{ID: "signal-definition", Source: section("3"), Needs: inform,
			Sentence: "The signal is sum pi[a][b]/mu[b] (P(s_k=a, s_i=b) - mu[a] mu[b]).",
			Check: informed(func(t *rapid.T, x instance) {
				x.pairs(func(i, k int) {
					x.expect(t, "signal", x.Signal, i, k, oracle.Signal(oracle.Joint(x.Forest, x.Markov, k, i), x.Markov))
				})
			})},
		{ID: "orbit-self-signal", Small: true, Source: section("3, fact 2; section 4, A4"), Needs: inform, Draws: 20,
			Sentence: "Over a prior with constant mean the signal on itself is 0 on average.", Check: orbitSelfSignal},
		{ID: "prefix-of-a-forest", Source: section("1"), Needs: inform,
			Sentence: "Positions added at the end change no earlier entry of signal and information.", Check: prefixOfForest},
	}
}

// orbitSelfSignal averages exactly over the finite prior.
func orbitSelfSignal(t *rapid.T, s Subject) {
	orbit := drawOrbit(t, 2, 3)
	f := forestOf([]int{graph.Root, 0})
	support := orbit.Support()
	mean, slack := 0.0, 0.0
	var first question
	for n, c := range support {
		x := informedOn(t, s, f, c)
		if n == 0 {
			first = x.Where("and the whole orbit of the chain")
		}
		mean += x.Signal[1][1] / float64(len(support))
		slack += x.Slack / float64(len(support))
	}
	within(t, first, "mean of signal[1][1]", mean, 0, slack)
}

// prefixOfForest compares a forest with the one of its first positions.
func prefixOfForest(t *rapid.T, s Subject) {
	f, chain := drawForest(t, 4, 9), drawChain(t, 2, 4)
	n := rapid.IntRange(2, f.Positions()-1).Draw(t, "kept")
	whole := informedOn(t, s, f.Forest, chain)
	part := informedOn(t, s, forestOf(f.Parents()[:n]), chain)
	for i := range n {
		for k := range i + 1 {
			whole.expect(t, "signal", whole.Signal, i, k, part.Signal[i][k])
			whole.expect(t, "information", whole.Chi2, i, k, part.Chi2[i][k])
		}
	}
}
