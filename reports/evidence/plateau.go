package evidence

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"causalgrad/impl/experiment"
	"causalgrad/impl/optim"
	"causalgrad/reports/table"
	"causalgrad/theory/dynamics"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"golang.org/x/sync/errgroup"
)

// Plateau is how long a run stays at the unigram point, predicted and recorded
// (theory/README.md, section 13). The prediction is the gradient descent of the
// reduced model from A1 = A2 = 0 at the run's learning rate, to first order in A2:
// under A3 its A2 is beta I and a constant, so that the attention and beta are all
// that moves, and the exact gradients there tell both.
type Plateau struct {
	Run      string
	Seed     uint64 // where each seed has a graph of its own, else 0
	Steps    int    // of the whole run
	Tokens   int
	Seeds    int
	Start    float64 // mean attention on the parents at the start
	Recorded float64 // steps to PlateauLevel, the geometric mean over the seeds
	// Predicted is the same of the flow; NaN where it does not get there within
	// plateauSteps.
	Predicted float64
	// Drift is the trace of the exact gradient in A2 at the start, which beta gains
	// S-1 times as slowly, and DriftStdErr its error for the draw of chains. Below 0
	// beta begins by falling, and the attention leaves the parents.
	Drift, DriftStdErr float64
	// Early is the recorded change of the attention at step plateauEarly, the mean
	// over the seeds; NaN where no curve has that step.
	Early float64
	// Records are the runs themselves.
	Records []experiment.Record
}

// Ratio is recorded over predicted.
func (p Plateau) Ratio() float64 { return p.Recorded / p.Predicted }

// PlateauLevel is the mean attention on the parents that counts as having left; runs
// whose uniform rows have as much are left out.
const PlateauLevel = 0.25

const (
	plateauSteps = 8000
	plateauEarly = 128
	plateauDraws = 64 // chains of ten tokens take some milliseconds each
	plateauParts = 8
)

