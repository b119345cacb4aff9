package evidence

import (
	"fmt"
	"math"
	"strings"

	"causalgrad/props"
	"causalgrad/props/outcome"
	"causalgrad/reports/table"
	"causalgrad/theory/verdict"
)

// Tables are the run on one screen: the summary by capability, the findings and
// what was not tried; with each, a table of every law stands before them and the
// coverage of conditions after them.
func (c Conformance) Tables(each bool) []table.Table {
	tables := []table.Table{c.summary()}
	if c.Counts.Failed > 0 {
		tables = append(tables, c.findingsTable(3))
	}
	if c.Counts.untested()+c.Unjudged > 0 || len(c.leftOut()) > 0 {
		tables = append(tables, c.untriedTable())
	}
	if each {
		tables = append(append([]table.Table{c.every()}, tables...), c.coverage())
	}
	return tables
}

// findingsTable has a row for each likely cause, with the names of a few laws that
// fail of it.
func (c Conformance) findingsTable(few int) table.Table {
	t := table.Table{ID: "findings", Title: "Findings on " + c.Subject + ", by likely cause", Columns: []table.Column{{Name: "likely cause"},
		{Name: "kind"}, {Name: "laws", Align: table.Right}, {Name: "worst", Unit: "tolerances", Align: table.Right},
		{Name: "laws that fail of it"}}}
	for _, f := range c.findings() {
		worst := 0.0
		for _, l := range f.Laws {
			worst = math.Max(worst, l.Failure.OffBy)
		}
		off := table.Text("-")
		if worst > 0 {
			off = table.Number(worst, 3)
		}
		t.Add(table.Text(f.Cause), table.Text(f.Laws[0].Failure.Kind), table.Integer(len(f.Laws)), off, table.Text(lawNames(f.Laws, few)))
	}
	return t
}

// untriedTable says what was not tested and why.
func (c Conformance) untriedTable() table.Table {
	t := table.Table{ID: "not-tried", Title: "What was not tried on " + c.Subject, Columns: []table.Column{{Name: "why"},
		{Name: "laws", Align: table.Right}, {Name: "draws left out", Align: table.Right}}}
	reasons, laws := c.untried()
	for _, why := range reasons {
		t.Add(table.Text(why), table.Integer(laws[why]), table.Text("-"))
	}
	for _, out := range c.leftOut() {
		t.Add(table.Text(out.Why+": "+out.Reason), table.Text("-"), table.Integer(out.Draws))
	}
	t.Note("neither passed nor failed; a draw that is left out is replaced by another")
	return t
}

// about is what a table of the run says of the run itself.
func (c Conformance) about() string {
	return fmt.Sprintf("%s, unit roundoff %.3g, seed %d, %d draws of a cheap law", c.Subject, c.Roundoff, c.Seed, c.Draws)
}

// group is the capability that a law is listed under: the first that it needs.
func (l LawOutcome) group() string {
	if len(l.Needs) == 0 {
		return "none"
	}
	return string(l.Needs[0])
}

// byChance says of a right subject how probable it is that it fails.
func (c Conformance) byChance() string {
	if c.FalseAlarm == 0 { // no law with a statistical verdict was tried
		return "fails no law of such a run by chance"
	}
	return fmt.Sprintf("fails any law of such a run with probability %.2g at most", c.FalseAlarm)
}

