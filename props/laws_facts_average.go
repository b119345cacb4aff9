package props

import (
	"fmt"
	"math"

	"causalgrad/theory/chisq"
	"causalgrad/theory/condition"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

// Averages over a prior, and margins of a matrix.

func priorAverage(t *rapid.T, s Subject) {
	f := drawForest(t, 3, 6).Forest
	var prior markov.Prior
	var chains []*markov.Chain
	o := condition.Options{Draws: rapid.IntRange(1, 5).Draw(t, "draws"), Seed: drawSeed(t)}
	if rapid.Bool().Draw(t, "finite") {
		chains = drawSupport(t, 3, 3)
		prior = listed(chains)
	} else {
		prior = drawFamily(t, 2)
	}
	c := sampledCase(f, prior, o)
	if chains == nil {
		refuses(t, c, "average over no draws", func() (chisq.Matrices, error) { return factsOf(s).Average(f, prior, 0, o.Seed) }, "draws = 0")
		refuses(t, c, "average over a prior with reducible chains", func() (chisq.Matrices, error) {
			return factsOf(s).Average(f, reducible{prior}, o.Draws, o.Seed)
		}, "reducible")
		chains = drawnChains(t, c, prior, o)
	}
	got := ask(t, c, "average", func() (chisq.Matrices, error) { return factsOf(s).Average(f, prior, o.Draws, o.Seed) })
	finiteSquare(t, c, "mean signal", got.Signal, f.Positions())
	finiteSquare(t, c, "mean information", got.Information, f.Positions())
	n, slack := float64(len(chains)), 0.0
	for _, chain := range chains {
		slack = math.Max(slack, slackOf(s, f, chain))
	}
	for i := range f.Positions() {
		for k := range i + 1 {
			signal, information := 0.0, 0.0
			for _, chain := range chains {
				if i == k {
					signal += (chain.Trace() - 1) / n
					information += float64(chain.Tokens()-1) / n
					continue
				}
				joint := jointLaw(f, chain, k, i)
				signal += signalOf(joint, chain) / n
				information += chiSquare(joint, chain.Stationary()) / n
			}
			within(t, c, at("mean signal", i, k), got.Signal[i][k], signal, slack)
			within(t, c, at("mean information", i, k), got.Information[i][k], information, slack)
		}
	}
}

// reducible is a prior whose chains never leave a token.
type reducible struct{ markov.Prior }

// Draw implements markov.Prior.
func (r reducible) Draw(_ *stream.Stream, p []float64) {
	clear(p)
	for a := range r.Tokens() {
		p[a*r.Tokens()+a] = 1
	}
}

func marginsDefinition(t *rapid.T, s Subject) {
	f, self := drawForest(t, 3, 8).Forest, rapid.Bool().Draw(t, "self")
	matrix := make([][]float64, f.SequenceLength())
	for i := range matrix {
		matrix[i] = make([]float64, len(matrix))
		for k := range i + 1 {
			matrix[i][k] = float64(rapid.IntRange(-3, 3).Draw(t, "entry"))
		}
	}
	c := Case{Graph: f.String()}.where("matrix %v, the child itself %v", matrix, self)
	got := ask(t, c, "margins", func() ([]chisq.Margin, error) { return factsOf(s).Margins(f, matrix, self), nil })
	edges := f.Edges()
	demand(t, c, len(got) == len(edges), "margins", fmt.Sprintf("%d margins", len(edges)), fmt.Sprintf("%d margins", len(got)))
	least := math.Inf(1)
	for n, e := range edges {
		m, row, value := got[n], matrix[e.Child], math.Inf(1)
		for k, v := range row[:e.Child+1] {
			if k != e.Parent && (self || k < e.Child) {
				value = math.Min(value, row[e.Parent]-v)
			}
		}
		demand(t, c, m.Child == e.Child && m.Parent == e.Parent && m.Value == value, "margin", fmt.Sprintf("%v of edge %v", value, e), fmt.Sprint(m))
		if math.IsInf(value, 1) {
			demand(t, c, m.Competitor == graph.Root && m.Argmax == e.Parent, "margin", "no competitor", fmt.Sprint(m))
			continue
		}
		demand(t, c, m.Competitor != e.Parent && row[e.Parent]-row[m.Competitor] == value, "competitor", "the largest other entry", itoa(m.Competitor))
		demand(t, c, row[m.Argmax] >= row[e.Parent] && row[m.Argmax] >= row[m.Competitor], "argmax", "the largest entry", itoa(m.Argmax))
		demand(t, c, value < 0 || m.Argmax == e.Parent, "argmax", "the parent where it is not behind", itoa(m.Argmax))
		least = math.Min(least, value)
	}
	type answer struct {
		margin chisq.Margin
		ok     bool
	}
	smallest := ask(t, c, "smallest margin", func() (answer, error) {
		m, ok := factsOf(s).Smallest(got)
		return answer{m, ok}, nil
	})
	demand(t, c, smallest.ok == (len(edges) > 0), "smallest margin", fmt.Sprint(len(edges) > 0), fmt.Sprint(smallest.ok))
	if smallest.ok {
		demand(t, c, smallest.margin.Value == least || math.IsInf(least, 1), "smallest margin", fmt.Sprint(least), fmt.Sprint(smallest.margin))
	}
}
