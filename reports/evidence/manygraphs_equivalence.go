package evidence

import (
	"fmt"

	"causalgrad/golden/stat"
	"causalgrad/reports/table"
	"causalgrad/theory/verdict"
)

// ManyGraphsEquivalence is the test of the mean over the published forests.
type ManyGraphsEquivalence struct {
	// Test is nil where it was not run; Why says why not.
	Test *stat.Equivalence `json:"test,omitempty"`
	Why  string            `json:"why,omitempty"`
	// Differences are our mean over seeds minus the published value, of each forest.
	Differences []float64 `json:"differences"`
}

// Equivalence tests whether the expected difference between our mean deficit
// and the published one, over forests, is within ManyGraphsMargin (TOST on the
// forests' paired differences). A published value is one run, whose noise over
// seeds is part of the differences' spread. It is not run unless all published
// forests were trained for the published number of steps.
func (m ManyGraphs) Equivalence() (ManyGraphsEquivalence, error) {
	var e ManyGraphsEquivalence
	full, err := m.Full()
	if err != nil {
		return e, err
	}
	if !full {
		e.Why = fmt.Sprintf("not all forests have runs of the published %d steps", m.PublishedSteps)
		return e, nil
	}
	for _, f := range m.Forests {
		if f.Steps == m.PublishedSteps {
			e.Differences = append(e.Differences, f.Ours.Mean-f.Published)
		}
	}
	test, err := stat.TOST(e.Differences, 0, ManyGraphsMargin, ManyGraphsAlpha)
	if err != nil {
		return e, fmt.Errorf("many-graphs, mean over forests: %w", err)
	}
	e.Test = &test
	return e, nil
}

// Differs tells whether the test was run and shows a difference beyond the margin.
func (e ManyGraphsEquivalence) Differs() bool {
	return e.Test != nil && e.Test.Verdict == stat.Different
}

// Table shows the test.
func (e ManyGraphsEquivalence) Table() table.Table {
	t := table.Table{ID: "many-graphs-mean", Title: "Mean deficit over the published forests: ours minus published", Columns: []table.Column{
		{Name: "forests", Align: table.Right}, {Name: "difference", Align: table.Decimal}, {Name: "90% interval"}, {Name: "margin", Align: table.Decimal},
		{Name: "P", Align: table.Decimal}, {Name: "verdict"}}}
	t.Note(fmt.Sprintf("two one-sided t tests (TOST) on the forests' paired differences at level %g; the margin of %g in mean deficit was chosen before the runs", ManyGraphsAlpha, ManyGraphsMargin))
	dash := table.Text("-")
	if e.Test == nil {
		t.Add(table.Integer(len(e.Differences)), dash, dash, table.Fixed(ManyGraphsMargin, 2), dash, table.Verdict(verdict.NotRun).WithNote(t.Note(e.Why)))
		return t
	}
	verdict := map[stat.Verdict]verdict.Verdict{stat.Equivalent: verdict.Holds, stat.Different: verdict.Fails, stat.Undecided: verdict.Undecided}[e.Test.Verdict]
	i := e.Test.Interval
	t.Add(table.Integer(len(e.Differences)), table.Measured(e.Test.Diff, e.Test.StdErr), table.Text(fmt.Sprintf("[%.4f, %.4f]", i.Lo, i.Hi)),
		table.Fixed(e.Test.Margin, 2), table.Number(e.Test.P(), 2), table.Text(string(e.Test.Verdict)).WithVerdict(verdict))
	for _, w := range e.Test.Warnings {
		t.Note(w)
	}
	return t
}
