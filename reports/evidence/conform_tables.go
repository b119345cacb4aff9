package evidence

import (
	"fmt"
	"strings"

	"causalgrad/props"
	"causalgrad/reports/table"
)

// Tables are the summary by capability and the coverage of conditions; with
// each, a table of every law stands before them.
func (c Conformance) Tables(each bool) []table.Table {
	tables := []table.Table{c.summary(), c.coverage()}
	if each {
		tables = append([]table.Table{c.every()}, tables...)
	}
	return tables
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

// summary counts the verdicts for each capability, in the order of the laws.
func (c Conformance) summary() table.Table {
	t := table.Table{ID: "conform", Title: "Laws on " + c.about(), Columns: []table.Column{{Name: "laws that need"},
		{Name: "laws", Align: table.Right}, {Name: "passed", Align: table.Right}, {Name: "failed", Align: table.Right},
		{Name: "not applicable", Align: table.Right}, {Name: "errors", Align: table.Right}, {Name: "draws", Align: table.Right}, {Name: "verdict"}}}
	var order []string
	counts, draws := map[string]*Counts{}, map[string]int{}
	for _, l := range c.Laws {
		g := l.group()
		if counts[g] == nil {
			counts[g] = &Counts{}
			order = append(order, g)
		}
		counts[g].add(l.Verdict)
		draws[g] += l.Draws
	}
	total := 0
	for _, g := range order {
		addCounts(&t, g, *counts[g], draws[g])
		total += draws[g]
	}
	addCounts(&t, "all", c.Counts, total)
	t.Note(fmt.Sprintf("a right subject fails any law of such a run with probability %.2g at most", c.FalseAlarm))
	if c.Unjudged > 0 {
		t.Note(fmt.Sprintf("stopped before %d more laws were judged", c.Unjudged))
	}
	if missing := c.missing(); missing != "" {
		t.Note("not applicable, so not tested: laws that need " + missing)
	}
	return t
}

func addCounts(t *table.Table, name string, n Counts, draws int) {
	verdict := passed(n.Failed == 0 && n.Error == 0)
	if n.NotApplicable == n.laws() {
		verdict = table.NotRun.Cell()
	}
	t.Add(table.Text(name), table.Integer(n.laws()), table.Integer(n.Passed), table.Integer(n.Failed),
		table.Integer(n.NotApplicable), table.Integer(n.Error), table.Integer(draws), verdict)
}

// missing lists the capabilities that the subject lacks.
func (c Conformance) missing() string {
	var all []string
	seen := map[props.Capability]bool{}
	for _, l := range c.Laws {
		if l.Missing != "" && !seen[l.Missing] {
			seen[l.Missing] = true
			all = append(all, string(l.Missing))
		}
	}
	return strings.Join(all, ", ")
}

// verdict is the cell of one law.
func (l LawOutcome) verdict() table.Cell {
	switch l.Verdict {
	case props.Passed:
		return table.Pass.Cell()
	case props.Failed:
		return table.Fail.Cell()
	case props.NotApplicable:
		return table.Text("-").WithVerdict(table.NotRun)
	}
	return table.Text("error").WithVerdict(table.Undecided)
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
	t := table.Table{ID: "coverage", Title: "Conditions that the draws met and missed", Columns: []table.Column{{Name: "condition"},
		{Name: "met", Align: table.Right}, {Name: "at least", Align: table.Right}, {Name: "not met", Align: table.Right},
		{Name: "at least (not met)", Align: table.Right}, {Name: "verdict"}, {Name: "condition is"}}}
	for _, h := range c.Coverage {
		verdict := table.Text("-")
		if h.Judged {
			verdict = passed(h.Enough)
		}
		t.Add(table.Text(h.Condition), table.Integer(h.Met), table.Integer(h.LeastMet), table.Integer(h.NotMet),
			table.Integer(h.LeastNotMet), verdict, table.Text(h.Sentence))
	}
	if len(c.Coverage) > 0 && !c.Coverage[0].Judged {
		t.Note(fmt.Sprintf("the least numbers are for a run of all laws at %d draws in which every law passes; they are not judged here", props.DefaultDraws))
	}
	return t
}