// Plateaus predicts for all runs by gradient descent of the two-layer transformer
// with one head a layer from zero on a forest, whose recorded curves get to
// PlateauLevel. Seeds of a run are taken together where they have one graph.
func Plateaus(ctx context.Context, records []experiment.Record) ([]Plateau, error) {
	groups, err := overSeeds(slices.DeleteFunc(slices.Clone(records), func(r experiment.Record) bool { return !hasPlateau(r) }))
	if err != nil {
		return nil, err
	}
	var list []Plateau
	for _, runs := range groups {
		split, err := groupBy(runs, graphOf)
		if err != nil {
			return nil, err
		}
		for _, own := range split {
			p := Plateau{Records: own}
			if len(split) > 1 {
				p.Seed = own[0].Spec.Seed
			}
			list = append(list, p)
		}
	}
	var starts unigramPoints
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for n := range list {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := list[n].predict(&starts); err != nil {
				return fmt.Errorf("plateau of %q: %w", list[n].Records[0].Spec.ID, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(p Plateau) bool { return p.Run == "" }), nil
}

func hasPlateau(r experiment.Record) bool {
	s := r.Spec
	return s.Model == "disentangled" && s.Optimizer == "sgd" && s.InitScale == 0 && s.InitialWeights == "" &&
		len(s.Heads) == 2 && s.Heads[0] == 1 && s.Heads[1] == 1 && !math.IsNaN(stepsTo(r.Curve))
}

// graphOf is the graph of a spec, which the seed may draw.
func graphOf(s experiment.Spec) (string, error) {
	t, err := s.Task()
	if err != nil {
		return "", err
	}
	return t.Graph().String(), nil
}

// predict fills in what the records and their flow say; nothing for a graph that is no
// forest.
func (p *Plateau) predict(starts *unigramPoints) error {
	spec := p.Records[0].Spec
	t, err := spec.Task()
	if err != nil {
		return err
	}
	f, ok := t.Graph().(graph.Forest)
	if !ok {
		return nil
	}
	p.Run, p.Steps, p.Tokens, p.Seeds = spec.ID, spec.Steps, t.Prior().Tokens(), len(p.Records)
	logs, early := 0.0, 0.0
	for _, r := range p.Records {
		logs += math.Log(stepsTo(r.Curve)) / float64(p.Seeds)
		at := math.NaN()
		for _, c := range r.Curve {
			if c.Step == plateauEarly {
				at = c.EdgeMean - r.Curve[0].EdgeMean
			}
		}
		early += at / float64(p.Seeds)
	}
	p.Recorded, p.Early = math.Exp(logs), early
	start, err := starts.of(spec, f, t.Prior())
	if err != nil {
		return err
	}
	p.Drift, p.DriftStdErr = start.drift, start.driftStdErr
	return p.follow(f, start.payoffs, spec)
}

// stepsTo is the step at which a curve first has PlateauLevel, interpolated in the
// logarithm of the step; NaN where it never has.
func stepsTo(curve []experiment.CurvePoint) float64 {
	for i, at := range curve {
		if at.EdgeMean < PlateauLevel {
			continue
		}
		if i == 0 || curve[i-1].Step == 0 {
			return math.NaN() // it began there
		}
		before := curve[i-1]
		share := (PlateauLevel - before.EdgeMean) / (at.EdgeMean - before.EdgeMean)
		return math.Exp(math.Log(float64(before.Step))*(1-share) + math.Log(float64(at.Step))*share)
	}
	return math.NaN()
}

// unigramPoints are the exact gradients at A1 = A2 = 0 of tasks, each computed once:
// runs of several lengths share theirs.
type unigramPoints struct{ known sync.Map }

type unigramPoint struct {
	payoffs            dynamics.Payoffs
	drift, driftStdErr float64
}

// of is that of the task of s, the forest and the prior.
func (u *unigramPoints) of(s experiment.Spec, f graph.Forest, prior markov.Prior) (unigramPoint, error) {
	task := fmt.Sprint(s.Graph, s.Length, s.Tokens, s.Prior, s.Roots, s.Matrices, s.Seed)
	once, _ := u.known.LoadOrStore(task, sync.OnceValues(func() (unigramPoint, error) { return newUnigramPoint(f, prior, s.Seed) }))
	return once.(func() (unigramPoint, error))()
}

func newUnigramPoint(f graph.Forest, prior markov.Prior, seed uint64) (p unigramPoint, err error) {
	first, err := firststep.Average(f, prior, 0, firststep.Options{Draws: plateauDraws, Seed: seed})
	if err != nil {
		return p, err
	}
	uniform, err := dynamics.Attention(dynamics.Zero(f.SequenceLength()))
	if err != nil {
		return p, err
	}
	var traces []float64
	for n := range plateauParts {
		const part = plateauDraws / plateauParts
		second, err := firststep.AverageSecondLayer(f, prior, 0, uniform, firststep.Options{Draws: part, First: n * part, Seed: seed})
		if err != nil {
			return p, err
		}
		trace := 0.0
		for q, row := range second.Mean {
			trace += row[q]
		}
		traces = append(traces, trace)
	}
	p.drift, p.driftStdErr = meanOf(traces)
	if _, exact := prior.(markov.Finite); exact {
		p.driftStdErr = 0
	}
	p.payoffs, err = dynamics.FromGradient(first.Mean)
	return p, err
}

// follow takes the steps of the flow, but not where beta begins by falling: a negative
// beta lowers the mean payoff, which is 0 at the start, and with it beta's own gain, so
// that neither ever turns.
func (p *Plateau) follow(f graph.Forest, payoffs dynamics.Payoffs, s experiment.Spec) error {
	rate, err := optim.Schedule(nil), error(nil)
	rate, err = optim.NewConstant(s.LR)
	if s.Schedule == "cosine" {
		rate, err = optim.NewCosine(s.LR, s.Steps)
	}
	if err != nil {
		return err
	}
	logits, beta := dynamics.Zero(f.SequenceLength()), 0.0
	p.Predicted = math.NaN()
	for step := range min(s.Steps, plateauSteps) {
		attention, err := dynamics.Attention(logits)
		if err != nil {
			return err
		}
		edges := meanOfAll(onEdges(f, attention))
		if step == 0 {
			p.Start = edges
		}
		if edges >= PlateauLevel {
			p.Predicted = float64(step)
			return nil
		}
		if p.Drift < 0 {
			return nil
		}
		gain := p.Drift // the payoffs have mean 0 over every uniform row
		for i, row := range attention {
			for k, a := range row[:i+1] {
				gain += float64(a * payoffs[i][k])
			}
		}
		if err := payoffs.Gain(attention); err != nil {
			return err
		}
		for i, row := range attention {
			for k, gradient := range row[:i+1] {
				logits[i][k] += float64(rate.Rate(step) * float64(beta*gradient))
			}
		}
		beta += rate.Rate(step) * gain / float64(p.Tokens-1)
	}
	return nil
}

// PlateauTable has a row a run.
func PlateauTable(list []Plateau) table.Table {
	t := table.Table{ID: "plateau", Title: fmt.Sprintf("How long training stays at the unigram point: steps until the parents have %g of the attention", PlateauLevel),
		Columns: []table.Column{{Name: "run"}, {Name: "seeds", Align: table.Right}, {Name: "recorded", Align: table.Right}, {Name: "exact flow", Align: table.Right}, {Name: "ratio", Align: table.Decimal},
			{Name: "exact drift of beta", Align: table.Decimal}, {Name: fmt.Sprintf("attention gained at step %d", plateauEarly), Align: table.Decimal}}}
	for _, p := range list {
		predicted, ratio, early := table.Text("never"), table.Text("-"), table.Text("-")
		if !math.IsNaN(p.Predicted) {
			predicted, ratio = table.Number(p.Predicted, 3), table.Fixed(p.Ratio(), 2)
		}
		if !math.IsNaN(p.Early) {
			early = table.Fixed(p.Early, 5)
		}
		run := p.Run
		if p.Seed > 0 {
			run = fmt.Sprintf("%s, seed %d", run, p.Seed)
		}
		t.Add(table.Text(run), table.Integer(p.Seeds), table.Number(p.Recorded, 3), predicted, ratio, table.Measured(p.Drift, p.DriftStdErr), early)
	}
	t.Note(fmt.Sprintf("exact flow: gradient descent of the reduced model from A1 = A2 = 0 at the run's learning rate, to first order in A2, from the exact gradients in A1 and A2 (over %d drawn chains); never: not within %d steps, or the drift is negative, from where the flow does not turn; recorded: interpolated between the curve's points, a factor of 2 apart", plateauDraws, plateauSteps))
	t.Note("the flow knows no read-out: it predicts frequencies from the start, where the transformer learns W on the way")
	return t
}
