package theorylaws

import (
	"fmt"
	"math"
	"strconv"

	"causalgrad/props"
	"causalgrad/props/oracle"
	"causalgrad/theory/chisq"
	"causalgrad/theory/condition"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

// Averages over a prior, and margins of a matrix.

func priorAverage(t *rapid.T, s props.Subject) {
	f := props.DrawForest(t, 3, 6).Forest
	var prior markov.Prior
	var chains []*markov.Chain
	o := condition.Options{Draws: rapid.IntRange(1, 5).Draw(t, "draws"), Seed: props.DrawSeed(t)}
	if rapid.Bool().Draw(t, "finite") {
		chains = drawSupport(t, 3, 3)
		prior = listed(chains)
	} else {
		prior = drawFamily(t, 2)
	}
	c := sampledCase(f, prior, o)
	if chains == nil {
		props.Refuses(t, c, "average over no draws", func() (chisq.Matrices, error) { return factsOf(s).Average(f, prior, 0, o.Seed) }, "draws = 0")
		props.Refuses(t, c, "average over a prior with reducible chains", func() (chisq.Matrices, error) {
			return factsOf(s).Average(f, reducible{prior}, o.Draws, o.Seed)
		}, "reducible")
		chains = drawnChains(t, c, prior, o)
	}
	got := props.Ask(t, c, "average", func() (chisq.Matrices, error) { return factsOf(s).Average(f, prior, o.Draws, o.Seed) })
	props.FiniteSquare(t, c, "mean signal", got.Signal, f.Positions())
	props.FiniteSquare(t, c, "mean information", got.Information, f.Positions())
	n, slack := float64(len(chains)), 0.0
	for _, chain := range chains {
		slack = math.Max(slack, props.SignalSlack(s, f, chain))
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
				joint := oracle.JointLaw(f, chain, k, i)
				signal += oracle.Signal(joint, chain) / n
				information += oracle.ChiSquare(joint, chain.Stationary()) / n
			}
			props.Within(t, c, props.At("mean signal", i, k), got.Signal[i][k], signal, slack)
			props.Within(t, c, props.At("mean information", i, k), got.Information[i][k], information, slack)
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

func marginsDefinition(t *rapid.T, s props.Subject) {
	f, self := props.DrawForest(t, 3, 8).Forest, rapid.Bool().Draw(t, "self")
	matrix := make([][]float64, f.SequenceLength())
	for i := range matrix {
		matrix[i] = make([]float64, len(matrix))
		for k := range i + 1 {
			matrix[i][k] = float64(rapid.IntRange(-3, 3).Draw(t, "entry"))
		}
	}
	c := props.Case{Graph: f.String()}.Where("matrix %v, the child itself %v", matrix, self)
	got := props.Ask(t, c, "margins", func() ([]chisq.Margin, error) { return factsOf(s).Margins(f, matrix, self), nil })
	edges := f.Edges()
	props.Demand(t, c, len(got) == len(edges), "margins", fmt.Sprintf("%d margins", len(edges)), fmt.Sprintf("%d margins", len(got)))
	least := math.Inf(1)
	for n, e := range edges {
		m, row, value := got[n], matrix[e.Child], math.Inf(1)
		for k, v := range row[:e.Child+1] {
			if k != e.Parent && (self || k < e.Child) {
				value = math.Min(value, row[e.Parent]-v)
			}
		}
		props.Demand(t, c, m.Child == e.Child && m.Parent == e.Parent && m.Value == value, "margin", fmt.Sprintf("%v of edge %v", value, e), fmt.Sprint(m))
		if math.IsInf(value, 1) {
			props.Demand(t, c, m.Competitor == graph.Root && m.Argmax == e.Parent, "margin", "no competitor", fmt.Sprint(m))
			continue
		}
		props.Demand(t, c, m.Competitor != e.Parent && row[e.Parent]-row[m.Competitor] == value, "competitor", "the largest other entry", strconv.Itoa(m.Competitor))
		props.Demand(t, c, row[m.Argmax] >= row[e.Parent] && row[m.Argmax] >= row[m.Competitor], "argmax", "the largest entry", strconv.Itoa(m.Argmax))
		props.Demand(t, c, value < 0 || m.Argmax == e.Parent, "argmax", "the parent where it is not behind", strconv.Itoa(m.Argmax))
		least = math.Min(least, value)
	}
	type answer struct {
		margin chisq.Margin
		ok     bool
	}
	smallest := props.Ask(t, c, "smallest margin", func() (answer, error) {
		m, ok := factsOf(s).Smallest(got)
		return answer{m, ok}, nil
	})
	props.Demand(t, c, smallest.ok == (len(edges) > 0), "smallest margin", fmt.Sprint(len(edges) > 0), fmt.Sprint(smallest.ok))
	if smallest.ok {
		props.Demand(t, c, smallest.margin.Value == least || math.IsInf(least, 1), "smallest margin", fmt.Sprint(least), fmt.Sprint(smallest.margin))
	}
}
