package evidence

import (
	"context"
	"fmt"
	"math"

	"causalgrad/golden/stat"
	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/reports/table"
	"causalgrad/theory/chisq"
	"causalgrad/theory/embedding"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Widths is what the exact first step recovers of the chain where positions are
// random Gaussian vectors (theory/README.md, section 12), and what training with
// two such embeddings, frozen, does.
type Widths struct {
	Prior  string
	Seeds  int
	Ladder []WidthLadder
	Runs   []EmbeddedRun
}

// WidthLadder is one length T.
type WidthLadder struct {
	Length int
	Points []WidthPoint
	// Needed is the width at which the mean share reaches WidthShare, interpolated
	// in log width between the points around it; NaN where it does not. Low and High
	// are a 95% interval by the jackknife over seeds, on log width.
	Needed, Low, High float64
}

// WidthPoint is the share of edges that are the largest entry of their row, the
// mean over seeds.
type WidthPoint struct {
	Width  int
	Share  float64
	StdErr float64
	shares []float64 // one a seed
}

// EmbeddedRun is stage 1 of Algorithm 1 with a frozen embedding beside what the
// exact first step says of the same vectors.
type EmbeddedRun struct {
	Length, Width     int
	Predicted, Learnt float64 // shares of the edges that are their row's argmax
	SameArgmax        float64 // share of the rows of children whose argmax is the same
}

// WidthShare is the share of edges that counts as recovered.
const WidthShare = 0.99

var (
	widthLengths = []int{10, 20, 40}
	widths       = []int{32, 64, 128, 256, 512, 1024, 2048, 4096, 8192}
	trainWidths  = []int{64, 1024}
)

const (
	widthPrior  = "orbit:1,7"
	widthSeeds  = 16
	widthTokens = 3
	trainLength = 20
)

// MeasureWidths computes the ladders and trains the runs.
func MeasureWidths(ctx context.Context, seed uint64) (Widths, error) {
	w := Widths{Prior: widthPrior, Seeds: widthSeeds}
	prior, err := markov.ParsePrior(widthPrior, widthTokens)
	if err != nil {
		return w, err
	}
	for _, length := range widthLengths {
		f, err := graph.Chain(length)
		if err != nil {
			return w, err
		}
		gradient, err := firststep.Average(f, prior, 0, firststep.Options{})
		if err != nil {
			return w, err
		}
		l := WidthLadder{Length: length}
		for _, width := range widths {
			if err := ctx.Err(); err != nil {
				return w, err
			}
			p := WidthPoint{Width: width}
			for s := range uint64(widthSeeds) {
				e, err := embedding.Gaussian(length, width, seed+s)
				if err != nil {
					return w, err
				}
				step, err := e.Step(gradient.Mean)
				if err != nil {
					return w, err
				}
				p.shares = append(p.shares, recoveredShare(f, step))
			}
			p.Share, p.StdErr = meanOf(p.shares)
			l.Points = append(l.Points, p)
		}
		if err := l.interval(); err != nil {
			return w, err
		}
		w.Ladder = append(w.Ladder, l)
		if length == trainLength {
			if w.Runs, err = trainEmbedded(f, prior, gradient.Mean, seed); err != nil {
				return w, err
			}
		}
	}
	return w, nil
}

// recoveredShare is the share of the edges whose parent is the row's argmax.
func recoveredShare(f graph.Forest, matrix [][]float64) float64 {
	margins := chisq.Margins(f, matrix, true)
	right := 0
	for _, m := range margins {
		if m.Argmax == m.Parent {
			right++
		}
	}
	return float64(right) / float64(len(margins))
}

// meanOf is a mean with its standard error.
func meanOf(values []float64) (mean, stderr float64) {
	for _, v := range values {
		mean += v / float64(len(values))
	}
	for _, v := range values {
		stderr += (v - mean) * (v - mean)
	}
	n := float64(len(values))
	return mean, math.Sqrt(stderr / (n * (n - 1)))
}

// needed is the width at which the mean over the seeds but one reaches
// WidthShare; without is -1 for all seeds.
func (l WidthLadder) needed(without int) float64 {
	share := func(p WidthPoint) float64 {
		sum, n := 0.0, 0
		for s, v := range p.shares {
			if s != without {
				sum, n = sum+v, n+1
			}
		}
		return sum / float64(n)
	}
	for i := len(l.Points) - 1; i > 0; i-- {
		above, below := share(l.Points[i]), share(l.Points[i-1])
		if above >= WidthShare && below < WidthShare {
			t := (WidthShare - below) / (above - below)
			return math.Exp2(math.Log2(float64(l.Points[i-1].Width))*(1-t) + math.Log2(float64(l.Points[i].Width))*t)
		}
	}
	return math.NaN()
}

// interval fills in the width needed and its jackknife interval on log width:
// Student's, of the pseudo-values n log(all) - (n-1) log(all but one).
func (l *WidthLadder) interval() error {
	l.Needed, l.Low, l.High = l.needed(-1), math.NaN(), math.NaN()
	if math.IsNaN(l.Needed) {
		return nil
	}
	n := len(l.Points[0].shares)
	pseudo := make([]float64, n)
	for s := range n {
		pseudo[s] = float64(n)*math.Log2(l.Needed) - float64(n-1)*math.Log2(l.needed(s))
	}
	m, err := stat.MeanInterval(pseudo, 0.95)
	if err != nil {
		return fmt.Errorf("width needed at T = %d: %w", l.Length, err)
	}
	l.Low, l.High = math.Exp2(m.Interval.Lo), math.Exp2(m.Interval.Hi)
	return nil
}

// trainEmbedded makes the first step from sequences, at two widths.
func trainEmbedded(f graph.Forest, prior markov.Prior, gradient [][]float64, seed uint64) ([]EmbeddedRun, error) {
	problem, err := task.New(f, prior)
	if err != nil {
		return nil, err
	}
	var runs []EmbeddedRun
	for _, width := range trainWidths {
		e, err := embedding.Gaussian(f.SequenceLength(), width, seed)
		if err != nil {
			return nil, err
		}
		step, err := e.Step(gradient)
		if err != nil {
			return nil, err
		}
		config := Algorithm1Config(f.SequenceLength(), seed)
		config.Embedding, config.Batch, config.Steps2 = &e, 1<<17, 1
		stages, err := config.Run(problem, nil)
		if err != nil {
			return nil, fmt.Errorf("width %d: %w", width, err)
		}
		blocks, err := measure.PositionBlock(stages.Model, stages.First, 1)
		if err != nil {
			return nil, err
		}
		run := EmbeddedRun{Length: f.SequenceLength(), Width: width, Predicted: recoveredShare(f, step)}
		learnt := make([][]float64, f.SequenceLength())
		for i := range learnt {
			learnt[i] = blocks[0][i*len(learnt):][:len(learnt)]
		}
		run.Learnt = recoveredShare(f, learnt)
		ours, theirs := chisq.Margins(f, step, true), chisq.Margins(f, learnt, true)
		for i := range ours {
			if ours[i].Argmax == theirs[i].Argmax {
				run.SameArgmax += 1 / float64(len(ours))
			}
		}
		runs = append(runs, run)
	}
	return runs, nil
}

// Table has a row a length and width.
func (w Widths) Table() table.Table {
	t := table.Table{ID: "embedding-width", Title: "Edges found by the exact first step where positions are random vectors, chain, S = 3, " + w.Prior,
		Columns: []table.Column{{Name: "T", Align: table.Right}, {Name: "width", Align: table.Right}, {Name: "share of edges", Align: table.Decimal},
			{Name: "width for 99%", Align: table.Right}, {Name: "95% interval", Align: table.Right}}}
	for _, l := range w.Ladder {
		for i, p := range l.Points {
			needed, interval := table.Text(""), table.Text("")
			if i == len(l.Points)-1 {
				needed, interval = table.Number(l.Needed, 3), table.Text(fmt.Sprintf("[%.0f, %.0f]", l.Low, l.High))
			}
			t.Add(table.Integer(l.Length), table.Integer(p.Width), table.Measured(p.Share, p.StdErr), needed, interval)
		}
	}
	t.Note(fmt.Sprintf("means over %d seeds of the vectors; width for 99%%: interpolated in log width, with a jackknife interval over the seeds", w.Seeds))
	return t
}

// RunTable has a row a trained width.
func (w Widths) RunTable() table.Table {
	t := table.Table{ID: "embedding-runs", Title: "First step of Algorithm 1 with frozen random position vectors, chain, S = 3, " + w.Prior,
		Columns: []table.Column{{Name: "T", Align: table.Right}, {Name: "width", Align: table.Right}, {Name: "edges, exact step", Align: table.Decimal},
			{Name: "edges, trained", Align: table.Decimal}, {Name: "same row argmax", Align: table.Decimal}}}
	for _, r := range w.Runs {
		t.Add(table.Integer(r.Length), table.Integer(r.Width), table.Fixed(r.Predicted, 3), table.Fixed(r.Learnt, 3), table.Fixed(r.SameArgmax, 3))
	}
	t.Note("trained: one step on 131072 sequences, which leaves sampling noise, from beta0 = 0.1, which is not infinitely small")
	return t
}
