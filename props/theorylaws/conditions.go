package theorylaws

import (
	"encoding/json"
	"fmt"
	"math"

	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/props/oracle"
	"causalgrad/theory/condition"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

// checked is a forest, a finite prior and a subject's report on them.
type checked struct {
	props.Case
	t       *rapid.T
	s       props.Subject
	f       graph.Forest
	support []*markov.Chain
	condition.Report
}

// askCheck asks for a report. Every statement about hypotheses must be in it
// once, in the words of the list of statements.
func askCheck(t *rapid.T, s props.Subject, c props.Case, f graph.Forest, prior markov.Prior, o condition.Options) condition.Report {
	conditions := s.(ConditionChecker).Conditions()
	r := props.Ask(t, c, "report", func() (condition.Report, error) { return conditions.Check(f, prior, o) })
	seen := map[string]bool{}
	for _, finding := range r.Findings {
		props.Demand(t, c, !seen[finding.ID], "findings", "each statement once", finding.ID+" twice")
		seen[finding.ID] = true
		props.Finite(t, c, "number of "+finding.ID, []float64{finding.Number}, 1)
	}
	return r
}

// checkedOn asks about a list of equally likely chains.
func checkedOn(t *rapid.T, s props.Subject, f graph.Forest, support []*markov.Chain, o condition.Options) checked {
	prior := listed(support)
	c := props.Case{Graph: f.String()}.Where("prior of the chains %s", prior)
	if o != (condition.Options{}) {
		c = c.Where("options %+v", o)
	}
	return checked{c, t, s, f, support, askCheck(t, s, c, f, prior, o)}
}

// listed is the prior that is uniform over some chains, named by their text.
func listed(support []*markov.Chain) *markov.Sampled {
	matrices := make([][][]float64, len(support))
	for n, c := range support {
		matrices[n] = c.Rows()
	}
	text, err := json.Marshal(matrices)
	if err != nil {
		panic(err) // finite numbers always marshal
	}
	prior, err := markov.NewSampled(matrices, string(text))
	if err != nil {
		panic(err) // they are chains
	}
	return prior
}

// drawSupport draws up to most chains over one vocabulary of 2 to tokens.
func drawSupport(t *rapid.T, tokens, most int) []*markov.Chain {
	size := rapid.IntRange(2, tokens).Draw(t, "tokens")
	support := make([]*markov.Chain, rapid.IntRange(1, most).Draw(t, "chains"))
	for n := range support {
		c := gen.Chains(size, size).Draw(t, "chain")
		props.Tabulate(t, "chain", c.Kind)
		support[n] = c.Chain
	}
	return support
}

// drawChecked draws a forest and a list of chains, and asks about them.
func drawChecked(t *rapid.T, s props.Subject, o condition.Options) checked {
	return checkedOn(t, s, props.DrawForest(t, 3, 7).Forest, drawSupport(t, 3, 3), o)
}

// over turns a check of a report into a law's check.
func over(check func(x checked)) func(*rapid.T, props.Subject) {
	return func(t *rapid.T, s props.Subject) { check(drawChecked(t, s, condition.Options{})) }
}

// finding is that of a statement, which must be in the report.
func (x checked) finding(id string) condition.Finding {
	f, ok := x.Finding(id)
	props.Demand(x.t, x.Case, ok, "findings", id, "none with that identifier")
	return f
}

// number demands the number of a finding.
func (x checked) number(id string, want, slack float64) {
	props.Within(x.t, x.Case, "number of "+id, x.finding(id).Number, want, slack)
}

// verdict demands a finding's verdict.
func (x checked) verdict(id string, want condition.Verdict) {
	got := x.finding(id).Verdict
	props.Demand(x.t, x.Case, got == want, "verdict on "+id, string(want), string(got))
}

// decided demands Holds or Fails.
func (x checked) decided(id string, holds bool) {
	want := condition.Fails
	if holds {
		want = condition.Holds
	}
	x.verdict(id, want)
}

// each evaluates one number of every chain.
func (x checked) each(of func(c *markov.Chain) float64) []float64 {
	values := make([]float64, len(x.support))
	for n, c := range x.support {
		values[n] = of(c)
	}
	return values
}

// slack bounds the rounding of a signal or an information of any of the chains.
func (x checked) slack() float64 {
	worst := 0.0
	for _, c := range x.support {
		worst = max(worst, props.SignalSlack(x.s, x.f, c))
	}
	return worst
}

// smallestEntry is S min pi[a][b].
func smallestEntry(c *markov.Chain) float64 {
	v, _, _ := c.Smallest()
	return float64(c.Tokens()) * v
}

// informationOf is the chi-square information of parent and child, 0 for equal
// rows alone, whatever rounding leaves of it.
func informationOf(c *markov.Chain) float64 {
	equal := true
	for a := range c.Tokens() {
		for b := range c.Tokens() {
			equal = equal && c.P(a, b) == c.P(0, b)
		}
	}
	if equal {
		return 0
	}
	return max(oracle.ChiSquare(oracle.EdgeLaw(c, c.Stationary()), c.Stationary()), math.SmallestNonzeroFloat64)
}

// correlationOf is the maximal correlation of parent and child.
func correlationOf(c *markov.Chain) float64 {
	return oracle.MaximalCorrelation(oracle.EdgeLaw(c, c.Stationary()), c.Stationary())
}

// verdicts lists the findings as "id verdict", in order.
func verdicts(r condition.Report) []string {
	list := make([]string, len(r.Findings))
	for n, f := range r.Findings {
		list[n] = fmt.Sprintf("%s %s", f.ID, f.Verdict)
	}
	return list
}
