package main

import (
	"fmt"
	"math"
	"math/bits"

	"causalgrad/reports/evidence"
	"causalgrad/reports/table"
	"causalgrad/reports/words"
	"causalgrad/theory/chisq"
	"causalgrad/theory/condition"
	"causalgrad/theory/dynamics"
	"causalgrad/theory/embedding"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"

	"github.com/spf13/cobra"
)

// dynamicsSchema names the JSON document of the command and its version.
const dynamicsSchema = "causalgrad/dynamics/1"

// dynamicsDocument is the JSON answer. Attention is [position][position], T x T.
type dynamicsDocument struct {
	Schema string `json:"schema"`
	Graph  struct {
		Parents []int `json:"parents"`
	} `json:"graph"`
	Tokens int            `json:"tokens"`
	Length int            `json:"length"`
	Eps    float64        `json:"eps"`
	Prior  string         `json:"prior"`
	Rate   float64        `json:"rate"`
	Beta0  float64        `json:"beta0"`
	Flow   bool           `json:"flow"`
	Draws  int            `json:"draws,omitempty"`
	Steps  []dynamicsStep `json:"steps"`
	Rows   []dynamicsRow  `json:"rows"`
}

type dynamicsStep struct {
	Step      int         `json:"step"`
	Attention [][]float64 `json:"attention"`
}

// dynamicsRow is one edge's row. Final is the attention on the parent at the
// end; the times, in steps, are null where the parent never has that much.
type dynamicsRow struct {
	Child  int      `json:"child"`
	Parent int      `json:"parent"`
	Argmax int      `json:"argmax"`
	Final  float64  `json:"final"`
	ToHalf *float64 `json:"time_to_half"`
	ToMost *float64 `json:"time_to_0.99"`
	StdErr *float64 `json:"stderr,omitempty"` // of Final, for a sampled prior
	// Verdict says whether the parent has the most attention at the end; it is undecided
	// where the draws of a sampled prior may have made its lead.
	Verdict verdict.Verdict `json:"verdict"`
}

// dynamicsOptions are the command's own flags.
type dynamicsOptions struct {
	eps, rate, beta0 float64
	steps, every     int
	draws            int
	flow             bool
	embedding        *embedding.Embedding // what the command check was given
}

func newDynamics() *cobra.Command {
	var p problem
	var o output
	var d dynamicsOptions
	cmd := &cobra.Command{
		Use:   "dynamics",
		Short: "Stage 1 of Algorithm 1 exactly, step by step, in the limit of small beta0",
		Long: `dynamics follows the attention of every row of the first layer through stage 1 of
Algorithm 1, exactly: to first order in beta0 each row of A1 is a softmax policy
on constant payoffs, which the exact first gradient tells. No sequence is sampled
and nothing is trained. The steps are those of the algorithm, A1 += rate x
gradient; with --flow time is continuous, one unit a step.

For a prior that is not a finite set of chains the payoffs are means over sampled
chains, and the final attentions have standard errors for that alone. A time is
empty (null) where the parent does not have that much attention within the steps.

Every step is logged while the document stays below a million numbers, otherwise
steps 0, 1, 2, 4, 8, ... and the last; --every N logs every N-th.`,
		Example: `  causalgrad dynamics --graph parents:-1,0,0,1 --chain pi.json --rate 480 --beta0 0.1 --steps 25 --format json
  causalgrad dynamics --graph chain --prior orbit:1,7 --rate 4000 --steps 100 --flow
  causalgrad dynamics --graph random --length 64 --prior dirichlet:1 --draws 100 --steps 1000`,
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
			if !cmd.Flags().Changed("rate") {
				d.rate = evidence.Algorithm1Config(f.SequenceLength(), 0).Rate1
			}
			document, err := d.document(f, prior, p.seed)
			if err != nil {
				return err
			}
			return o.write(cmd, document, document.tables()...)
		},
	}
	p.flags(cmd)
	p.rootFlags(cmd)
	o.flags(cmd, "attention", "rows")
	o.figureFlags(cmd)
	f := cmd.Flags()
	f.Float64Var(&d.eps, "eps", 0, "regulariser inside the loss's logarithm")
	f.Float64Var(&d.rate, "rate", 0, "learning rate of A1 (default 1000 T^2, that of the command ladder)")
	f.Float64Var(&d.beta0, "beta0", 0.1, "second layer, beta0 I, to first order")
	f.IntVar(&d.steps, "steps", 10, "steps to take")
	f.IntVar(&d.every, "every", 0, "log every N-th step and the last (default: see above)")
	f.BoolVar(&d.flow, "flow", false, "continuous time")
	f.IntVar(&d.draws, "draws", 1000, "sampled chains for priors that are not finite")
	return cmd
}

