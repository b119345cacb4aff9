package main

import (
	"fmt"
	"math"
	"slices"

	"causalgrad/reports/table"
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

// gradientSchema names the JSON document of the command and its version.
const gradientSchema = "causalgrad/gradient/1"

// gradientDocument is the JSON answer. Matrices are [child][position], lower
// triangular; signal and chi2 cover the T-1 prefix positions, gradient all T.
type gradientDocument struct {
	Schema string `json:"schema"`
	Graph  struct {
		Parents []int `json:"parents"`
	} `json:"graph"`
	Tokens   int           `json:"tokens"`
	Length   int           `json:"length"`
	Eps      float64       `json:"eps"`
	Prior    string        `json:"prior"`
	Signal   [][]float64   `json:"signal"`
	Chi2     [][]float64   `json:"chi2"`
	Gradient [][]float64   `json:"gradient"`
	StdErr   [][]float64   `json:"stderr,omitempty"`
	Draws    int           `json:"draws,omitempty"`
	Rows     []gradientRow `json:"rows"`
	// Embedding and Step are there with --embedding: what a step on the weights
	// moves the scores by, T x T; Rows then read Step in place of Gradient.
	Embedding string      `json:"embedding,omitempty"`
	Step      [][]float64 `json:"step,omitempty"`
	// The rest is there with --a1: the gradient in A1 at those logits, as the
	// coefficient of beta0 (T x T), and in A2 at A2 = 0 (S x S).
	FirstLayer        [][]float64 `json:"a1_gradient,omitempty"`
	FirstLayerStdErr  [][]float64 `json:"a1_stderr,omitempty"`
	SecondLayer       [][]float64 `json:"a2_gradient,omitempty"`
	SecondLayerStdErr [][]float64 `json:"a2_stderr,omitempty"`

	sampled  bool        // the gradient is estimated from sequences
	chains   int         // drawn for signal and information; 0 where the prior is finite
	rounding [][]float64 // bounds on that of an exact Gradient; nil where draws say less
}

type gradientRow struct {
	Child  int     `json:"child"`
	Parent int     `json:"parent"`
	Argmax int     `json:"argmax"`
	Margin float64 `json:"margin"`
	// Rounding bounds what rounding did to the margin of an exact gradient; a
	// margin of that size decides nothing. 0 where draws say less.
	Rounding float64 `json:"rounding"`
	// StdErr bounds the standard error of a margin that draws estimate, by the sum of
	// those of the parent's entry and of the row's least certain one.
	StdErr  float64         `json:"stderr,omitempty"`
	Verdict verdict.Verdict `json:"verdict"`
}

// newRow judges a margin, which has to be more than limit standard errors from 0.
func newRow(m chisq.Margin, rounding, stdErr, limit float64) gradientRow {
	r := gradientRow{m.Child, m.Parent, m.Argmax, m.Value, rounding, stdErr, verdict.Holds}
	switch {
	case math.Abs(m.Value) <= math.Max(rounding, float64(limit*stdErr)):
		r.Verdict = verdict.Undecided
	case m.Argmax != m.Parent:
		r.Verdict = verdict.Fails
	}
	return r
}

// margin is the margin with its error, if it has one.
func (r gradientRow) margin() table.Cell {
	if r.StdErr > 0 {
		return table.Measured(r.Margin, r.StdErr)
	}
	return table.Number(r.Margin, 3)
}

// Answer says in how many rows the first step finds the parent.
func (d *gradientDocument) Answer() string {
	if len(d.Rows) == 0 {
		return "The graph has no edge: there is no parent to find."
	}
	right, open, self, least := 0, 0, 0, d.Rows[0]
	for _, r := range d.Rows {
		switch r.Verdict {
		case verdict.Holds:
			right++
		case verdict.Undecided:
			open++
		default:
			if r.Argmax == r.Child {
				self++
			}
		}
		if r.Margin < least.Margin {
			least = r
		}
	}
	step, finds, doubt := "The first step", "does not find the graph", "by rounding"
	if d.Step != nil {
		step = "The first step of the scores"
	}
	if d.Draws > 0 {
		doubt = "at so many"
	}
	switch {
	case d.sampled:
		step = fmt.Sprintf("From %d sequences t%s", d.Draws, step[1:])
	case d.Draws > 0:
		step = fmt.Sprintf("In the mean over %d drawn chains t%s", d.Draws, step[1:])
	}
	if right == len(d.Rows) {
		finds = "finds the graph"
	} else if right+open == len(d.Rows) {
		finds = "is not shown to find the graph"
	}
	text := fmt.Sprintf("%s %s: the parent is the largest entry in %d of %d rows", step, finds, right, len(d.Rows))
	if self > 0 {
		text += fmt.Sprintf(", %d lost to the position itself", self)
	}
	if open > 0 {
		text += fmt.Sprintf(", %d undecided %s", open, doubt)
	}
	return text + fmt.Sprintf("; the smallest margin is %.3g, in row %d.", least.Margin, least.Child)
}

func newGradient() *cobra.Command {
	var p problem
	var o output
	var eps float64
	var draws, sample int
	var embedded, a1 string
	cmd := &cobra.Command{
		Use:   "gradient",
		Short: "Signal, chi-square information and exact first-step gradient, as matrices",
		Long: `gradient prints, for a forest and a chain or a prior, the signal g, the
chi-square information between positions, and the exact gradient of the first
step, -d2L/(dA1 dbeta0) at 0, factor 1/(S T i) included. For a prior that is not
a finite set of chains these are means over sampled chains, the gradient with
its standard errors. The row argmax includes the position itself. A margin that
rounding may have made (field rounding), or the draws (field stderr), is undecided:
all rows that draws decide are right with probability 0.99.

The exact method costs about sqrt(T) S^2 T^2 operations a chain. Where that is
hours the command refuses and says so; --sample N then estimates the gradient
from N sequences instead, never by itself.

With --embedding positions are vectors that need not be orthogonal: the rows are
then those of the step that the scores make, (E'E) G (E'E) for the gradient G.

With --a1 FILE (T x T logits of the first layer, of which the lower triangle
counts: .npy, a JSON nested list or a table of numbers) the answer also has the
exact gradients there, to first order in A2 and factor 1/(S T) included:
a1_gradient, the coefficient of beta0 in -dL/dA1 at A2 = beta0 I, and
a2_gradient, -dL/dA2 at A2 = 0.`,
		Example: `  causalgrad gradient --graph parents:-1,0,0,1 --chain pi.json --format json
  causalgrad gradient --graph chain --length 8 --prior orbit:1,7
  causalgrad gradient --graph chain --length 64 --sample 10000
  causalgrad gradient --graph chain --prior orbit:1,7 --figures figures
  causalgrad gradient --graph chain --prior orbit:1,7 --embedding gaussian:256,1
  causalgrad gradient --graph parents:-1,0 --chain pi.json --a1 '[[0],[0.5,-1],[0,2,1]]'`,
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
			matrices := 3
			if embedded != "" {
				matrices++
			}
			if a1 != "" {
				matrices++
			}
			if err := planExact(f, prior, float64(matrices*pairInTable)); err != nil {
				return err
			}
			options := firststep.Options{Draws: draws, Seed: p.seed}
			sampled := cmd.Flags().Changed("sample")
			if sampled && a1 != "" {
				return fmt.Errorf("--a1 and --sample %d: give one of them", sample)
			}
			var vectors embedding.Embedding
			if embedded != "" {
				if vectors, err = embedding.Parse(embedded, f.SequenceLength()); err != nil {
					return err
				}
			}
			var attention [][]float64
			if a1 != "" {
				if attention, err = readAttention(cmd, a1, f); err != nil {
					return err
				}
			}
			var d *gradientDocument
			if sampled {
				d, err = newSampledDocument(f, prior, eps, sample, options)
			} else if err = affordable(f, prior, draws); err == nil {
				d, err = newGradientDocument(f, prior, eps, options)
			}
			if err != nil {
				return err
			}
			if embedded != "" {
				if err := d.embed(f, vectors); err != nil {
					return err
				}
			}
			if a1 != "" {
				if err := d.landscape(f, prior, eps, attention, options); err != nil {
					return err
				}
			}
			return o.write(cmd, d, d.tables()...)
		},
	}
	p.flags(cmd)
	p.rootFlags(cmd)
	o.flags(cmd, "signal", "chi2", "gradient", "step", "a1-gradient", "a2-gradient", "rows")
	o.figureFlags(cmd)
	cmd.Flags().StringVar(&embedded, "embedding", "", "vectors of the positions: "+embedding.Grammar)
	cmd.Flags().StringVar(&a1, "a1", "", "logits of the first layer, a file or the nested list itself: the gradients there too")
	cmd.Flags().Float64Var(&eps, "eps", 0, "regulariser inside the loss's logarithm")
	cmd.Flags().IntVar(&draws, "draws", 1000, "sampled chains for priors that are not finite")
	cmd.Flags().IntVar(&sample, "sample", 0, "estimate the gradient from this many sampled sequences, with standard errors, instead of the exact method")
	return cmd
}

