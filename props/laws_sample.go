package props

import (
	"slices"

	"causalgrad/impl/task"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

// sampleLaws are about the sequences that a subject draws. Each draw takes
// thousands of sequences and tests them at rate sampleAlarm.
func sampleLaws() []Law {
	return slices.Concat(forestSampleLaws(), lastTokenLaws(), priorSampleLaws(), dagSampleLaws(), seedLaws())
}

var sampling = []Capability{CanSample}

// sampled is one batch with the specification it was drawn from.
type sampled struct {
	question question
	spec     task.Spec
	f        graph.Forest
	// chain is the point prior; nil for a Dirichlet prior.
	chain *markov.Chain
	*task.Batch
}

// sampleForest draws n sequences of a forest under a point prior.
func sampleForest(t *rapid.T, s Subject, f graph.Forest, c *markov.Chain, n int) sampled {
	spec := task.Spec{Tokens: c.Tokens(), Length: f.SequenceLength(), Parents: f.Parents(), Chain: c.Rows()}
	k := sampleTask(t, s, spec, n)
	k.f, k.chain = f, c
	return k
}

// sampleDirichlet draws n sequences of a forest under a Dirichlet prior.
func sampleDirichlet(t *rapid.T, s Subject, f graph.Forest, tokens int, alpha float64, n int) sampled {
	k := sampleTask(t, s, task.Spec{Tokens: tokens, Length: f.SequenceLength(), Parents: f.Parents(), Alpha: alpha}, n)
	k.f = f
	needChains(t, k.Batch)
	return k
}

// needChains leaves the draw out where the sampler does not tell which chains it
// drew: it need not.
func needChains(t *rapid.T, b *task.Batch) {
	if b.Chains == nil {
		leaveOut(t, unsupported, "the sampler does not tell the chains that it drew")
	}
}

func sampleTask(t *rapid.T, s Subject, spec task.Spec, n int) sampled {
	seed := drawSeed(t)
	k := taskQuestion(spec).With("--seed %d", seed).Where("%d sequences", n)
	return sampled{question: k, spec: spec, Batch: askSample(t, s, k, spec, n, seed)}
}

// drawSeed draws a seed below 2^53, which every language has.
func drawSeed(t *rapid.T) uint64 { return rapid.Uint64Range(0, 1<<53-1).Draw(t, "seed") }

// entry is chain[n][a][b].
func (k sampled) entry(n, a, b int) float64 { return k.Chain(n)[a*k.S+b] }

// tokenCounts counts the sequences by a cell number below cells.
func (k sampled) tokenCounts(cells int, cell func(tokens []uint16) int) []int {
	counts := make([]int, cells)
	for n := range k.N {
		counts[cell(k.Sequence(n))]++
	}
	return counts
}
