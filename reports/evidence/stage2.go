package evidence

import (
	"context"
	"fmt"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/reports/table"
	"causalgrad/theory/dynamics"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// BetaCurve is the loss of the reduced model at A2 = beta I, which is all that
// stage 2 moves under A3 (theory/README.md, section 9), on the chain graph, S = 3
// and Dirichlet(1), with hard attention on the parents. All beta and all groups
// share their sequences, so that differences between beta are sharp.
type BetaCurve struct {
	Length     int
	Beta, Loss []float64
	// StdErr are the errors of Loss - Loss[0], over groups of sequences.
	StdErr []float64
	// Best is the minimiser beta*, with a jackknife error over the groups.
	Best, BestStdErr float64
	// Slope is dL/dbeta at 0, exactly but for the draw of chains, SlopeStdErr its
	// error, and Sampled the curve's own, with its error.
	Slope, SlopeStdErr     float64
	Sampled, SampledStdErr float64
	// Reached is Algorithm 1's beta after stage 2, one seed.
	Reached float64
}

const (
	betaGroups    = 8
	betaSequences = 512 // a group
	betaMost      = 8.0
	betaStep      = 0.25
	hardLogit     = 60 // e^-60 is nothing
)

var betaLengths = []int{16, 32, 64, 128}

// MeasureBeta computes the curves.
func MeasureBeta(ctx context.Context, seed uint64) (curves []BetaCurve, err error) {
	for _, length := range betaLengths {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c, err := measureBeta(length, seed)
		if err != nil {
			return nil, err
		}
		curves = append(curves, c)
	}
	return curves, nil
}

// betaLosses are the losses of groups of sequences at one beta.
type betaLosses struct {
	pass    model.Pass
	worker  model.Worker
	params  []float64
	a2      []float64
	tokens  int
	batches []*task.Batch
}

func (b betaLosses) at(beta float64) []float64 {
	for q := range b.tokens {
		b.a2[q*b.tokens+q] = beta
	}
	b.pass.Bind(b.params)
	var losses []float64
	for _, batch := range b.batches {
		losses = append(losses, b.worker.LossGradient(batch, nil)/betaSequences)
	}
	return losses
}

func measureBeta(length int, seed uint64) (BetaCurve, error) {
	c := BetaCurve{Length: length}
	f, err := graph.Chain(length)
	if err != nil {
		return c, err
	}
	prior := markov.Dirichlet{Size: 3, Alpha: 1}
	config := Algorithm1Config(length, seed)
	problem, err := task.New(f, prior)
	if err != nil {
		return c, err
	}
	m, err := model.NewReduced(prior.Size, length, config.Eps)
	if err != nil {
		return c, err
	}
	losses := betaLosses{pass: m.NewPass(), params: make([]float64, m.Layout().Size()), tokens: prior.Size}
	a1 := m.Layout()[0].Of(losses.params)
	for _, e := range f.Edges() {
		a1[e.Child*length+e.Parent] = hardLogit
	}
	losses.a2 = m.Layout()[1].Of(losses.params)
	losses.pass.Bind(losses.params)
	losses.worker = losses.pass.NewWorker()
	for n := range uint64(betaGroups) {
		batch := task.NewBatch(betaSequences, length, prior.Size)
		problem.NewSampler().Sample(stream.New(stream.Key{Seed: seed, Purpose: stream.Test, Step: uint64(length), Shard: n}), batch)
		losses.batches = append(losses.batches, batch)
	}
	var groups [][]float64 // [beta][group]
	for beta := 0.0; beta <= betaMost; beta += betaStep {
		at, differences := losses.at(beta), make([]float64, betaGroups)
		groups = append(groups, at)
		for n, v := range at {
			differences[n] = v - groups[0][n]
		}
		_, stdErr := meanOf(differences)
		c.Beta, c.Loss, c.StdErr = append(c.Beta, beta), append(c.Loss, meanOfAll(at)), append(c.StdErr, stdErr)
	}
	c.minimise(groups)
	h := 1e-3 // the loss is smooth: the central difference errs by h^2
	var slopes []float64
	up := losses.at(h)
	for n, down := range losses.at(-h) {
		slopes = append(slopes, (up[n]-down)/(2*h))
	}
	c.Sampled, c.SampledStdErr = meanOf(slopes)
	if err := c.exactSlope(f, prior, config.Eps, seed); err != nil {
		return c, err
	}
	stages, err := config.Run(problem, nil)
	if err != nil {
		return c, err
	}
	c.Reached, _ = nearIdentity(m.Layout()[1].Of(stages.Params), prior.Size)
	return c, nil
}

// minimise finds beta* of all groups and of all but one: the lowest point of the
// parabola through the lowest loss and its neighbours.
func (c *BetaCurve) minimise(groups [][]float64) {
	best := func(without int) float64 {
		loss := make([]float64, len(groups))
		lowest := 1
		for b, values := range groups {
			for n, v := range values {
				if n != without {
					loss[b] += v
				}
			}
			if b > 0 && b < len(groups)-1 && loss[b] < loss[lowest] {
				lowest = b
			}
		}
		below, at, above := loss[lowest-1], loss[lowest], loss[lowest+1]
		return c.Beta[lowest] + float64(betaStep/2*(below-above))/(below-2*at+above)
	}
	c.Best = best(-1)
	var without []float64
	for n := range betaGroups {
		without = append(without, best(n))
	}
	_, stdErr := meanOf(without)
	c.BestStdErr = stdErr * (betaGroups - 1) // of the jackknife
}

// exactSlope is minus the trace of the second layer's exact gradient.
func (c *BetaCurve) exactSlope(f graph.Forest, prior markov.Prior, eps float64, seed uint64) error {
	logits := dynamics.Zero(c.Length)
	for _, e := range f.Edges() {
		logits[e.Child][e.Parent] = hardLogit
	}
	attention, err := dynamics.Attention(logits)
	if err != nil {
		return err
	}
	const parts = 8
	var traces []float64
	for n := range parts {
		g, err := firststep.AverageSecondLayer(f, prior, eps, attention, firststep.Options{Draws: 32, First: 32 * n, Seed: seed})
		if err != nil {
			return err
		}
		trace := 0.0
		for q := range g.Mean {
			trace -= g.Mean[q][q]
		}
		traces = append(traces, trace)
	}
	c.Slope, c.SlopeStdErr = meanOf(traces)
	return nil
}

// BetaTable has a row a length.
func BetaTable(curves []BetaCurve) table.Table {
	t := table.Table{ID: "stage-2-curve", Title: "Stage 2 as one number: L(beta) on the chain, S = 3, Dirichlet(1), hard attention on the parents",
		Columns: []table.Column{{Name: "T", Align: table.Right}, {Name: "beta*", Align: table.Decimal}, {Name: "beta of Algorithm 1", Align: table.Decimal},
			{Name: "L(0) - L(beta*)", Align: table.Decimal}, {Name: "slope at 0, exact", Align: table.Decimal}, {Name: "sampled", Align: table.Decimal}}}
	for _, c := range curves {
		gain, at := 0.0, 0
		for i, l := range c.Loss {
			if c.Loss[0]-l > gain {
				gain, at = c.Loss[0]-l, i
			}
		}
		t.Add(table.Integer(c.Length), table.Measured(c.Best, c.BestStdErr), table.Fixed(c.Reached, 3), table.Measured(gain, c.StdErr[at]),
			table.Measured(c.Slope, c.SlopeStdErr), table.Measured(c.Sampled, c.SampledStdErr))
	}
	t.Note(fmt.Sprintf("%d sequences, the same for every beta, in %d groups; eps %g; Algorithm 1: after the ladder's 100 steps; exact slope: minus the trace of the gradient in A2 over 256 drawn chains",
		betaGroups*betaSequences, betaGroups, Algorithm1Config(1, 0).Eps))
	return t
}