func newGradientDocument(f graph.Forest, prior markov.Prior, eps float64, o firststep.Options) (*gradientDocument, error) {
	estimate, err := firststep.Average(f, prior, eps, o)
	if err != nil {
		return nil, err
	}
	d, err := documentOf(f, prior, eps, o, estimate)
	if err != nil || !estimate.Exact {
		return d, err
	}
	errors, err := firststep.AverageError(f, prior, eps, o)
	if err != nil {
		return nil, err
	}
	d.rounding, d.Rows = errors, d.judged(f, d.Gradient, errors, nil)
	return d, nil
}

// documentOf sets the signal, the information and the margins beside a
// gradient.
func documentOf(f graph.Forest, prior markov.Prior, eps float64, o firststep.Options, estimate firststep.Estimate) (*gradientDocument, error) {
	d := &gradientDocument{Schema: gradientSchema, Tokens: prior.Tokens(), Length: f.SequenceLength(), Eps: eps, Prior: prior.String(),
		Gradient: estimate.Mean, StdErr: estimate.StdErr}
	d.Graph.Parents = f.Parents()
	if !estimate.Exact {
		d.Draws = estimate.Draws
	}
	d.Rows = d.judged(f, estimate.Mean, nil, estimate.StdErr)
	if _, finite := prior.(markov.Finite); !finite {
		d.chains = o.Draws
	}
	means, err := chisq.Average(f, prior, o.Draws, o.Seed)
	if err != nil {
		return nil, err
	}
	d.Signal, d.Chi2 = means.Signal, means.Information
	return d, nil
}

