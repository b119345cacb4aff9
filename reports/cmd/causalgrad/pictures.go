package main

import (
	"fmt"
	"path/filepath"

	"causalgrad/impl/durable"
	"causalgrad/impl/experiment"
	"causalgrad/reports/evidence"
	"causalgrad/reports/figure"
	"causalgrad/theory/graph"

	"github.com/spf13/cobra"
)

// illustrated is a document that can be drawn.
type illustrated interface {
	Figures() ([]figure.Figure, error)
}

// pictures say where a command draws its answer, and how wide.
type pictures struct {
	cmd    *cobra.Command // nil: it draws nothing
	folder string         // empty: nowhere
	inches float64
}

// figureFlags adds the flags to a command whose document is illustrated.
func (p *pictures) figureFlags(cmd *cobra.Command) {
	p.cmd = cmd
	f := cmd.Flags()
	f.StringVar(&p.folder, "figures", "", "draw figures into this folder, as SVG, PNG and PDF, without titles; what they show is said on standard error, for a caption")
	f.Float64Var(&p.inches, "figure-width", figure.Column, "their width in inches: 3.25 is a column of two, 6.75 both (ICML); letters have 7 and 8 points at any width")
}

// check fails early on a width that no figure can have and on a folder that cannot be
// written to.
func (p pictures) check() error {
	switch {
	case p.cmd == nil:
		return nil
	case p.folder == "":
		return refuseIgnored(p.cmd, "--figures DIR", "figure-width")
	}
	if err := figure.CheckWidth(p.inches); err != nil {
		return fmt.Errorf("--figure-width: %w", err)
	}
	return durable.Check(filepath.Join(p.folder, "figure"))
}

// draw saves the figures of a document, and says what they show.
func (p pictures) draw(document any) error {
	d, ok := document.(illustrated)
	if !ok || p.folder == "" {
		return nil
	}
	all, err := d.Figures()
	if err != nil {
		return err
	}
	for _, f := range all {
		if f, err = f.ForPaper(p.inches); err != nil {
			return err
		}
		if err := f.Save(p.folder); err != nil {
			return err
		}
		note(p.cmd, fmt.Sprintf("figure %s.pdf (.svg, .png): %s", filepath.Join(p.folder, f.ID), f.Alt))
	}
	return nil
}

// Figures are the gradient beside the information.
func (d *gradientDocument) Figures() ([]figure.Figure, error) {
	f, err := graph.NewForest(d.Graph.Parents)
	if err != nil {
		return nil, err
	}
	name, step := "exact gradient on A1", d.Gradient
	switch {
	case d.Step != nil:
		name, step = "step of the scores", d.Step
	case d.sampled:
		name = "estimated gradient on A1"
	}
	one, err := figure.FirstStep("first-step", "First step, prior "+d.Prior, name, f, step, d.Chi2)
	return []figure.Figure{one}, err
}

// Figures are those of the first step.
func (d checkDocument) Figures() ([]figure.Figure, error) { return d.first.Figures() }

// mostCurves is how many edges a figure of attention over time shows.
const mostCurves = 6

// Figures are the attention on the parents over time, of edges from the first to the
// last.
func (d *dynamicsDocument) Figures() ([]figure.Figure, error) {
	var series []figure.EdgeCurve
	shown := min(len(d.Rows), mostCurves)
	for k := range shown {
		r := d.Rows[k*(len(d.Rows)-1)/max(shown-1, 1)]
		one := figure.EdgeCurve{Name: fmt.Sprintf("%d → %d", r.Parent, r.Child)}
		for _, s := range d.Steps {
			one.At, one.Exact = append(one.At, s.Step), append(one.Exact, s.Attention[r.Child][r.Parent])
		}
		series = append(series, one)
	}
	one, err := figure.AttentionOverTime("stage-1", "Stage 1, prior "+d.Prior, series)
	return []figure.Figure{one}, err
}

// Figures is what the sequences say of every pair.
func (d inferDocument) Figures() ([]figure.Figure, error) {
	f, err := graph.Parse(d.Graph, 0, 0)
	if err != nil {
		return nil, err
	}
	forest, ok := f.(graph.Forest)
	if !ok {
		return nil, fmt.Errorf("graph %q is no forest", d.Graph)
	}
	name := "first-step product"
	if d.Estimator == "shared-chain" {
		name = "chi-square information"
	}
	one, err := figure.Inferred("inferred", "Pairs of positions", name, forest.Parents(), d.Matrix)
	return []figure.Figure{one}, err
}

// Figures are the loss, the attention on the edges, the weights and the losses out of
// distribution, as far as there are such.
func (d trainDocument) Figures() ([]figure.Figure, error) {
	if d.Diverged() {
		return nil, nil // its losses are not worth a picture, as the answer says
	}
	losses, err := figure.Losses("losses", "Loss", []experiment.Record{d.Record}, nil)
	if err != nil {
		return nil, err
	}
	rest, err := modelFigures(d.Record, d.params)
	return append([]figure.Figure{losses}, rest...), err
}

// modelFigures are those of a model on its task.
func modelFigures(r experiment.Record, params []float64) ([]figure.Figure, error) {
	var all []figure.Figure
	if len(r.Edges.Attention.Weights) > 0 {
		edges, err := figure.Edges("edges", "Attention on the edges", r.Edges.PositionBlock, r.Edges.Attention)
		if err != nil {
			return nil, err
		}
		all = append(all, edges)
	}
	if r.Spec.Model != "transformer" { // whose blocks have no token and position features to draw
		m, err := r.Spec.NewModel()
		if err != nil {
			return nil, err
		}
		g, err := graph.Parse(r.Spec.Graph, r.Spec.Length, r.Spec.Seed)
		if err != nil {
			return nil, err
		}
		weights, err := figure.Weights("weights", "Weights", m.Layout(), params, m.Tokens(), m.SequenceLength(), g)
		if err != nil {
			return nil, err
		}
		all = append(all, weights)
	}
	if len(r.Shifted) > 0 {
		shifted, err := figure.Shifted("shifted", "Out of distribution", r)
		if err != nil {
			return nil, err
		}
		all = append(all, shifted)
	}
	return all, nil
}

// sweepDocument is the JSON answer of sweep and merge.
type sweepDocument struct{ evidence.SweepReport }

// Figures are the losses of the cells, by the values of the first varied field that
// has few.
func (d sweepDocument) Figures() ([]figure.Figure, error) {
	groups := d.Gaps()
	if len(groups) == 0 {
		return nil, nil
	}
	one, err := figure.Gaps("sweep", "Sweep", groups)
	return []figure.Figure{one}, err
}
