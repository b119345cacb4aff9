package task

import (
	"math"
	"os"
	"strconv"
	"testing"

	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// TestTokensHaveNoBias compares how often roots and children take each token with the
// probabilities of the very chains that were drawn: the mean of their difference is 0
// and its variance known, whatever the prior. make nightly asks for 10^8 tokens of
// each kind (CAUSALGRAD_DRAWS), which show a bias of 0.1%: where one token in so many
// is made a 0, of the roots or of all, the same comparison notices. 12 comparisons
// with 6 standard errors fail once in 4e7.
func TestTokensHaveNoBias(t *testing.T) {
	draws := 200_000
	if text := os.Getenv("CAUSALGRAD_DRAWS"); text != "" {
		var err error
		draws, err = strconv.Atoi(text)
		require.NoError(t, err, "CAUSALGRAD_DRAWS")
	}
	planted := 1e-3 * math.Sqrt(1e8/float64(draws))
	roots, children := bias(t, draws, 0, 0)
	t.Logf("standard errors: roots %.1f, children %.1f", roots, children)
	require.LessOrEqual(t, max(roots, children), 6.0, "standard errors")
	roots, _ = bias(t, draws, planted, 0)
	require.Greater(t, roots, 6.0, "standard errors of a bias planted in the roots")
	roots, children = bias(t, draws, planted, planted)
	require.Greater(t, min(roots, children), 6.0, "standard errors of a bias planted in all draws")
}

// bias is the largest distance, in standard errors, over the tokens at roots and at
// children, of draws each. Shares of the tokens are made 0 afterwards.
func bias(t *testing.T, draws int, atRoots, atChildren float64) (roots, children float64) {
	const tokens, pairs, sequences = 3, 16, 1000
	parents := make([]int, 2*pairs) // roots, each with a child
	for i := range pairs {
		parents[i], parents[pairs+i] = -1, i
	}
	task := newTask(t, forest(t, parents...), markov.Dirichlet{Size: tokens, Alpha: 0.5})
	sampler, b := task.NewSampler(), NewBatch(sequences, 2*pairs+1, tokens).WithChains()
	r, spoil := stream.New(stream.Key{Seed: 3, Purpose: stream.Law}), stream.New(stream.Key{Seed: 4, Purpose: stream.Law})
	mu, work := make([]float64, tokens), make([]float64, tokens*tokens)
	var sum, variance [2][tokens]float64
	add := func(kind int, p []float64, token uint16, share float64) {
		if share > 0 && spoil.Float64() < share {
			token = 0
		}
		sum[kind][token]++
		for a, v := range p {
			sum[kind][a] -= v
			variance[kind][a] += v * (1 - v)
		}
	}
	for range (draws + pairs*sequences - 1) / (pairs * sequences) {
		sampler.Sample(r, b)
		for n := range sequences {
			chain, sequence := b.Chain(n), b.Sequence(n)
			markov.Stationary(chain, tokens, mu, work)
			for i := range pairs {
				add(0, mu, sequence[i], atRoots)
				add(1, chain[int(sequence[i])*tokens:][:tokens], sequence[pairs+i], atChildren)
			}
		}
	}
	for kind, worst := range []*float64{&roots, &children} {
		for a := range tokens {
			*worst = max(*worst, math.Abs(sum[kind][a])/math.Sqrt(variance[kind][a]))
		}
	}
	return roots, children
}