// embed reads the rows from the step that the scores make where positions have
// these vectors.
func (d *gradientDocument) embed(f graph.Forest, e embedding.Embedding) error {
	step, err := e.Step(d.Gradient)
	if err != nil {
		return err
	}
	var rounding, stdErr [][]float64
	if d.rounding != nil {
		if rounding, err = e.StepError(d.Gradient, d.rounding); err != nil {
			return err
		}
	}
	if d.StdErr != nil { // a sum's standard error is at most that of its terms together
		if stdErr, err = e.StepError(d.Gradient, d.StdErr); err != nil {
			return err
		}
	}
	d.Embedding, d.Step, d.Rows = e.String(), step, d.judged(f, step, rounding, stdErr)
	return nil
}

// judged are the margins of a matrix with bounds on the rounding of its entries, or
// with their standard errors; nil where there are none.
func (d *gradientDocument) judged(f graph.Forest, m, rounding, stdErr [][]float64) []gradientRow {
	rows, limit := []gradientRow{}, d.limit(f)
	for _, margin := range chisq.Margins(f, m, true) {
		of := func(errors [][]float64) float64 {
			if errors == nil {
				return 0
			}
			row := errors[margin.Child][:margin.Child+1]
			return row[margin.Parent] + slices.Max(row)
		}
		rows = append(rows, newRow(margin, of(rounding), of(stdErr), limit))
	}
	return rows
}

// limit is how many standard errors decide a margin, all rows together; 0 without draws.
func (d *gradientDocument) limit(f graph.Forest) float64 {
	if d.Draws == 0 {
		return 0
	}
	return condition.Critical(comparisons(f), d.Draws)
}

// comparisons are those of every parent with the other entries k <= child of its row.
func comparisons(f graph.Forest) int {
	n := 0
	for _, e := range f.Edges() {
		n += e.Child
	}
	return n
}

// readAttention is the attention of the first layer with the logits of a file.
func readAttention(cmd *cobra.Command, name string, f graph.Forest) ([][]float64, error) {
	rows, notes, err := readLogits(name, f.SequenceLength())
	if err != nil {
		return nil, err
	}
	note(cmd, notes...)
	attention, err := dynamics.Attention(rows)
	if err != nil {
		return nil, fmt.Errorf("--a1: %w", err)
	}
	return attention, nil
}