// Bounds of what a run may cost: exponentials in all steps of all rows, some
// minutes, and numbers in the document.
const (
	maxDynamicsWork    = 1e11
	maxDynamicsNumbers = 1e6
)

func (d dynamicsOptions) check(length int) error {
	if !(d.rate > 0) || math.IsInf(d.rate, 0) {
		return fmt.Errorf("--rate %v, want a finite number above 0", d.rate)
	}
	if !(d.beta0 > 0) || math.IsInf(d.beta0, 0) {
		return fmt.Errorf("--beta0 %v, want a finite number above 0", d.beta0)
	}
	if d.steps < 1 || float64(d.steps)*float64(length)*float64(length) > maxDynamicsWork {
		return fmt.Errorf("--steps %d, want 1 to %.0f at T = %d", d.steps, maxDynamicsWork/float64(length*length), length)
	}
	if d.every < 0 || d.every > d.steps {
		return fmt.Errorf("--every %d, want 1 to --steps %d", d.every, d.steps)
	}
	return nil
}

// logged tells which steps the document has, and about how many.
func (d dynamicsOptions) logged(length int) (logged func(step int) bool, count float64) {
	all := float64(d.steps+1)*float64(length)*float64(length) <= maxDynamicsNumbers
	switch {
	case d.every > 0:
		count = float64(d.steps/d.every) + 2
	case all:
		count = float64(d.steps) + 1
	default:
		count = float64(bits.Len(uint(d.steps))) + 2
	}
	return func(step int) bool {
		switch {
		case step == d.steps || step == 0:
			return true
		case d.every > 0:
			return step%d.every == 0
		}
		return all || step&(step-1) == 0
	}, count
}

func (d dynamicsOptions) document(f graph.Forest, prior markov.Prior, seed uint64) (*dynamicsDocument, error) {
	if err := d.check(f.SequenceLength()); err != nil {
		return nil, err
	}
	if err := affordable(f, prior, d.draws); err != nil {
		return nil, err
	}
	logged, count := d.logged(f.SequenceLength())
	pair := 8*count + pairOfDynamics
	if _, finite := prior.(markov.Finite); !finite {
		pair = 8*count + pairOfDrawn
	}
	if err := planExact(f, prior, pair); err != nil {
		return nil, err
	}
	mean, err := dynamics.Average(f, prior, d.eps, firststep.Options{Draws: d.draws, Seed: seed})
	if err != nil {
		return nil, err
	}
	out := &dynamicsDocument{Schema: dynamicsSchema, Tokens: prior.Tokens(), Length: f.SequenceLength(), Eps: d.eps, Prior: prior.String(),
		Rate: d.rate, Beta0: d.beta0, Flow: d.flow, Steps: []dynamicsStep{}}
	out.Graph.Parents = f.Parents()
	if !mean.Exact {
		out.Draws = mean.Draws
	}
	out.Rows, err = d.rows(f, mean, logged, func(step int, attention [][]float64) {
		out.Steps = append(out.Steps, dynamicsStep{step, clone(attention)})
	})
	return out, err
}

// rows follows stage 1, visits the logged steps and tells what became of every
// edge.
func (d dynamicsOptions) rows(f graph.Forest, mean dynamics.Mean, logged func(int) bool, visit dynamics.Visit) ([]dynamicsRow, error) {
	follow := func(p dynamics.Payoffs, logged func(int) bool, visit dynamics.Visit) ([]dynamics.Row, error) {
		s := dynamics.Stage1{Forest: f, Payoffs: p, Rate: d.rate * d.beta0, Embedding: d.embedding}
		if d.flow {
			return s.Flow(d.steps, logged, visit)
		}
		return s.Steps(d.steps, logged, visit)
	}
	rows, err := follow(mean.Payoffs, logged, visit)
	if err != nil {
		return nil, err
	}
	ends := func(p dynamics.Payoffs) ([]float64, error) { // the finals, and behind them the leads
		var leads []float64
		rows, err := follow(p, func(step int) bool { return step == d.steps }, func(_ int, attention [][]float64) {
			leads = parentLeads(f, attention)
		})
		return append(dynamics.Finals(rows), leads...), err
	}
	list := []dynamicsRow{}
	for _, r := range rows {
		row := dynamicsRow{Child: r.Child, Parent: r.Parent, Argmax: r.Argmax, Final: r.Final, ToHalf: known(r.ToHalf), ToMost: known(r.ToMost), Verdict: verdict.Holds}
		if r.Argmax != r.Parent {
			row.Verdict = verdict.Fails
		}
		list = append(list, row)
	}
	if mean.Exact {
		return list, nil
	}
	values, err := ends(mean.Payoffs)
	if err != nil {
		return nil, err
	}
	stdErr, err := mean.StdErr(ends)
	if err != nil {
		return nil, err
	}
	limit := condition.Critical(comparisons(f), len(mean.Without))
	for n := range list {
		list[n].StdErr = &stdErr[n]
		if lead := len(list) + n; math.Abs(values[lead]) <= float64(limit*stdErr[lead]) {
			list[n].Verdict = verdict.Undecided
		}
	}
	return list, nil
}

