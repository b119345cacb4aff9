package evidence

import (
	"fmt"

	"causalgrad/reports/table"
	"causalgrad/theory/condition"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"
)

// ConditionOptions says what ConditionTable examines.
type ConditionOptions struct {
	Length, Tokens int
	Priors         []string
	Draws          int // chains of a prior that is not finite
	Seed           uint64
}

// QuickConditions takes about a second. The priors are the experiments' own, one
// that meets the lower bound alone, one that meets every condition, and two that
// miss one each: the constant mean, and the dependence of child on parent.
func QuickConditions(seed uint64) ConditionOptions {
	return ConditionOptions{Length: 20, Tokens: 3, Draws: 500, Seed: seed,
		Priors: []string{"dirichlet:0.1", "floor:0.1,0.2", "orbit:1,1", "sticky:0.9,1", "rank-one:1"}}
}

// ConditionTable examines the theorems' conditions on the chain for several priors:
// a row a condition, a column a prior, and below them in how many rows the
// first step's largest entry is the parent.
func ConditionTable(o ConditionOptions) (table.Table, error) {
	f, err := graph.Chain(o.Length)
	if err != nil {
		return table.Table{}, err
	}
	t := table.Table{ID: "conditions", Title: fmt.Sprintf("The theorems' conditions on the chain, S = %d, T = %d, by prior", o.Tokens, o.Length),
		Columns: []table.Column{{Name: "condition"}}}
	var reports []condition.Report
	for _, name := range o.Priors {
		prior, err := markov.ParsePrior(name, o.Tokens)
		if err != nil {
			return table.Table{}, err
		}
		r, err := condition.Check(f, prior, condition.Options{Draws: o.Draws, Seed: o.Seed})
		if err != nil {
			return table.Table{}, err
		}
		reports = append(reports, r)
		t.Columns = append(t.Columns, table.Column{Name: name})
	}
	for i, finding := range reports[0].Findings {
		row := []table.Cell{table.Text(finding.ID).WithNote(t.Note(fmt.Sprintf("%s: %s (%s)", finding.ID, finding.Statement, finding.Source)))}
		for _, r := range reports {
			f := r.Findings[i]
			row = append(row, table.Text(fmt.Sprintf("%s %.3g", f.Verdict, f.Number)).WithVerdict(f.Verdict))
		}
		t.Add(row...)
	}
	for _, rows := range []struct {
		name string
		of   func(condition.Report) []condition.Row
	}{{"rows where the parent's signal is the largest", func(r condition.Report) []condition.Row { return r.Predicted }},
		{"rows where the parent's first step is", func(r condition.Report) []condition.Row { return r.Observed }}} {
		row := []table.Cell{table.Text(rows.name)}
		for _, r := range reports {
			right := 0
			for _, one := range rows.of(r) {
				if one.Verdict == verdict.Holds {
					right++
				}
			}
			row = append(row, table.Text(fmt.Sprintf("%d of %d", right, len(rows.of(r)))))
		}
		t.Add(row...)
	}
	t.Note(fmt.Sprintf("the number beside a verdict is what causalgrad check names in its column of numbers; %d chains are drawn of a prior that is not finite, with seed %d", o.Draws, o.Seed))
	return t, nil // a condition that fails is no failure of the theory
}
