package main

import (
	"fmt"
	"math"

	"causalgrad/reports/table"
	"causalgrad/theory/count"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/spf13/cobra"
)

// lossSchema names the JSON document of the command and its version.
const lossSchema = "causalgrad/loss/1"

// lossDocument is the JSON answer, in nats; StdErr is there where chains were
// drawn. With --lengths the first level is that of the longest sequence.
type lossDocument struct {
	Schema string  `json:"schema"`
	Graph  string  `json:"graph"`
	Prior  string  `json:"prior"`
	Tokens int     `json:"tokens"`
	Alpha  float64 `json:"alpha"`
	lossPoint
	Lengths []lossPoint `json:"lengths,omitempty"`
}

// lossPoint is the answer at one length. Exponent is the local exponent of the
// gap from the length before: log(gap/gap before) / log(T/T before).
type lossPoint struct {
	Length        int         `json:"length"`
	Irreducible   float64     `json:"irreducible"`
	CountEstimate float64     `json:"count_estimator"`
	Gap           float64     `json:"gap"`
	StdErr        *lossStdErr `json:"stderr,omitempty"`
	Draws         int         `json:"draws,omitempty"`
	Exponent      *float64    `json:"exponent,omitempty"`
}

type lossStdErr struct {
	Irreducible   float64 `json:"irreducible"`
	CountEstimate float64 `json:"count_estimator"`
	Gap           float64 `json:"gap"`
}

// Answer says how far the count estimator is from L*, and how the gap falls.
func (d *lossDocument) Answer() string {
	gap, level := fmt.Sprintf("%.4g", d.Gap), fmt.Sprintf("%.5g", d.Irreducible)
	if d.StdErr != nil {
		gap, level = table.Measured(d.Gap, d.StdErr.Gap).String(), table.Measured(d.Irreducible, d.StdErr.Irreducible).String()
	}
	text := fmt.Sprintf("At T = %d the count estimator is %s nats above L* = %s", d.Length, gap, level)
	if d.Exponent != nil {
		text += fmt.Sprintf("; from T = %d on the gap changes with the local exponent %.3g", d.Lengths[len(d.Lengths)-2].Length, *d.Exponent)
	}
	return text + "."
}

func newLoss() *cobra.Command {
	var p problem
	var o output
	var alpha float64
	var draws int
	var lengths []int
	cmd := &cobra.Command{
		Use:   "loss",
		Short: "L*, the count estimator's exact loss and their gap, over lengths",
		Long: `loss prints, for a forest and a chain or a prior, the irreducible loss L*, the
population loss of the count estimator with --alpha pseudo-counts, and the gap
between them. No sequence is sampled: the distributions of the counts are
computed exactly, so for a chain or a finite prior (orbit, point) every number is
exact, and for another prior only the draw of chains has a standard error.

--lengths shows how the gap falls with T, with the local exponent between
neighbouring lengths.`,
		Example: `  causalgrad loss --graph chain --length 64 --prior dirichlet:1 --alpha 1
  causalgrad loss --graph chain --prior orbit:1,7 --alpha 1 --lengths 16,64,256,1024`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if err := checkDraws(draws, bytesOfLoss); err != nil {
				return err
			}
			prior, err := p.parsePrior(cmd)
			if err != nil {
				return err
			}
			if err := refuseDraws(cmd, prior); err != nil {
				return err
			}
			forests, err := p.forests(cmd, lengths)
			if err != nil {
				return err
			}
			d, err := newLossDocument(forests, prior, alpha, count.Options{Draws: draws, Seed: p.seed})
			if err != nil {
				return err
			}
			d.Graph = p.graph
			return o.write(cmd, d, d.table())
		},
	}
	p.flags(cmd)
	p.rootFlags(cmd)
	o.flags(cmd, "loss")
	cmd.Flags().Float64Var(&alpha, "alpha", 0.1, "pseudo-counts of the count estimator, above 0")
	cmd.Flags().IntVar(&draws, "draws", 1000, "sampled chains for priors that are not finite")
	cmd.Flags().IntSliceVar(&lengths, "lengths", nil, "sequence lengths T, ascending, instead of --length, for a family of graphs")
	return cmd
}

