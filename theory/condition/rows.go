package condition

import (
	"math"

	"causalgrad/theory/graph"
	"causalgrad/theory/verdict"
)

// Row compares, for one child i, the parent's entry with every other entry
// k <= i of the row, the child itself included: the paper's attention may stay
// where it is. Positions are 0-based.
type Row struct {
	Child  int `json:"child"`
	Parent int `json:"parent"`
	// Argmax is where the row, averaged over the prior, is largest; Competitor is
	// the largest entry other than the parent's.
	Argmax     int `json:"argmax"`
	Competitor int `json:"competitor"`
	// Margin is the parent's entry minus the competitor's, and StdErr the
	// standard error of that difference, 0 for a finite prior.
	Margin float64 `json:"margin"`
	StdErr float64 `json:"stderr"`
	// Verdict says whether the parent is the row's largest entry. For a sampled
	// prior it is decided only where the differences are more than
	// Table.StandardErrors of their standard errors from 0, and always undecided
	// where they are within rounding of 0 (a tie).
	Verdict verdict.Verdict `json:"verdict"`
}

// Table is one matrix, reduced to its rows.
type Table struct {
	Rows []Row
	// StandardErrors is the limit behind the verdicts: with it, all of a table's
	// decided verdicts are right with probability 1 - ErrorRate. 0: exact.
	StandardErrors float64
}

// table judges the rows.
func (c *comparison) table(exact bool) Table {
	comparisons := 0
	for _, e := range c.edges {
		comparisons += e.Child // k <= child but for the parent
	}
	var t Table
	if !exact {
		t.StandardErrors = Critical(comparisons, c.n)
	}
	for n, e := range c.edges {
		t.Rows = append(t.Rows, c.row(n, e, t.StandardErrors))
	}
	return t
}

// row judges the row of one edge at a limit of standard errors; 0 for exact
// differences.
func (c *comparison) row(n int, e graph.Edge, limit float64) Row {
	r := Row{Child: e.Child, Parent: e.Parent, Argmax: e.Parent, Margin: math.Inf(1), Verdict: verdict.Holds}
	fails := false
	for k, m := range c.lead[n] {
		if k == e.Parent {
			continue
		}
		stdErr := 0.0
		if limit > 0 {
			stdErr = m.standardError()
		}
		if m.mean < r.Margin {
			r.Margin, r.Competitor, r.StdErr = m.mean, k, stdErr
		}
		doubt := math.Max(float64(limit*stdErr), c.rounding[n][k])
		fails = fails || m.mean < -doubt
		if !(m.mean > doubt) {
			r.Verdict = verdict.Undecided
		}
	}
	if fails {
		r.Verdict = verdict.Fails
	}
	if r.Margin < 0 {
		r.Argmax = r.Competitor
	}
	return r
}

// Count is the number of rows with a verdict.
func (t Table) Count(v verdict.Verdict) int {
	n := 0
	for _, r := range t.Rows {
		if r.Verdict == v {
			n++
		}
	}
	return n
}

// Chance is the number of rows whose parent a uniformly random choice among
// the entries k <= i would find, in expectation.
func (t Table) Chance() float64 {
	sum := 0.0
	for _, r := range t.Rows {
		sum += 1 / float64(r.Child+1)
	}
	return sum
}
