package condition

import (
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func prior(t require.TestingT, text string, tokens int) markov.Prior {
	p, err := markov.ParsePrior(text, tokens)
	require.NoError(t, err)
	return p
}

func forest(t require.TestingT, text string, length int) graph.Forest {
	g, err := graph.Parse(text, length, 1)
	require.NoError(t, err)
	return g.(graph.Forest)
}

func chain(t require.TestingT, rows ...[]float64) *markov.Chain {
	c, err := markov.NewChain(rows)
	require.NoError(t, err)
	return c
}

func check(t require.TestingT, f graph.Forest, p markov.Prior, o Options) Report {
	r, err := Check(f, p, o)
	require.NoError(t, err)
	return r
}

func (r Report) verdicts() map[string]verdict.Verdict {
	list := map[string]verdict.Verdict{}
	for _, f := range r.Findings {
		list[f.ID] = f.Verdict
	}
	return list
}

// hidden is a prior of which nothing is known but its draws.
type hidden struct{ markov.Prior }

// several is a finite prior given by its list.
type several []*markov.Chain

func (s several) Tokens() int                          { return s[0].Tokens() }
func (s several) Draw(r *stream.Stream, dst []float64) { copy(dst, s[r.IntN(len(s))].Flat()) }
func (s several) Support() []*markov.Chain             { return s }
func (s several) String() string                       { return "several" }

// drawChain draws a chain of 2 to 4 tokens with rows of very different
// concentration.
func drawChain(t *rapid.T) *markov.Chain {
	s := stream.New(stream.Key{Seed: rapid.Uint64().Draw(t, "seed"), Purpose: stream.Law})
	tokens := rapid.IntRange(2, 4).Draw(t, "tokens")
	rows := make([][]float64, tokens)
	for a := range rows {
		rows[a] = make([]float64, tokens)
		s.Dirichlet(rapid.SampledFrom([]float64{0.2, 1, 5}).Draw(t, "alpha"), rows[a])
	}
	c, err := markov.NewChain(rows)
	if err != nil {
		t.Skip("numerically reducible")
	}
	return c
}

func drawForest(t *rapid.T, most int) graph.Forest {
	s := stream.New(stream.Key{Seed: rapid.Uint64().Draw(t, "forest"), Purpose: stream.Graph})
	f, err := graph.Random(rapid.IntRange(3, most).Draw(t, "length"), 0.3, s)
	require.NoError(t, err)
	return f
}