// bytesOfLoss is what a sampled chain takes, of which three losses and an error are
// kept; measured, 241 MB for three million.
const bytesOfLoss = 100

// forests are the graph of the problem at each length, or as it stands.
func (p *problem) forests(cmd *cobra.Command, lengths []int) ([]graph.Forest, error) {
	if len(lengths) == 0 {
		f, err := p.parseForest(cmd)
		return []graph.Forest{f}, err
	}
	if p.length != 0 {
		return nil, fmt.Errorf("--length %d and --lengths %v: give one of them", p.length, lengths)
	}
	var all []graph.Forest
	for i, t := range lengths {
		if i > 0 && t <= lengths[i-1] {
			return nil, fmt.Errorf("--lengths: T = %d after %d, want ascending lengths", t, lengths[i-1])
		}
		at := *p
		at.length = t
		f, err := at.parseForest(cmd)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

func newLossDocument(forests []graph.Forest, prior markov.Prior, alpha float64, o count.Options) (*lossDocument, error) {
	d := &lossDocument{Schema: lossSchema, Prior: prior.String(), Tokens: prior.Tokens(), Alpha: alpha}
	for i, f := range forests {
		l, err := count.Average(f, prior, alpha, o)
		if err != nil {
			return nil, err
		}
		point := lossPoint{Length: f.SequenceLength(), Irreducible: l.Irreducible.Value, CountEstimate: l.Count.Value, Gap: l.Gap.Value}
		if !l.Exact {
			point.Draws = l.Draws
			point.StdErr = &lossStdErr{l.Irreducible.StdErr, l.Count.StdErr, l.Gap.StdErr}
		}
		if i > 0 {
			before := d.Lengths[i-1]
			exponent := math.Log(point.Gap/before.Gap) / math.Log(float64(point.Length)/float64(before.Length))
			point.Exponent = &exponent
		}
		d.Lengths = append(d.Lengths, point)
	}
	d.lossPoint = d.Lengths[len(d.Lengths)-1]
	if len(forests) == 1 {
		d.Lengths = nil
	}
	return d, nil
}

func (d *lossDocument) table() table.Table {
	t := table.Table{ID: "loss", Title: fmt.Sprintf("Exact loss of the count estimator with alpha = %v on %s, prior %s, S = %d", d.Alpha, d.Graph, d.Prior, d.Tokens),
		Columns: []table.Column{{Name: "T", Align: table.Right}, {Name: "L*", Unit: "nats", Align: table.Decimal},
			{Name: "count estimator", Unit: "nats", Align: table.Decimal}, {Name: "gap", Unit: "nats", Align: table.Decimal}, {Name: "local exponent", Align: table.Right}}}
	t.Note("L*: the irreducible loss, the mean entropy of the target's row; count estimator: the frequencies on the graph's edges within the sequence, with alpha added to each count; gap: how far its loss is above L*")
	points := d.Lengths
	if points == nil {
		points = []lossPoint{d.lossPoint}
	}
	for _, p := range points {
		number := func(v float64, stderr func(*lossStdErr) float64) table.Cell {
			if p.StdErr == nil {
				return table.Number(v, 6)
			}
			return table.Measured(v, stderr(p.StdErr))
		}
		exponent := table.Text("-")
		if p.Exponent != nil {
			exponent = table.Number(*p.Exponent, 4)
		}
		t.Add(table.Integer(p.Length), number(p.Irreducible, func(e *lossStdErr) float64 { return e.Irreducible }),
			number(p.CountEstimate, func(e *lossStdErr) float64 { return e.CountEstimate }), number(p.Gap, func(e *lossStdErr) float64 { return e.Gap }), exponent)
	}
	if d.StdErr != nil {
		t.Note(fmt.Sprintf("means over %d drawn chains; sequences are not sampled", d.Draws))
	} else {
		t.Note("exact: no chain and no sequence is sampled")
	}
	return t
}
