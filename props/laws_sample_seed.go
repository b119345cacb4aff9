package props

import (
	"fmt"

	"causalgrad/impl/task"
	"pgregory.net/rapid"
)

func seedLaws() []Law {
	return []Law{
		{ID: "sample-same-seed", Source: "README.md, Determinism", Needs: sampling, Draws: 30,
			Sentence: "The same seed gives the same batch, to the bit.", Check: sameSeed},
		{ID: "sample-other-seed", Source: "README.md, Determinism", Needs: sampling, Draws: 30,
			Sentence: "No chain occurs twice, in a batch or under another seed.", Check: otherSeed},
	}
}

// drawTask draws a specification of a forest or a DAG with a Dirichlet prior.
func drawTask(t *rapid.T) task.Spec {
	tokens, alpha := drawPrior(t)
	if drawIsDAG(t) {
		return dagSpec(drawDAG(t, 3, 8, 2).DAG, tokens, alpha)
	}
	f := drawForest(t, 3, 8)
	return task.Spec{Tokens: tokens, Length: f.SequenceLength(), Parents: f.Parents(), Alpha: alpha}
}

func sameSeed(t *rapid.T, s Subject) {
	spec, seed := drawTask(t), drawSeed(t)
	k := taskQuestion(spec).With("--seed %d", seed).Where("100 sequences")
	first, again := askSample(t, s, k, spec, 100, seed), askSample(t, s, k, spec, 100, seed)
	equal(t, k, "tokens", again.Tokens, first.Tokens)
	equal(t, k, "targets", again.Targets, first.Targets)
	equal(t, k, "chains", again.Chains, first.Chains)
}

// otherSeed looks for rows that occur twice among the chains of three seeds
// that a program might confuse. With alpha = 1 rows are continuous: two that
// agree to 9 digits have probability 1e-9, and 600 chains make 2e5 pairs of
// chains, in which all rows must agree: below 1e-12 even for S = 2.
func otherSeed(t *rapid.T, s Subject) {
	tokens := drawTokens(t, 2, 4)
	f := drawForest(t, 3, 8)
	spec := task.Spec{Tokens: tokens, Length: f.SequenceLength(), Parents: f.Parents(), Alpha: 1}
	seed := drawSeed(t)
	k := taskQuestion(spec).With("--seed %d", seed).Where("and the next two seeds").Where("200 sequences")
	seen := map[string]string{}
	for next := range uint64(3) {
		b := askSample(t, s, k, spec, 200, seed+next)
		needChains(t, b)
		for n := range b.N {
			key, place := fmt.Sprintf("%.9f", b.Chain(n)), fmt.Sprintf("sequence %d of seed %d", n, seed+next)
			demand(t, k, seen[key] == "", "chain of "+place, "one of its own", "that of "+seen[key])
			seen[key] = place
		}
	}
}
