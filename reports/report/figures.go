package report

import (
	"fmt"
	"slices"
	"strings"

	"causalgrad/golden/reference"
	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/impl/model"
	"causalgrad/reports/claim"
	"causalgrad/reports/evidence"
	"causalgrad/reports/figure"
	"causalgrad/theory/chisq"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// figures draws what the evidence allows, the theory's first.
func (g Gathered) figures() ([]figure.Figure, error) {
	var all []figure.Figure
	for _, draw := range []func() ([]figure.Figure, error){firstStepFigure, g.regionFigures, g.rateFigure, g.dynamicsFigures,
		g.widthFigure, g.runFigures, g.ownFigures, g.forestFigure, g.seedFigure} {
		figures, err := draw()
		if err != nil {
			return nil, err
		}
		all = append(all, figures...)
	}
	return all, nil
}

// firstStepFigure is the exact gradient on the first published forest, averaged over
// an orbit, so that both matrices are exact sums.
func firstStepFigure() ([]figure.Figure, error) {
	published, err := reference.ManyGraphs()
	if err != nil {
		return nil, err
	}
	f := published.Trials[0].Forest
	prior, err := markov.ParsePrior("orbit:1,1", 3)
	if err != nil {
		return nil, err
	}
	gradient, err := firststep.Average(f, prior, 0, firststep.Options{})
	if err != nil {
		return nil, err
	}
	information, err := chisq.Average(f, prior, 0, 0)
	if err != nil {
		return nil, err
	}
	one, err := figure.FirstStep("first-step", "The exact first gradient finds the graph (published forest 0, prior orbit:1,1, S = 3)",
		"exact gradient on A1", f, gradient.Mean, information.Information)
	return []figure.Figure{one}, err
}

// regionFigures are the two-token chains with the position itself competing: one
// chain, where it may win, and the orbit's mean, where it may not. They draw the
// cells of the claim and its table, so that all three say the same shares.
func (g Gathered) regionFigures() ([]figure.Figure, error) {
	var all []figure.Figure
	for _, r := range g.Evidence.Regions {
		if r.Region.Tokens != 2 || !r.Region.Self {
			continue
		}
		id, title := "region-chain", "One chain: is the parent's signal the largest, k ≤ i?"
		if r.Region.Orbit {
			id, title = "region-orbit", "Mean over the chain's orbit: is the parent's signal the largest, k ≤ i?"
		}
		one, err := figure.Certified(id, title, r.Map)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// rateFigure draws the means over seeds, with the errors between seeds where there
// are several.
func (g Gathered) rateFigure() ([]figure.Figure, error) {
	a := g.Evidence.Algorithm1
	if a == nil {
		return nil, nil
	}
	var points []figure.RatePoint
	for i, length := range a.Gap.Lengths {
		points = append(points, figure.RatePoint{Length: int(length), Gap: measure.Mean{Value: a.Gap.Values[i], StdErr: a.Gap.StdErr[i]}})
	}
	var power *figure.Power
	if a.Gap.Power != nil {
		i := a.Gap.Power.Interval
		power = &figure.Power{Exponent: a.Gap.Power.Exponent,
			Words: fmt.Sprintf("T^e, e = %.3f, 95%% interval [%.3f, %.3f]", a.Gap.Power.Exponent, i.Lo, i.Hi)}
	}
	without := "no single power"
	if a.Gap.P != nil {
		without += fmt.Sprintf(" (P = %.2g)", *a.Gap.P)
	}
	one, err := figure.Rate("rate", fmt.Sprintf("Algorithm 1 on the chain, S = 3: loss gap against T (%d seeds)", len(a.Ladders)), points,
		power, without)
	return []figure.Figure{one}, err
}

// dynamicsFigures show some of the edges in stage 1, from the first to the last, and
// the curve of stage 2.
func (g Gathered) dynamicsFigures() ([]figure.Figure, error) {
	if g.Evidence.Dynamics == nil {
		return nil, nil
	}
	s := g.Evidence.Dynamics.Stage1
	var series []figure.EdgeCurve
	for n := 0; n < len(s.Edges); n += 3 {
		e := s.Edges[n]
		one := figure.EdgeCurve{Name: fmt.Sprintf("%d → %d", e.Parent, e.Child)}
		for _, a := range s.Curve {
			one.Exact = append(one.Exact, a[n])
		}
		for _, step := range s.Steps {
			one.Steps, one.Trained, one.StdErr = append(one.Steps, step.Step), append(one.Trained, step.Trained[n]),
				append(one.StdErr, step.StdErr[n])
		}
		series = append(series, one)
	}
	one, err := figure.AttentionOverTime("stage-1",
		fmt.Sprintf("Stage 1 exactly (lines) and trained (marks, %d seeds): chain, S = 3, T = %d", s.Seeds, s.Length), series)
	if err != nil {
		return nil, err
	}
	var curves []figure.BetaSeries
	for _, c := range g.Evidence.Dynamics.Beta {
		curves = append(curves, figure.BetaSeries{Length: c.Length, Beta: c.Beta, Loss: c.Loss, Best: c.Best})
	}
	two, err := figure.LossOverBeta("stage-2-curve", "Stage 2 descends one curve: loss at A2 = beta I (chain, S = 3, hard attention)", curves)
	return []figure.Figure{one, two}, err
}

func (g Gathered) widthFigure() ([]figure.Figure, error) {
	if g.Evidence.Widths == nil {
		return nil, nil
	}
	var series []figure.WidthSeries
	for _, l := range g.Evidence.Widths.Ladder {
		s := figure.WidthSeries{Length: l.Length}
		for _, p := range l.Points {
			s.Widths, s.Shares, s.StdErr = append(s.Widths, p.Width), append(s.Shares, p.Share), append(s.StdErr, p.StdErr)
		}
		series = append(series, s)
	}
	one, err := figure.Recovery("embedding-width", "Edges found where positions are random vectors (chain, S = 3)", series)
	return []figure.Figure{one}, err
}

// exhibit is a task that has figures.
type exhibit struct {
	suffix, title string
	ids           []string
	others        bool // attention, weights and out-of-distribution too
}

// exhibits are the tasks of the paper's figures: the experiment, or the quick run
// that stands in for it.
var exhibits = []exhibit{
	{"chain", "chain", []string{"single-chain", "quick-chain"}, true},
	{"icl", "isolated pairs", []string{"single-icl", "quick-icl"}, true},
	{"random", "random forest", []string{"single-random", "quick-forest-0"}, true},
	{"multi-parent", "two parents", []string{"multi-parent"}, true},
	{"mlp-chain", "transformer with MLP, chain", []string{"mlp-chain"}, false},
}

// runFigures draws the loss curves, and for some tasks the first run's attention,
// weights and out-of-distribution losses.
func (g Gathered) runFigures() ([]figure.Figure, error) {
	var all []figure.Figure
	for _, e := range exhibits {
		found := g.first(e.ids)
		if len(found) == 0 {
			continue
		}
		title := fmt.Sprintf("%s (%s)", e.title, found[0].Record.Spec.ID)
		one, err := g.taskFigures(e.suffix, title, found, e.others)
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	return all, nil
}

// mostOwn is how many runs that are not the paper's are drawn.
const mostOwn = 20

// own are the runs of no experiment and no check, which are drawn each by itself.
func (g Gathered) own() []Run {
	return slices.DeleteFunc(slices.Clone(g.Runs), func(r Run) bool {
		return claim.OfThePaper(r.Record) || evidence.IsCheck(r.Record) || exhibited(r.Record.Spec.ID) || r.Record.Diverged()
	})
}

// Undrawn is how many own runs have no figures, for there are too many of them.
func (g Gathered) Undrawn() int { return max(0, len(g.own())-mostOwn) }

// ownFigures draws the first ones.
func (g Gathered) ownFigures() ([]figure.Figure, error) {
	var all []figure.Figure
	own := g.own()
	for n := range min(len(own), mostOwn) {
		s := own[n].Record.Spec
		one, err := g.taskFigures(fmt.Sprintf("run-%d", n), fmt.Sprintf("%s, seed %d, %d steps", s.ID, s.Seed, s.Steps), own[n:n+1], true)
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	return all, nil
}

// exhibited tells whether runs of that name have a figure of the paper's tasks.
func exhibited(id string) bool {
	return slices.ContainsFunc(exhibits, func(e exhibit) bool { return slices.Contains(e.ids, id) })
}

// taskFigures draws the losses of runs of one task and, with others, the first one's
// attention, weights and losses out of distribution.
func (g Gathered) taskFigures(suffix, title string, found []Run, others bool) ([]figure.Figure, error) {
	var all []figure.Figure
	add := func(f figure.Figure, err error) error {
		all = append(all, f)
		return err
	}
	first, same, one := found[0].Record, sameGraph(found), title // one: of what shows the first run alone
	if len(found) > 1 {
		one += fmt.Sprintf(", seed %d of %d", first.Spec.Seed, len(found))
	}
	drawn := title
	if len(same) < len(found) {
		drawn = one
	}
	if err := add(figure.Losses("losses-"+suffix, "Loss: "+drawn, records(same), g.singleParent(first))); err != nil || !others {
		return all, err
	}
	if len(first.Edges.Attention.Weights) > 0 {
		if err := add(figure.Edges("edges-"+suffix, "Attention on the edges: "+one, first.Edges.PositionBlock,
			first.Edges.Attention)); err != nil {
			return nil, err
		}
	}
	if found[0].Params != nil && first.Spec.Model == experiment.Default().Model {
		if err := add(weights("weights-"+suffix, "Weights: "+one, found[0])); err != nil {
			return nil, err
		}
	}
	if len(first.Shifted) > 0 {
		if err := add(figure.Shifted("shifted-"+suffix, "Out of distribution: "+one, first)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// first are the runs of the first of the ids that has any: those of the most
// steps, for shorter ones beside them would be drawn as if they were seeds.
func (g Gathered) first(ids []string) []Run {
	for _, id := range ids {
		most := 0
		for _, r := range g.Runs {
			if r.Record.Spec.ID == id {
				most = max(most, r.Record.Spec.Steps)
			}
		}
		var found []Run
		for _, r := range g.Runs {
			if r.Record.Spec.ID == id && r.Record.Spec.Steps == most {
				found = append(found, r)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// sameGraph are the runs on the first one's task: a random graph is another
// one for each seed.
func sameGraph(all []Run) []Run {
	if strings.HasPrefix(all[0].Record.Spec.Graph, "random") {
		return all[:1]
	}
	return all
}

func records(all []Run) []experiment.Record {
	var out []experiment.Record
	for _, r := range all {
		out = append(out, r.Record)
	}
	return out
}

// singleParent is the best single-parent estimator on the task with two
// parents; nil for other tasks and where it was not measured.
func (g Gathered) singleParent(r experiment.Record) *measure.Mean {
	if r.Spec.Graph != "trigram-half" || len(g.Evidence.SingleHeads) == 0 {
		return nil
	}
	best := g.Evidence.SingleHeads[0].BestSingleParent()
	return &best
}

func weights(id, title string, r Run) (figure.Figure, error) {
	s := r.Record.Spec
	g, err := graph.Parse(s.Graph, s.Length, s.Seed)
	if err != nil {
		return figure.Figure{}, err
	}
	m, err := model.NewDisentangled(s.Tokens, s.Length, s.Heads)
	if err != nil {
		return figure.Figure{}, err
	}
	return figure.Weights(id, title, m.Layout(), r.Params, s.Tokens, s.Length, g)
}

// forestFigure is the attention on the edges of the published forests that were
// run, beside the published one.
func (g Gathered) forestFigure() ([]figure.Figure, error) {
	published, err := reference.ManyGraphs()
	if err != nil {
		return nil, err
	}
	ours, theirs := figure.AttentionSeries{Name: "ours"}, figure.AttentionSeries{Name: "published"}
	for _, trial := range published.Trials {
		found := g.first([]string{fmt.Sprintf("%s-%02d", runs.ManyGraphs, trial.Trial), fmt.Sprintf("quick-forest-%d", trial.Trial)})
		if len(found) == 0 || found[0].Record.Edges.PositionBlock == nil {
			continue
		}
		for _, r := range found {
			if r.Record.Edges.PositionBlock != nil {
				ours.Runs = append(ours.Runs, *r.Record.Edges.PositionBlock)
			}
		}
		var edges measure.Edges
		for _, e := range trial.Edges {
			edges.Weights = append(edges.Weights, measure.EdgeWeight{Child: e.Child, Parent: e.Parent, Weight: e.Weight()})
		}
		theirs.Runs = append(theirs.Runs, edges)
	}
	if len(ours.Runs) == 0 {
		return nil, nil
	}
	one, err := figure.AttentionByPosition("attention", "Attention on the parent, published forests (position block)",
		[]figure.AttentionSeries{ours, theirs})
	return []figure.Figure{one}, err
}

// seedFigure is the distribution over our seeds of each published forest.
func (g Gathered) seedFigure() ([]figure.Figure, error) {
	if g.Evidence.Forests == nil {
		return nil, nil
	}
	rerun, err := reference.OfficialRerun()
	if err != nil {
		return nil, err
	}
	many := g.Evidence.Forests
	var forests []figure.ForestRuns
	for _, f := range many.Forests {
		if f.Steps != many.PublishedSteps {
			continue
		}
		one := figure.ForestRuns{Trial: f.Trial, Ours: f.Deficits, Published: f.Published}
		for _, t := range rerun.Trials {
			if t.Trial == f.Trial {
				one.Again = append(one.Again, t.Mean)
			}
		}
		forests = append(forests, one)
	}
	if len(forests) == 0 {
		return nil, nil
	}
	one, err := figure.Forests("forests", "Published forests: our seeds, the published output, the official code run again", forests)
	return []figure.Figure{one}, err
}
