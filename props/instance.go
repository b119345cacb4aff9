package props

import (
	"causalgrad/props/oracle"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

// instance is one forest, one chain and what the subject says of them: the
// case of the laws of theory/README.md, section 3.
type instance struct {
	question
	Forest graph.Forest
	Markov *markov.Chain
	Mu     []float64
	information
	// Slack bounds the rounding of a signal or an information; see signalSlack.
	Slack float64
}

// informed turns a check of an instance into a law's check.
func informed(check func(t *rapid.T, x instance)) func(*rapid.T, Subject) {
	return func(t *rapid.T, s Subject) {
		check(t, informedOn(t, s, drawForest(t, 3, 9).Forest, drawChain(t, 2, 4)))
	}
}

// informedOn asks the subject about a forest and a chain.
func informedOn(t *rapid.T, s Subject, f graph.Forest, chain *markov.Chain) instance {
	c := forestQuestion(f, chain)
	observePair(t, f, chain)
	slack := tellable(t, signalSlack(s, f, chain))
	return instance{c, f, chain, chain.Stationary(), askInformation(t, s, c, f, chain), slack}
}

// signalSlack bounds the rounding error of a signal or an information on f.
//
// Either is a sum of S^2 products of joint probabilities and 1/mu. A joint
// probability takes at most 2 depth matrix products, each of S terms, none of
// which cancels: 2 depth S roundings, relative. A solver's stationary distribution is
// off by up to S u condition in sum, so relatively by that over min mu; and
// 1/mu, or 1/sqrt(mu) twice, enlarges an absolute error by 1/min mu. All terms
// together are at most (S-1)+1. So S^2 (2 depth + 4) u condition / min mu times
// S bounds everything to first order; 8 is for what an implementation does in
// other ways. On a well-mixed chain over 3 tokens this is about 1e-12.
func signalSlack(s Subject, f graph.Forest, c *markov.Chain) float64 {
	size, depth, least := float64(c.Tokens()), 0, 1.0
	for i := range f.Positions() {
		depth = max(depth, f.Depth(i))
	}
	for _, m := range c.Stationary() {
		least = min(least, m)
	}
	return 8 * size * size * size * float64(2*depth+4) * s.Roundoff() * oracle.ConditionNumber(c) / least
}

// pairs calls visit for every k < i of the prefix.
func (x instance) pairs(visit func(i, k int)) {
	for i := range x.Forest.Positions() {
		for k := range i {
			visit(i, k)
		}
	}
}

// competitors calls visit for every child i with parent p and every k < i.
func (x instance) competitors(visit func(i, p, k int)) {
	for _, e := range x.Forest.Edges() {
		for k := range e.Child {
			visit(e.Child, e.Parent, k)
		}
	}
}

// forestOf is the forest that a law knows to be right.
func forestOf(parents []int) graph.Forest {
	f, err := graph.NewForest(parents)
	if err != nil {
		panic(err)
	}
	return f
}

// chainOf is the chain that a law knows to be right.
func chainOf(rows [][]float64) *markov.Chain {
	c, err := markov.NewChain(rows)
	if err != nil {
		panic(err)
	}
	return c
}
