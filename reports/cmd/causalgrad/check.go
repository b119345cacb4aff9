package main

import (
	"fmt"
	"math"

	"causalgrad/reports/evidence"
	"causalgrad/reports/table"
	"causalgrad/theory/condition"
	"causalgrad/theory/dynamics"
	"causalgrad/theory/embedding"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"

	"github.com/spf13/cobra"
)

// checkSchema names the JSON document of the command and its version.
const checkSchema = "causalgrad/check/1"

// checkDocument is the JSON answer: the report of package condition, and what
// stage 1 makes of the observed rows.
type checkDocument struct {
	Schema string `json:"schema"`
	condition.Report
	Stage1 checkStage1 `json:"stage1"`
	// Margins explains the parents' lead over earlier positions, where roots have
	// the stationary distribution.
	Margins []checkMargin `json:"margins,omitempty"`

	first *gradientDocument // for the figure, where one is drawn
}

// checkStage1 is stage 1 of the command ladder, exactly: its rate and beta0, and a
// row an edge. Final is the attention on the parent after one step, the times are
// steps, null where Followed are not enough.
type checkStage1 struct {
	Rate     float64       `json:"rate"`
	Beta0    float64       `json:"beta0"`
	Followed int           `json:"followed"`
	Rows     []dynamicsRow `json:"rows"`
}

// newCheckStage1 takes one step, and then as many as followed.
func newCheckStage1(f graph.Forest, prior markov.Prior, o condition.Options) (checkStage1, error) {
	config := evidence.Algorithm1Config(f.SequenceLength(), 0)
	d := dynamicsOptions{eps: o.Eps, rate: config.Rate1, beta0: config.Beta0, steps: config.Steps1, draws: o.Draws}
	if d.draws == 0 {
		d.draws = condition.DefaultDraws(f.SequenceLength(), prior.Tokens())
	}
	d.embedding = o.Embedding
	mean, err := dynamics.Average(f, prior, d.eps, firststep.Options{Draws: d.draws, Seed: o.Seed})
	if err != nil {
		return checkStage1{}, err
	}
	s := checkStage1{Rate: d.rate, Beta0: d.beta0, Followed: 1000}
	if t := f.SequenceLength(); d.embedding != nil { // a step then costs 2 T^3, and all together some seconds at most
		s.Followed = int(max(1, min(float64(s.Followed), 2e9/math.Pow(float64(t), 3))))
	}
	if s.Rows, err = d.rows(f, mean, nil, nil); err != nil {
		return checkStage1{}, err
	}
	d.steps = s.Followed
	longer, err := dynamics.Stage1{Forest: f, Payoffs: mean.Payoffs, Rate: d.rate * d.beta0, Embedding: d.embedding}.Steps(d.steps, nil, nil)
	if err != nil {
		return checkStage1{}, err
	}
	for n, r := range longer {
		s.Rows[n].ToHalf, s.Rows[n].ToMost = known(r.ToHalf), known(r.ToMost)
	}
	return s, nil
}

func newCheck() *cobra.Command {
	var p problem
	var o output
	var options condition.Options
	var vectors string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Conditions of the theorems and first-step predictions for a graph and a prior",
		Long: `check examines every condition of the paper's theorems on a forest and a prior:
the verdict, the number it rests on, a witness and how sure it is. The first line
says whether theorem 1 applies and what the first step does, and the next what can
be done about a condition that fails. Below the hypotheses and what they imply it
prints what follows (the predicted argmax of every row of the first step), what
the exact finite-length gradient really does, and where stage 1 of Algorithm 1
leads from there at the rate of the command ladder, in the limit of small beta0:
the attention on the parent after its one step, and the steps to 0.99 of it.
The last table explains every parent's lead over earlier positions: which pairs
of rows of the transition matrix give it, and the same lead under the squared
loss and under the log-likelihood.

With --embedding positions are vectors that need not be orthogonal: the observed
rows are then those of the step that the scores make, (E'E) G (E'E) for the
gradient G, and stage 1 takes such steps; the predicted rows and the margins stay
those of orthogonal positions.

The exit code is 1 when a condition fails or an observed argmax is not the parent.`,
		Example: `  causalgrad check --graph chain --prior orbit:1,7
  causalgrad check --graph icl --length 12 --prior dirichlet:0.1
  causalgrad check --graph parents:-1,0,0,1 --chain pi.json
  causalgrad check --graph chain --prior orbit:1,7 --embedding gaussian:256,1`,
		Args: noArguments,
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
			if err := refuseDraws(cmd, prior); err != nil {
				return err
			}
			if err := checkDraws(options.Draws, bytesOfMeasurement); err != nil {
				return err
			}
			if err := planExact(f, prior, pairOfCheck); err != nil {
				return err
			}
			options.Seed = p.seed
			if vectors != "" {
				e, err := embedding.Parse(vectors, f.SequenceLength())
				if err != nil {
					return err
				}
				options.Embedding = &e
			}
			report, err := condition.Check(f, prior, options)
			if err != nil {
				return err
			}
			stage1, err := newCheckStage1(f, prior, options)
			if err != nil {
				return err
			}
			d := checkDocument{Schema: checkSchema, Report: report, Stage1: stage1}
			tables := checkTables(report, stage1)
			if markov.RootDistribution(prior) == nil {
				if d.Margins, err = newCheckMargins(f, prior, report.Chains, p.seed); err != nil {
					return err
				}
				tables = append(tables, marginTable(d.Margins))
			}
			if o.folder != "" {
				if d.first, err = pictured(f, prior, report, options); err != nil {
					return err
				}
			}
			if err := o.write(cmd, d, tables...); err != nil {
				return err
			}
			if anyFails(report) {
				return errFails
			}
			return nil
		},
	}
	p.flags(cmd)
	p.rootFlags(cmd)
	o.flags(cmd, "hypotheses", "consequences", "predicted", "observed", "statements", "margins")
	o.figureFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&vectors, "embedding", "", "vectors of the positions: "+embedding.Grammar)
	f.IntVar(&options.Draws, "draws", 0, "sampled chains for priors that are not finite; 0 chooses")
	f.Float64Var(&options.Eps, "eps", 0, "regulariser inside the loss's logarithm")
	f.Float64Var(&options.Gamma, "gamma", 0, "the lower bound's constant; 0 means any positive one will do")
	return cmd
}

