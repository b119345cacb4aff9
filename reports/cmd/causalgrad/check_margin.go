package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"causalgrad/reports/table"
	"causalgrad/theory/chisq"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// checkMargin explains one parent's mean lead over its strongest earlier competitor
// (theory/README.md, section 11). LogLikelihood is null where it is infinite.
type checkMargin struct {
	Child         int           `json:"child"`
	Parent        int           `json:"parent"`
	Competitor    int           `json:"competitor"`
	Margin        float64       `json:"margin"`
	Pairs         []marginShare `json:"pairs"` // of rows of pi, the largest first
	Squared       float64       `json:"squared_loss"`
	LogLikelihood *float64      `json:"log_likelihood"`
}

// marginShare is the part of a margin that two rows of pi give.
type marginShare struct {
	Rows  [2]int  `json:"rows"`
	Value float64 `json:"value"`
}

func newCheckMargins(f graph.Forest, prior markov.Prior, draws int, seed uint64) ([]checkMargin, error) {
	means, err := chisq.AverageMargins(f, prior, draws, seed)
	if err != nil {
		return nil, err
	}
	all := []checkMargin{}
	for _, m := range means {
		c := checkMargin{Child: m.Child, Parent: m.Parent, Competitor: m.Competitor, Margin: m.Scores.ChiSquare, Squared: m.Scores.Squared}
		if v := m.Scores.LogLikelihood; !math.IsInf(v, 1) {
			c.LogLikelihood = &v
		}
		for _, p := range m.Pairs {
			c.Pairs = append(c.Pairs, marginShare{[2]int{p.A, p.C}, p.Value()})
		}
		slices.SortStableFunc(c.Pairs, func(a, b marginShare) int { return cmp.Compare(b.Value, a.Value) })
		all = append(all, c)
	}
	return all, nil
}

// shownPairs is how many pairs of rows a line of the table names.
const shownPairs = 3

func marginTable(margins []checkMargin) table.Table {
	t := table.Table{ID: "margins", Title: "Why the parent is ahead of every earlier position: rows of pi that differ", Columns: []table.Column{
		{Name: "child", Align: table.Right}, {Name: "parent", Align: table.Right}, {Name: "competitor", Align: table.Right},
		{Name: "margin", Align: table.Decimal}, {Name: "given by the rows"}, {Name: "squared loss", Align: table.Decimal}, {Name: "log-likelihood", Align: table.Decimal}}}
	for _, m := range margins {
		var words []string
		for _, p := range m.Pairs[:min(shownPairs, len(m.Pairs))] {
			share := 0.0
			if m.Margin > 0 {
				share = 100 * p.Value / m.Margin
			}
			words = append(words, fmt.Sprintf("%d and %d: %.0f%%", p.Rows[0], p.Rows[1], share))
		}
		likelihood := table.Text("infinite")
		if m.LogLikelihood != nil {
			likelihood = table.Number(*m.LogLikelihood, 3)
		}
		t.Add(table.Integer(m.Child), table.Integer(m.Parent), table.Integer(m.Competitor), table.Number(m.Margin, 3),
			table.Text(strings.Join(words, ", ")), table.Number(m.Squared, 3), likelihood)
	}
	t.Note("margin: of the mean signal over the strongest earlier position, an identity: a sum over pairs of rows of their distance times the probability that the two positions' tokens name them; rows that agree give nothing")
	t.Note("squared loss, log-likelihood: the same comparison under those scores; none of the three can be negative while roots are stationary")
	return t
}
