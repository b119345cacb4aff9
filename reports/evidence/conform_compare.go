package evidence

import (
	"fmt"
	"strings"

	"causalgrad/props"
	"causalgrad/props/outcome"
	"causalgrad/reports/table"
	"causalgrad/theory/verdict"
)

// CompareConformance tabulates runs of the laws on several subjects: a summary
// with the laws that each one fails, and the verdict of every law on every
// subject, or only of the laws that some subject fails. Subjects need distinct
// names; a law that a run left out is blank.
func CompareConformance(runs []Conformance, failedOnly bool) (summary, laws Result, err error) {
	seen := map[string]bool{}
	for _, c := range runs {
		if seen[c.Subject] {
			return Result{}, Result{}, fmt.Errorf("two runs of the subject %q, want distinct subjects", c.Subject)
		}
		seen[c.Subject] = true
	}
	summary, laws = compareSummary(runs), compareLaws(runs, failedOnly)
	return summary, laws, nil
}

func compareSummary(runs []Conformance) Result {
	r := Result{Holds: true, Table: table.Table{ID: "implementations", Title: "Implementations under the laws", Columns: []table.Column{
		{Name: "implementation"}, {Name: "unit roundoff", Align: table.Right}, {Name: "passed", Align: table.Right},
		{Name: "failed", Align: table.Right},
		{Name: "refused", Align: table.Right}, {Name: "not tried", Align: table.Right}, {Name: "errors", Align: table.Right},
		{Name: "verdict"}, {Name: "laws that it fails"}}}}
	for _, c := range runs {
		r.Holds = r.Holds && c.Holds()
		var failed []string
		for _, l := range c.Laws {
			if l.Verdict == outcome.Failed {
				failed = append(failed, l.ID)
			}
		}
		names := strings.Join(failed, ", ")
		if names == "" {
			names = "-"
		}
		r.Table.Add(table.Text(c.Subject), table.Number(c.Roundoff, 3), table.Integer(c.Counts.Passed), table.Integer(c.Counts.Failed),
			table.Integer(c.Counts.Refused), table.Integer(c.Counts.untested()), table.Integer(c.Counts.Error), passed(c.Holds()), table.Text(names))
		r.Table.Note(fmt.Sprintf("%s: seed %d, %d draws of a cheap law", c.Subject, c.Seed, c.Draws))
	}
	return r
}

// compareLaws has the laws in this program's order, then those that only the
// documents know.
func compareLaws(runs []Conformance, failedOnly bool) Result {
	r := Result{Holds: true, Table: table.Table{ID: "laws-by-implementation", Title: "Laws by implementation",
		Columns: []table.Column{{Name: "law"}}}}
	var order []string
	known := map[string]bool{}
	list := func(id string) {
		if !known[id] {
			known[id] = true
			order = append(order, id)
		}
	}
	for _, l := range props.All() {
		list(l.ID)
	}
	verdicts := make([]map[string]LawOutcome, len(runs))
	for i, c := range runs {
		r.Holds = r.Holds && c.Holds()
		r.Table.Columns = append(r.Table.Columns, table.Column{Name: c.Subject})
		verdicts[i] = map[string]LawOutcome{}
		for _, l := range c.Laws {
			list(l.ID)
			verdicts[i][l.ID] = l
		}
	}
	for _, id := range order {
		row, shown := []table.Cell{table.Text(id)}, false
		for i := range runs {
			l, has := verdicts[i][id]
			if !has {
				row = append(row, table.Text("").WithVerdict(verdict.NotRun))
				continue
			}
			shown = shown || !failedOnly || l.Verdict == outcome.Failed
			row = append(row, l.verdict())
		}
		if shown {
			r.Table.Add(row...)
		}
	}
	r.Table.Note("-: not tried: the implementation lacks a capability that the law needs or does not cover its cases")
	return r
}