// bytesOfMeasurement is what condition keeps of a sampled chain, measured with
// room to spare: 122 MB for 300,000 chains.
const bytesOfMeasurement = 500

// pictured is the first step of a report, in whole.
func pictured(f graph.Forest, prior markov.Prior, r condition.Report, o condition.Options) (*gradientDocument, error) {
	d, err := newGradientDocument(f, prior, o.Eps, firststep.Options{Draws: r.Chains, Seed: o.Seed})
	if err == nil && o.Embedding != nil {
		err = d.embed(f, *o.Embedding)
	}
	return d, err
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

// checkTables shows the hypotheses first, then what they imply, then the rows and
// what each condition says.
func checkTables(r condition.Report, s checkStage1) []table.Table {
	hypotheses := findingTable("hypotheses", fmt.Sprintf("Hypotheses of theorem 1 on %s, prior %s, S = %d, T = %d", r.Graph, r.Prior, r.Tokens, r.Length))
	consequences := findingTable("consequences", "Consequences of the hypotheses, and what describes these chains")
	consequences.Note("evidence: what the verdict rests on; exact: a proof or a finite sum")
	statements := table.Table{ID: "statements", Title: "What the conditions say",
		Columns: []table.Column{{Name: "condition"}, {Name: "what it says"}, {Name: "source certainty"}}}
	for _, sentence := range r.Summary {
		hypotheses.Note(sentence)
	}
	for _, f := range r.Findings {
		if f.Kind == condition.Hypothesis {
			addFinding(&hypotheses, f)
		} else {
			addFinding(&consequences, f)
		}
		statements.Add(table.Text(f.ID), table.Text(f.Statement), table.Text(string(f.Source)))
	}
	statements.Note("source certainty: how sure the wording is: code (read off the official implementation), restated (by a follow-up), derived (here), recalled (from memory), ours (a definition of this project)")
	predicted, observed := "Predicted: rows of the prior's mean signal (large T)", "Observed: rows of the exact first-step gradient at this length"
	if r.Embedding != "" {
		predicted += ", orthogonal positions"
		observed = "Observed: rows of the exact first step of the scores at this length, embedding " + r.Embedding
	}
	return []table.Table{hypotheses, consequences, rowTable("predicted", predicted, r.Predicted),
		s.observed(rowTable("observed", observed, r.Observed)), statements}
}

func findingTable(id, title string) table.Table {
	return table.Table{ID: id, Title: title,
		Columns: []table.Column{{Name: "condition"}, {Name: "verdict"}, {Name: "number", Align: table.Right}, {Name: "which is the"}, {Name: "evidence"}}}
}

// addFinding adds a row, with a witness and quantiles where a condition does not hold;
// the JSON document has all of them.
func addFinding(t *table.Table, f condition.Finding) {
	number := table.Number(f.Number, 4)
	if f.Verdict == verdict.Fails {
		if f.Witness != "" {
			number = number.WithNote(t.Note(f.ID + ": witness " + f.Witness))
		}
		if len(f.Quantiles) > 0 {
			number = number.WithNote(t.Note(f.ID + ": quantiles over the chains " + quantiles(f.Quantiles)))
		}
	}
	t.Add(table.Text(f.ID), table.Verdict(f.Verdict), number, table.Text(f.Unit), table.Text(f.Certainty))
}

// observed adds the columns of stage 1 to the table of the observed rows, which
// has the same edges.
func (s checkStage1) observed(t table.Table) table.Table {
	t.Columns = append(t.Columns, table.Column{Name: "attention on the parent after stage 1", Align: table.Decimal},
		table.Column{Name: "steps to 0.99", Align: table.Right})
	for n, r := range s.Rows {
		t.Rows[n] = append(t.Rows[n], r.attention(), timeCell(r.ToMost))
	}
	t.Note(fmt.Sprintf("stage 1: one step at rate %g and beta0 %g (causalgrad dynamics), in the limit of small beta0; -: not within %d steps", s.Rate, s.Beta0, s.Followed))
	return t
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
	t := table.Table{ID: id, Title: title, Keys: 2, Columns: []table.Column{{Name: "child", Align: table.Right}, {Name: "parent", Align: table.Right},
		{Name: "argmax", Align: table.Right}, {Name: "competitor", Align: table.Right}, {Name: "margin", Align: table.Right}, {Name: "verdict"}}}
	for _, r := range rows {
		margin := table.Number(r.Margin, 3)
		if r.StdErr > 0 {
			margin = table.Measured(r.Margin, r.StdErr)
		}
		t.Add(table.Integer(r.Child), table.Integer(r.Parent), table.Integer(r.Argmax), table.Integer(r.Competitor),
			margin, table.Verdict(r.Verdict))
	}
	t.Note("argmax: the largest entry of the child's row; margin: the parent's entry minus the competitor's, the largest of the others")
	return t
}
