package evidence

import (
	"context"
	"fmt"
	"math"

	"causalgrad/golden/stat"
	"causalgrad/impl/measure"
	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/reports/table"
	"causalgrad/theory/dynamics"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Stage1 sets the exact attention of stage 1 (theory/README.md, section 8)
// beside training: the reduced model on a chain graph, step by step, and the one
// large step of Algorithm 1's ladder.
type Stage1 struct {
	Prior   string
	Length  int
	Rate    float64 // learning rate times beta0
	Seeds   int
	Batch   int
	Edges   []graph.Edge
	Curve   [][]float64  // exact attention on the parents at steps 0, 1, ...
	Steps   []Stage1Step // logged ones
	Entries int          // steps times edges
	Missed  int          // entries whose interval over the seeds, at SmallBeta0, misses the exact curve
	Largest []Stage1Bias // distance at each beta0
	Ladder  []Stage1Point
}

// Stage1Step is one logged step: the attention on the parent of every edge.
type Stage1Step struct {
	Step            int
	Exact           []float64
	Trained, StdErr []float64 // mean over seeds at SmallBeta0
}

// Stage1Bias is the largest distance, over steps and edges, of the mean trained
// attention from the exact one.
type Stage1Bias struct {
	Beta0, Distance float64
}

// Stage1Point is one length of the ladder: what its one step gives exactly and
// what it gave, at the ladder's beta0 and at SmallBeta0 with the same sequences.
type Stage1Point struct {
	Length              int
	Exact, ExactMin     float64 // attention on the parents: mean and smallest
	StdErr              float64 // of Exact, for the draw of chains
	Trained, TrainedMin float64
	Distance, Noise     float64 // largest distance on an edge, at the ladder's beta0 and at SmallBeta0
	Draws               int
	// What Stage1Followed exact steps would do: of the edges those ahead in the
	// payoffs, those of them whose attention falls, the smallest attention at the end.
	Edges, Ahead, Fallen int
	Least                float64
}

// Stage1Followed is how many steps the exact stage 1 is followed at the ladder's
// rate, which takes one.
const Stage1Followed = 50

// SmallBeta0 stands for the limit: what it leaves out is of that order.
const SmallBeta0 = 1e-4

const (
	stage1Prior  = "orbit:1,7"
	stage1Length = 12
	stage1Rate   = 100 // learning rate times beta0: a parent gains half of the attention in some ten steps
	stage1Steps  = 60
	stage1Seeds  = 16
	stage1Batch  = 2048
	stage1Eps    = 0.001
	// Stage1Error is the chance that some interval misses where training follows the
	// curve: each is Student's over the seeds, at this rate over their number.
	Stage1Error = 1e-3
)

// MeasureStage1 trains and computes both.
func MeasureStage1(ctx context.Context, seed uint64) (Stage1, error) {
	f, err := graph.Chain(stage1Length)
	if err != nil {
		return Stage1{}, err
	}
	prior, err := markov.ParsePrior(stage1Prior, 3)
	if err != nil {
		return Stage1{}, err
	}
	s := Stage1{Prior: stage1Prior, Length: stage1Length, Rate: stage1Rate, Seeds: stage1Seeds, Batch: stage1Batch, Edges: f.Edges()}
	logged := func(step int) bool { return step%5 == 0 && step > 0 }
	mean, err := dynamics.Average(f, prior, stage1Eps, firststep.Options{})
	if err != nil {
		return Stage1{}, err
	}
	_, err = dynamics.Stage1{Forest: f, Payoffs: mean.Payoffs, Rate: stage1Rate}.Steps(stage1Steps, func(int) bool { return true },
		func(step int, a [][]float64) {
			s.Curve = append(s.Curve, onEdges(f, a))
			if logged(step) {
				s.Steps = append(s.Steps, Stage1Step{Step: step, Exact: s.Curve[step]})
			}
		})
	if err != nil {
		return Stage1{}, err
	}
	for _, beta0 := range []float64{SmallBeta0, 0.1} {
		runs := make([][][]float64, stage1Seeds) // [seed][logged step][edge]
		for n := range runs {
			if err := ctx.Err(); err != nil {
				return Stage1{}, err
			}
			if runs[n], err = trainStage1(f, prior, beta0, seed+uint64(n), logged); err != nil {
				return Stage1{}, err
			}
		}
		if err := s.compare(runs, beta0); err != nil {
			return Stage1{}, err
		}
	}
	s.Ladder, err = stage1Ladder(ctx, seed)
	return s, err
}

// onEdges is the attention on the parent of every edge.
func onEdges(f graph.Forest, a [][]float64) (list []float64) {
	for _, e := range f.Edges() {
		list = append(list, a[e.Child][e.Parent])
	}
	return list
}

// trainStage1 takes the steps on fresh sequences and returns the attention on the
// edges at the logged ones.
func trainStage1(f graph.Forest, prior markov.Prior, beta0 float64, seed uint64, logged func(int) bool) (list [][]float64, err error) {
	problem, err := task.New(f, prior)
	if err != nil {
		return nil, err
	}
	m, err := model.NewReduced(prior.Tokens(), f.SequenceLength(), stage1Eps)
	if err != nil {
		return nil, err
	}
	params := make([]float64, m.Layout().Size())
	a2, err := m.Layout().Block("A2")
	if err != nil {
		return nil, err
	}
	for q := range prior.Tokens() {
		a2.Of(params)[q*prior.Tokens()+q] = beta0
	}
	schedule, err := optim.NewConstant(stage1Rate / beta0)
	if err != nil {
		return nil, err
	}
	sgd, err := optim.NewSGD(schedule, 0)
	if err != nil {
		return nil, err
	}
	trainer, err := train.New(train.Config{Model: m, Task: problem, Optimizer: sgd, Params: params, Only: "A1", Batch: stage1Batch,
		Seed: seed})
	if err != nil {
		return nil, err
	}
	defer trainer.Close()
	for step := 1; step <= stage1Steps; step++ {
		if _, err := trainer.Step(); err != nil {
			return nil, err
		}
		if logged(step) {
			list = append(list, parentWeights(f, m, params))
		}
	}
	return list, nil
}

// parentWeights is the attention that the reduced model's A1 gives the parent of
// every edge.
func parentWeights(f graph.Forest, m *model.Reduced, params []float64) []float64 {
	blocks, err := measure.PositionBlock(m, params, 1)
	if err != nil {
		panic(err) // the model has one head
	}
	a := make([][]float64, f.SequenceLength())
	for i := range a {
		a[i] = blocks[0][i*len(a):][:len(a)]
	}
	return onEdges(f, a)
}

// compare fills in the means over seeds and the bias, and at SmallBeta0 which
// intervals miss.
func (s *Stage1) compare(runs [][][]float64, beta0 float64) error {
	s.Entries = len(s.Steps) * len(s.Edges)
	bias := Stage1Bias{Beta0: beta0}
	for n := range s.Steps {
		step := &s.Steps[n]
		var trained, stdErr []float64
		for e, exact := range step.Exact {
			values := make([]float64, len(runs))
			for r := range runs {
				values[r] = runs[r][n][e]
			}
			mean, err := meanOf(values)
			trained, stdErr = append(trained, mean), append(stdErr, err)
			bias.Distance = math.Max(bias.Distance, math.Abs(mean-exact))
			interval, intervalErr := stat.MeanInterval(values, 1-Stage1Error/float64(s.Entries))
			if intervalErr != nil {
				return fmt.Errorf("stage 1, step %d: %w", step.Step, intervalErr)
			}
			if beta0 == SmallBeta0 && (exact < interval.Interval.Lo || exact > interval.Interval.Hi) {
				s.Missed++
			}
		}
		if beta0 == SmallBeta0 {
			step.Trained, step.StdErr = trained, stdErr
		}
	}
	s.Largest = append(s.Largest, bias)
	return nil
}

// stage1Ladder takes the ladder's one step at its lengths.
func stage1Ladder(ctx context.Context, seed uint64) (ladder []Stage1Point, err error) {
	prior := markov.Dirichlet{Size: 3, Alpha: 1}
	for _, length := range Algorithm1Lengths() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f, err := graph.Chain(length)
		if err != nil {
			return nil, err
		}
		config := Algorithm1Config(length, seed)
		config.Steps2 = 0
		p := Stage1Point{Length: length, Draws: 8192 / length}
		mean, err := dynamics.Average(f, prior, config.Eps, firststep.Options{Draws: p.Draws, Seed: seed})
		if err != nil {
			return nil, err
		}
		follow := func(w dynamics.Payoffs) ([]float64, error) {
			rows, err := dynamics.Stage1{Forest: f, Payoffs: w, Rate: config.Rate1 * config.Beta0}.Steps(1, nil, nil)
			return dynamics.Finals(rows), err
		}
		exact, err := follow(mean.Payoffs)
		if err != nil {
			return nil, err
		}
		stdErr, err := mean.StdErr(func(w dynamics.Payoffs) ([]float64, error) {
			edges, err := follow(w)
			return []float64{meanOfAll(edges)}, err
		})
		if err != nil {
			return nil, err
		}
		p.Exact, p.ExactMin, p.StdErr = meanOfAll(exact), smallest(exact), stdErr[0]
		if err := p.follow(f, mean.Payoffs, config.Rate1*config.Beta0); err != nil {
			return nil, err
		}
		trained, err := ladderStep(f, prior, config)
		if err != nil {
			return nil, err
		}
		p.Trained, p.TrainedMin, p.Distance = meanOfAll(trained), smallest(trained), farthest(trained, exact)
		config.Rate1, config.Beta0 = config.Rate1*config.Beta0/SmallBeta0, SmallBeta0
		limit, err := ladderStep(f, prior, config)
		if err != nil {
			return nil, err
		}
		p.Noise = farthest(limit, exact)
		ladder = append(ladder, p)
	}
	return ladder, nil
}

