package evidence

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"causalgrad/reports/table"
	"causalgrad/theory/necessity"
	"causalgrad/theory/verdict"
)

// RunNecessity searches, for each condition, for the smallest failure of the
// first step without it, and verifies every counterexample once more from its
// text. conditions nil means all of them, the control included.
func RunNecessity(ctx context.Context, conditions []string, o necessity.Options) (Necessity, error) {
	if conditions == nil {
		conditions = necessity.Conditions()
	}
	if err := necessity.Check(conditions); err != nil {
		return nil, err
	}
	var outcomes Necessity
	for _, c := range conditions {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		outcome, err := necessity.Search(c, o)
		if err != nil {
			return nil, err
		}
		if outcome.Found {
			if err := outcome.Counterexample.Verify(); err != nil {
				return nil, fmt.Errorf("counterexample without %s: %w", c, err)
			}
		}
		outcomes = append(outcomes, outcome)
	}
	return outcomes, nil
}

// Necessity is, for each condition dropped, what the search for a failure found.
type Necessity []necessity.Outcome

// Of is the outcome without a condition; none is the control, without dropping any.
func (n Necessity) Of(condition string) (necessity.Outcome, bool) {
	i := slices.IndexFunc(n, func(o necessity.Outcome) bool { return o.Condition == condition })
	if i < 0 {
		return necessity.Outcome{}, false
	}
	return n[i], true
}

// Holds tells whether the control, with no condition dropped, has no failure.
func (n Necessity) Holds() bool {
	control, _ := n.Of(necessity.None)
	return !control.Found
}

// Table shows which conditions carry the first step's conclusion: the
// counterexamples, and how near the searches that found none came.
func (n Necessity) Table() table.Table {
	t := table.Table{ID: "necessity", Title: "The row argmax is the parent: what fails when a condition is dropped",
		Columns: []table.Column{{Name: "dropped"}, {Name: "kept"}, {Name: "conclusion"}, {Name: "priors tried", Align: table.Right},
			{Name: "T", Align: table.Right}, {Name: "S", Align: table.Right}, {Name: "margin", Align: table.Right}}}
	for _, o := range n {
		if o.Found {
			c := o.Counterexample
			t.Add(table.Text(o.Condition), table.Text(o.Kept), table.Verdict(verdict.Fails).WithNote(t.Note(counterexample(*c))),
				table.Integer(o.Evaluations), table.Integer(c.Length), table.Integer(c.Tokens), table.Number(c.Margin, 3))
			continue
		}
		least := o.Cells[0]
		for _, cell := range o.Cells {
			if cell.Smallest < least.Smallest {
				least = cell
			}
		}
		t.Add(table.Text(o.Condition), table.Text(o.Kept), table.Text("no failure found").WithNote(t.Note(fmt.Sprintf(
			"nearest: %s --length %d, %s; the margin is relative to the row's largest entry", least.Forest, least.Length, least.Prior))),
			table.Integer(o.Evaluations), table.Integer(least.Length), table.Integer(least.Tokens), table.Number(least.Smallest, 3))
	}
	t.Note("searched on the exact gradient at eps = 0, the position itself competing; counterexamples are proved in rational arithmetic; no failure found is not a proof that there is none")
	return t
}

// counterexample describes a proved failure in one line.
func counterexample(c necessity.Counterexample) string {
	how := "loses to"
	if c.Tie {
		how = "ties with"
	}
	competitor := fmt.Sprintf("position %d", c.Competitor)
	if c.Competitor == c.Child {
		competitor = "the child itself"
	}
	return fmt.Sprintf("--graph %s, chain %s, %s: in row %d the parent %d %s %s, %s against %s",
		c.Forest, strings.ReplaceAll(c.Ratios, " ", ""), c.Prior, c.Child, c.Parent, how, competitor, c.ParentEntry, c.CompetitorEntry)
}