// landscape adds the gradients in both layers where the first one attends so.
func (d *gradientDocument) landscape(f graph.Forest, prior markov.Prior, eps float64, attention [][]float64, o firststep.Options) error {
	first, err := firststep.AverageFirstLayer(f, prior, eps, attention, o)
	if err != nil {
		return err
	}
	second, err := firststep.AverageSecondLayer(f, prior, eps, attention, o)
	if err != nil {
		return err
	}
	d.FirstLayer, d.FirstLayerStdErr = first.Mean, first.StdErr
	d.SecondLayer, d.SecondLayerStdErr = second.Mean, second.StdErr
	return nil
}

func (d *gradientDocument) tables() []table.Table {
	on := fmt.Sprintf(" on %s, S = %d, T = %d", d.Prior, d.Tokens, d.Length)
	signal := matrixTable("signal", "Signal g of every row's position about every column's"+on, d.Signal)
	information := matrixTable("chi2", "Chi-square information between positions"+on, d.Chi2)
	gradient, of, mean := "Exact first-step gradient in A1", "exact first-step gradient", on
	switch {
	case d.sampled:
		gradient, of = "First-step gradient in A1", "first-step gradient"
		mean = fmt.Sprintf(", estimated from %d sequences,", d.Draws) + on
	case d.Draws > 0:
		mean = fmt.Sprintf(", mean over %d drawn chains,", d.Draws) + on
	}
	rows := table.Table{ID: "rows", Keys: 2, Title: "Rows of the " + of + mean, Columns: []table.Column{
		{Name: "child", Align: table.Right}, {Name: "parent", Align: table.Right}, {Name: "row argmax", Align: table.Right},
		{Name: "margin", Align: table.Right}, {Name: "verdict"}}}
	for _, r := range d.Rows {
		rows.Add(table.Integer(r.Child), table.Integer(r.Parent), table.Integer(r.Argmax), r.margin(), table.Verdict(r.Verdict))
	}
	rows.Note("row argmax: the largest entry of the child's row; margin: the parent's entry minus the largest of the others")
	if d.Draws > 0 {
		rows.Note("in parentheses a bound on the margin's standard error, in units of the last digits; undecided: the draws may have made the margin")
	}
	signal.Note("g(i, k): the part of the first gradient that tells positions apart, for large T; on a parent it is the chi-square information")
	if d.chains > 0 {
		for _, t := range []*table.Table{&signal, &information} {
			t.Note(fmt.Sprintf("means over %d drawn chains", d.chains))
		}
	}
	all := []table.Table{signal, information, matrixTable("gradient", gradient+mean, d.Gradient)}
	if d.Step != nil {
		rows.Title += ", embedding " + d.Embedding
		all = append(all, matrixTable("step", "Step of the scores, embedding "+d.Embedding+","+on, d.Step))
	}
	if d.FirstLayer != nil {
		all = append(all, matrixTable("a1-gradient", "Gradient in A1 at the given logits, by beta0,"+on, d.FirstLayer),
			squareTable("a2-gradient", "Gradient in A2 at A2 = 0 and the given logits"+on, d.SecondLayer))
	}
	return append(all, rows)
}

// squareTable shows a whole matrix.
func squareTable(id, title string, m [][]float64) table.Table {
	t := table.Table{ID: id, Title: title, Matrix: true, Columns: []table.Column{{Name: "q", Align: table.Right}}}
	for r := range m {
		t.Columns = append(t.Columns, table.Column{Name: fmt.Sprint(r), Align: table.Right})
	}
	for q, row := range m {
		cells := []table.Cell{table.Integer(q)}
		for _, v := range row {
			cells = append(cells, table.Number(v, 3))
		}
		t.Add(cells...)
	}
	return t
}

// matrixTable shows a lower-triangular matrix.
func matrixTable(id, title string, m [][]float64) table.Table {
	t := table.Table{ID: id, Title: title, Matrix: true, Columns: []table.Column{{Name: "i", Align: table.Right}}}
	for k := range m {
		t.Columns = append(t.Columns, table.Column{Name: fmt.Sprint(k), Align: table.Right})
	}
	for i, row := range m {
		cells := []table.Cell{table.Integer(i)}
		for k, v := range row {
			if k > i {
				cells = append(cells, table.Text(""))
				continue
			}
			cells = append(cells, table.Number(v, 3))
		}
		t.Add(cells...)
	}
	return t
}