// follow takes Stage1Followed steps.
func (p *Stage1Point) follow(f graph.Forest, payoffs dynamics.Payoffs, rate float64) error {
	e := newEveryStep("", Stage1Followed, rate)
	err := e.follow(f, payoffs)
	p.Edges, p.Ahead, p.Fallen, p.Least = e.Edges, e.Ahead, e.Fallen, e.Final
	return err
}

func ladderStep(f graph.Forest, prior markov.Prior, config train.Algorithm1) ([]float64, error) {
	problem, err := task.New(f, prior)
	if err != nil {
		return nil, err
	}
	stages, err := config.Run(problem, nil)
	if err != nil {
		return nil, err
	}
	return parentWeights(f, stages.Model, stages.First), nil
}

func meanOfAll(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func smallest(values []float64) float64 {
	least := math.Inf(1)
	for _, v := range values {
		least = math.Min(least, v)
	}
	return least
}

func farthest(a, b []float64) float64 {
	worst := 0.0
	for i := range a {
		worst = math.Max(worst, math.Abs(a[i]-b[i]))
	}
	return worst
}

// Table has a row a logged step, over the edges.
func (s Stage1) Table() table.Table {
	t := table.Table{ID: "stage-1", Title: fmt.Sprintf("Stage 1 exactly and trained, chain, S = 3, T = %d, %s: attention on the parents",
		s.Length, s.Prior),
		Columns: []table.Column{{Name: "step", Align: table.Right}, {Name: "exact, mean", Align: table.Decimal}, {Name: "exact, smallest",
			Align: table.Decimal},
			{Name: "trained, mean", Align: table.Decimal}, {Name: "largest distance", Align: table.Decimal}, {Name: "largest standard error",
				Align: table.Decimal}}}
	for _, p := range s.Steps {
		largest := 0.0
		for _, e := range p.StdErr {
			largest = math.Max(largest, e)
		}
		t.Add(table.Integer(p.Step), table.Fixed(meanOfAll(p.Exact), 4), table.Fixed(smallest(p.Exact), 4), table.Fixed(meanOfAll(p.Trained), 4),
			table.Fixed(farthest(p.Trained, p.Exact), 4), table.Fixed(largest, 4))
	}
	t.Note(fmt.Sprintf("learning rate x beta0 = %g, beta0 = %g, means over %d seeds of %d sequences a step; exact: the limit of small "+
		"beta0, without sampling",
		s.Rate, SmallBeta0, s.Seeds, s.Batch))
	t.Note(fmt.Sprintf("intervals that miss the exact attention: %d of %d (Student's over the seeds, together wrong with probability %g)",
		s.Missed, s.Entries, Stage1Error))
	for _, b := range s.Largest {
		t.Note(fmt.Sprintf("largest distance over steps and edges at beta0 = %g: %.4f", b.Beta0, b.Distance))
	}
	return t
}

// LadderTable has a row a length of the ladder.
func (s Stage1) LadderTable() table.Table {
	t := table.Table{ID: "stage-1-ladder", Title: "The ladder's one step of stage 1, exactly and as trained: attention on the parents",
		Columns: []table.Column{{Name: "T", Align: table.Right}, {Name: "exact, mean", Align: table.Decimal}, {Name: "exact, smallest",
			Align: table.Decimal},
			{Name: "trained, mean", Align: table.Decimal}, {Name: "trained, smallest", Align: table.Decimal},
			{Name: "largest distance", Align: table.Decimal}, {Name: "at small beta0", Align: table.Decimal},
			{Name: fmt.Sprintf("smallest after %d steps", Stage1Followed), Align: table.Decimal}, {Name: "fell",
				Align: table.Right}, {Name: "chains", Align: table.Right}}}
	for _, p := range s.Ladder {
		t.Add(table.Integer(p.Length), table.Measured(p.Exact, p.StdErr), table.Fixed(p.ExactMin, 4), table.Fixed(p.Trained, 4),
			table.Fixed(p.TrainedMin, 4),
			table.Fixed(p.Distance, 4), table.Fixed(p.Noise, 4), table.Fixed(p.Least, 4), table.Integer(p.Fallen), table.Integer(p.Draws))
	}
	c := Algorithm1Config(1, 0)
	t.Note(fmt.Sprintf("rate 1000 T^2, beta0 %g, eps %g; exact: mean payoffs over so many drawn chains, error of that draw; trained: %d "+
		"sequences; at small beta0: the same sequences at beta0 = %g, so that sampling alone is left",
		c.Beta0, c.Eps, c.Batch, SmallBeta0))
	return t
}