// summary counts the verdicts for each capability, in the order of the laws.
func (c Conformance) summary() table.Table {
	t := table.Table{ID: "conform", Title: "Laws on " + c.about(), Columns: []table.Column{{Name: "laws that need"},
		{Name: "laws", Align: table.Right}, {Name: "passed", Align: table.Right}, {Name: "failed", Align: table.Right},
		{Name: "refused", Align: table.Right}, {Name: "not tried", Align: table.Right}, {Name: "errors", Align: table.Right},
		{Name: "draws", Align: table.Right}, {Name: "verdict"}}}
	var order []string
	counts, draws := map[string]*Counts{}, map[string]int{}
	for _, l := range c.Laws {
		g := l.group()
		if counts[g] == nil {
			counts[g] = &Counts{}
			order = append(order, g)
		}
		counts[g].add(l)
		draws[g] += l.Draws
	}
	total := 0
	for _, g := range order {
		addCounts(&t, g, *counts[g], draws[g])
		total += draws[g]
	}
	addCounts(&t, "all", c.Counts, total)
	t.Note("a right subject " + c.byChance())
	if c.Counts.Refused > 0 {
		t.Note("refused: of those failed, without an answer that could be wrong")
	}
	var edges []string
	for _, class := range c.Classes {
		if class.Kind == "edge case" {
			edges = append(edges, fmt.Sprintf("%s in %d", class.Class, class.Draws))
		}
	}
	if len(edges) > 0 {
		t.Note("edge cases come first; draws that had them: " + strings.Join(edges, ", "))
	}
	if c.Unjudged > 0 {
		t.Note(fmt.Sprintf("stopped before %d more laws were judged", c.Unjudged))
	}
	return t
}

func addCounts(t *table.Table, name string, n Counts, draws int) {
	cell := passed(n.Failed == 0 && n.Error == 0)
	if n.untested() == n.laws() {
		cell = table.Verdict(verdict.NotRun)
	}
	t.Add(table.Text(name), table.Integer(n.laws()), table.Integer(n.Passed), table.Integer(n.Failed), table.Integer(n.Refused),
		table.Integer(n.untested()), table.Integer(n.Error), table.Integer(draws), cell)
}

// verdict is the cell of one law.
func (l LawOutcome) verdict() table.Cell {
	switch l.Verdict {
	case outcome.Passed:
		return table.Verdict(verdict.Pass)
	case outcome.Failed:
		if l.Failure.unanswered() {
			return table.Text(l.Failure.Kind).WithVerdict(verdict.Fail)
		}
		return table.Verdict(verdict.Fail)
	case outcome.NotApplicable, outcome.NotTried:
		return table.Text("-").WithVerdict(verdict.NotRun)
	}
	return table.Text("error").WithVerdict(verdict.Undecided)
}

// every lists all laws.
func (c Conformance) every() table.Table {
	t := table.Table{ID: "laws", Title: "Every law on " + c.about(), Columns: []table.Column{{Name: "law"}, {Name: "verdict"},
		{Name: "draws", Align: table.Right}, {Name: "claim"}, {Name: "stands in"}}}
	for _, l := range c.Laws {
		t.Add(table.Text(l.ID), l.verdict(), table.Integer(l.Draws), table.Text(l.Sentence), table.Text(l.Source))
	}
	return t
}

// coverage tells how often the draws met each condition of the theorems.
func (c Conformance) coverage() table.Table {
	t := table.Table{ID: "coverage", Title: "Conditions of the theorems that the draws met and missed", Columns: []table.Column{{Name: "condition"},
		{Name: "met", Align: table.Right}, {Name: "at least (met)", Align: table.Right}, {Name: "not met", Align: table.Right},
		{Name: "at least (not met)", Align: table.Right}, {Name: "verdict"}, {Name: "what it says"}}}
	for _, h := range c.Coverage {
		verdict := table.Text("-")
		if h.Judged {
			verdict = passed(h.Enough)
		}
		t.Add(table.Text(h.ID), table.Integer(h.Met), table.Integer(h.LeastMet), table.Integer(h.NotMet),
			table.Integer(h.LeastNotMet), verdict, table.Text(h.Sentence))
	}
	if len(c.Coverage) > 0 && !c.Coverage[0].Judged {
		t.Note(fmt.Sprintf("the least numbers are for a run of all laws at %d draws in which every law passes; they are not judged here",
			props.DefaultDraws))
	}
	return t
}
