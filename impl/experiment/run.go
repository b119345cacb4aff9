package experiment

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"causalgrad/impl/measure"
	"causalgrad/impl/train"
	"causalgrad/theory/stream"
)

// Options are what a run may vary without changing a bit of its record.
type Options struct {
	Workers  int            // 0 means one a processor
	Progress func(step int) // called after every step, may be nil
}

// Numbers of fresh sequences behind the curve and the average attention.
const (
	curveSequences     = 4096
	attentionSequences = 4096
)

// Run trains the spec and measures the result. It returns the record and the
// trained parameters; a cancelled context ends it between two steps.
func Run(ctx context.Context, s Spec, o Options) (Record, []float64, error) {
	start := time.Now()
	p, err := s.build()
	if err != nil {
		return Record{}, nil, fmt.Errorf("spec %q: %w", s.ID, err)
	}
	record := Record{Schema: Schema, Spec: s}
	if err := p.train(ctx, &record, o); err != nil {
		return Record{}, nil, fmt.Errorf("run %q: %w", s.ID, err)
	}
	if err := p.measure(&record, o.Workers); err != nil {
		return Record{}, nil, fmt.Errorf("run %q: %w", s.ID, err)
	}
	record.WeightsHash = HashParams(p.params)
	record.Provenance = Provenance{WallSeconds: time.Since(start).Seconds(), Go: runtime.Version(),
		Machine: fmt.Sprintf("%s/%s, %d processors", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())}
	return record, p.params, nil
}

func (p *parts) train(ctx context.Context, record *Record, o Options) error {
	trainer, err := train.New(train.Config{Model: p.model, Task: p.task, Optimizer: p.optimizer, Params: p.params,
		Batch: p.spec.Batch, Seed: p.spec.Seed, Workers: o.Workers})
	if err != nil {
		return err
	}
	defer trainer.Close()
	for step := 0; ; step++ {
		if onCurve(step, p.spec.Steps) {
			point, err := p.curvePoint(step, o.Workers)
			if err != nil {
				return err
			}
			record.Curve = append(record.Curve, point)
		}
		if step == p.spec.Steps {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := trainer.Step(); err != nil {
			return err
		}
		if o.Progress != nil {
			o.Progress(step + 1)
		}
	}
}

// onCurve reports whether the curve has a point at step: powers of two,
// sixteenths of the run, and the end.
func onCurve(step, steps int) bool {
	return step&(step-1) == 0 || step == steps || steps >= 16 && step%(steps/16) == 0
}

func (p *parts) curvePoint(step, workers int) (CurvePoint, error) {
	l, err := measure.Evaluate(p.model, p.params, p.task, p.alpha(), measure.Options{
		Sequences: min(curveSequences, p.spec.TestSequences), Seed: p.spec.Seed, Purpose: stream.Test, Stage: 1, Workers: workers})
	if err != nil {
		return CurvePoint{}, err
	}
	point := CurvePoint{Step: step, Loss: l.Loss.Value}
	if blocks, err := measure.PositionBlock(p.model, p.params, p.heads()); err == nil {
		point.EdgeMean = measure.EdgeAttention(p.task.Graph(), blocks).Mean
	}
	return point, nil
}

// heads is the number of heads of the first layer; the reduced model has one.
func (p *parts) heads() int {
	if p.spec.Model == "reduced" {
		return 1
	}
	return p.spec.Heads[0]
}

// alpha is the pseudo-count of the training prior's count estimator; 1 where
// the prior has no concentration of its own.
func (p *parts) alpha() float64 { return measure.EstimatorAlpha(p.task.Prior(), 1) }

// measure fills the final part of the record.
func (p *parts) measure(record *Record, workers int) error {
	options := measure.Options{Sequences: p.spec.TestSequences, Seed: p.spec.Seed, Purpose: stream.Test, Workers: workers}
	var err error
	if record.Final, err = measure.Evaluate(p.model, p.params, p.task, p.alpha(), options); err != nil {
		return err
	}
	options.Purpose, record.Shifted = stream.Shift, []measure.Losses{}
	for i, t := range p.shifted {
		options.Stage = uint64(i)
		losses, err := measure.Evaluate(p.model, p.params, t, p.alpha(), options)
		if err != nil {
			return err
		}
		record.Shifted = append(record.Shifted, losses)
	}
	heads := p.heads()
	if blocks, err := measure.PositionBlock(p.model, p.params, heads); err == nil {
		edges := measure.EdgeAttention(p.task.Graph(), blocks)
		record.Edges.PositionBlock = &edges
	}
	blocks := measure.AverageAttention(p.model, p.params, heads, p.task, measure.Options{
		Sequences: attentionSequences, Seed: p.spec.Seed, Purpose: stream.Test, Stage: 2, Workers: workers})
	record.Edges.Attention = measure.EdgeAttention(p.task.Graph(), blocks)
	record.Edges.Accuracy = record.Edges.Attention.Accuracy
	if block := record.Edges.PositionBlock; block != nil {
		record.Edges.Accuracy = block.Accuracy
	}
	return nil
}