// parentLeads are how far the attention on each parent is above the most of the others.
func parentLeads(f graph.Forest, attention [][]float64) []float64 {
	var list []float64
	for _, m := range chisq.Margins(f, attention, true) {
		list = append(list, m.Value)
	}
	return list
}

// attention is Final with its error, if it has one.
func (r dynamicsRow) attention() table.Cell {
	if r.StdErr != nil && *r.StdErr > 5e-5 { // below that it would add digits, not doubt
		return table.Measured(r.Final, *r.StdErr)
	}
	return table.Fixed(r.Final, 4)
}

// known is nil for NaN.
func known(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

func clone(m [][]float64) [][]float64 {
	out := make([][]float64, len(m))
	for i, row := range m {
		out[i] = append([]float64(nil), row...)
	}
	return out
}

// Answer says for how many edges the parent has the most attention at the end.
func (d *dynamicsDocument) Answer() string {
	if len(d.Rows) == 0 {
		return "The graph has no edge: there is no parent to attend to."
	}
	right, open, reached, last, least := 0, 0, 0, 0.0, d.Rows[0].Final
	for _, r := range d.Rows {
		switch r.Verdict {
		case verdict.Holds:
			right++
		case verdict.Undecided:
			open++
		}
		if r.ToMost != nil {
			reached, last = reached+1, math.Max(last, *r.ToMost)
		}
		least = math.Min(least, r.Final)
	}
	learns := "does not learn the graph"
	switch {
	case right == len(d.Rows) && least >= 0.5:
		learns = "learns the graph"
	case right == len(d.Rows): // the parent leads and cannot fall, but it is not learned yet
		learns = "begins to learn the graph"
	case right+open == len(d.Rows):
		learns = "is not shown to learn the graph"
	}
	text := fmt.Sprintf("Stage 1 %s: after %s the parent has the most attention in %d of %d rows, at least %.4f", learns, d.after(), right, len(d.Rows), least)
	if open > 0 {
		text += fmt.Sprintf("; %d undecided at %d drawn chains", open, d.Draws)
	}
	if reached == len(d.Rows) {
		return text + fmt.Sprintf("; all have 0.99 after %.4g.", last)
	}
	return text + fmt.Sprintf("; %d of %d reach 0.99.", reached, len(d.Rows))
}

// after is how far stage 1 was followed.
func (d *dynamicsDocument) after() string {
	last := d.Steps[len(d.Steps)-1].Step
	if d.Flow {
		return words.Counted(last, "unit") + " of time"
	}
	return words.Counted(last, "step")
}

// mostShown is the longest sequence whose attention the tables show.
const mostShown = 20

func (d *dynamicsDocument) tables() []table.Table {
	unit := "steps"
	if d.Flow {
		unit = "time"
	}
	on := fmt.Sprintf(" on %s, S = %d, T = %d", d.Prior, d.Tokens, d.Length)
	rows := table.Table{ID: "rows", Keys: 2, Title: "Attention on the parents through stage 1" + on, Columns: []table.Column{
		{Name: "child", Align: table.Right}, {Name: "parent", Align: table.Right}, {Name: "row argmax", Align: table.Right},
		{Name: "attention on the parent", Align: table.Decimal}, {Name: unit + " to 0.5", Align: table.Decimal},
		{Name: unit + " to 0.99", Align: table.Decimal}, {Name: "verdict"}}}
	for _, r := range d.Rows {
		rows.Add(table.Integer(r.Child), table.Integer(r.Parent), table.Integer(r.Argmax), r.attention(), timeCell(r.ToHalf), timeCell(r.ToMost), table.Verdict(r.Verdict))
	}
	last := d.Steps[len(d.Steps)-1]
	rows.Note(fmt.Sprintf("%s at rate %g and beta0 %g, eps %g, in the limit of small beta0; no sequence is sampled", d.after(), d.Rate, d.Beta0, d.Eps))
	if d.Draws > 0 {
		rows.Note(fmt.Sprintf("payoffs are means over %d drawn chains; the errors are of that draw", d.Draws))
	}
	if d.Length > mostShown {
		return []table.Table{rows}
	}
	return []table.Table{matrixTable("attention", fmt.Sprintf("Attention after %s of stage 1%s", d.after(), on), last.Attention), rows}
}

func timeCell(v *float64) table.Cell {
	if v == nil {
		return table.Text("-")
	}
	if whole := math.Trunc(*v); whole == *v && whole < 1e9 {
		return table.Integer(int(whole))
	}
	return table.Number(*v, 4)
}
