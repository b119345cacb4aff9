package main

import (
	"fmt"

	"causalgrad/reports/table"
	"causalgrad/theory/condition"
	"causalgrad/theory/verdict"

	"github.com/spf13/cobra"
)

// checkSchema names the JSON document of the command and its version.
const checkSchema = "causalgrad/check/1"

// checkDocument is the JSON answer: the report of package condition.
type checkDocument struct {
	Schema string `json:"schema"`
	condition.Report
}

func newCheck() *cobra.Command {
	var p problem
	var o output
	var options condition.Options
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Conditions of the theorems and first-step predictions for a graph and a prior",
		Long: `check examines every condition of the paper's theorems on a forest and a prior:
the verdict, the number it rests on, a witness and how sure it is. Below it
prints what follows (the predicted argmax of every row of the first step) and
what the exact finite-length gradient really does.

The exit code is 1 when a condition fails or an observed argmax is not the parent.`,
		Example: `  causalgrad check --graph chain --prior orbit:1,7
  causalgrad check --graph icl --length 12 --prior dirichlet:0.1
  causalgrad check --graph parents:-1,0,0,1 --chain pi.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			f, err := p.parseForest(cmd)
			if err != nil {
				return err
			}
			prior, err := p.parsePrior(cmd)
			if err != nil {
				return err
			}
			options.Seed = p.seed
			report, err := condition.Check(f, prior, options)
			if err != nil {
				return err
			}
			if err := o.write(cmd, checkDocument{checkSchema, report}, checkTables(report)...); err != nil {
				return err
			}
			if anyFails(report) {
				return errFails
			}
			return nil
		},
	}
	p.flags(cmd)
	o.flags(cmd)
	f := cmd.Flags()
	f.IntVar(&options.Draws, "draws", 0, "sampled chains for priors that are not finite; 0 chooses")
	f.Float64Var(&options.Eps, "eps", 0, "regulariser inside the loss's logarithm")
	f.Float64Var(&options.Gamma, "gamma", 0, "the lower bound's constant; 0 means any positive one will do")
	return cmd
}

// anyFails reports whether a finding or an observed row fails.
func anyFails(r condition.Report) bool {
	for _, f := range r.Findings {
		if f.Verdict == verdict.Fails {
			return true
		}
	}
	for _, row := range r.Observed {
		if row.Verdict == verdict.Fails {
			return true
		}
	}
	return false
}

// checkTables shows the verdicts first, then what each condition says, then
// the rows. A witness and quantiles are printed where a condition does not
// hold; the JSON document has all of them.
func checkTables(r condition.Report) []table.Table {
	verdicts := table.Table{ID: "conditions", Title: fmt.Sprintf("Conditions on %s, prior %s, S = %d, T = %d", r.Graph, r.Prior, r.Tokens, r.Length),
		Columns: []table.Column{{Name: "id"}, {Name: "verdict"}, {Name: "number", Align: table.Right}, {Name: "which is the"}, {Name: "certainty"}}}
	statements := table.Table{ID: "statements", Title: "What they say",
		Columns: []table.Column{{Name: "id"}, {Name: "condition"}, {Name: "statement is"}}}
	for _, sentence := range r.Summary {
		verdicts.Note(sentence)
	}
	for _, f := range r.Findings {
		number := table.Number(f.Number, 4)
		if f.Verdict == verdict.Fails {
			if f.Witness != "" {
				number = number.WithNote(verdicts.Note(f.ID + ": witness " + f.Witness))
			}
			if len(f.Quantiles) > 0 {
				number = number.WithNote(verdicts.Note(f.ID + ": quantiles over the chains " + quantiles(f.Quantiles)))
			}
		}
		verdicts.Add(table.Text(f.ID), table.Verdict(f.Verdict).Cell(), number, table.Text(f.Unit), table.Text(f.Certainty))
		statements.Add(table.Text(f.ID), table.Text(f.Statement), table.Text(string(f.Source)))
	}
	return []table.Table{verdicts,
		rowTable("predicted", "Predicted: rows of the prior's mean signal (large T)", r.Predicted),
		rowTable("observed", "Observed: rows of the exact first-step gradient at this length", r.Observed), statements}
}

func quantiles(list []condition.Quantile) string {
	text := ""
	for i, q := range list {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%g%%: %.3g", 100*q.Level, q.Value)
	}
	return text
}

func rowTable(id, title string, rows []condition.Row) table.Table {
	t := table.Table{ID: id, Title: title, Columns: []table.Column{{Name: "child", Align: table.Right}, {Name: "parent", Align: table.Right},
		{Name: "argmax", Align: table.Right}, {Name: "competitor", Align: table.Right}, {Name: "margin", Align: table.Right}, {Name: "verdict"}}}
	for _, r := range rows {
		margin := table.Number(r.Margin, 3)
		if r.StdErr > 0 {
			margin = table.Measured(r.Margin, r.StdErr)
		}
		t.Add(table.Integer(r.Child), table.Integer(r.Parent), table.Integer(r.Argmax), table.Integer(r.Competitor),
			margin, table.Verdict(r.Verdict).Cell())
	}
	return t
}
