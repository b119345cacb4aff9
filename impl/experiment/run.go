package experiment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"causalgrad/impl/measure"
	"causalgrad/impl/train"
	"causalgrad/theory/stream"
)

// Options are what a run may vary without changing a bit of its record.
type Options struct {
	Workers  int            // 0 means one a processor
	Progress func(step int) // called after every step and, where a run resumes, once before; may be nil
	// Save keeps a checkpoint every Every steps, at the last step and when the
	// context is cancelled; nil keeps none. Every = 0 means SaveEvery.
	Save  func(Checkpoint) error
	Every int
	// Resume is where to continue; nil starts at step 0.
	Resume *Checkpoint
	// Initial are the parameters to start from when the spec names their hash.
	Initial []float64
}

// Numbers of fresh sequences behind the curve and the average attention.
const (
	curveSequences     = 4096
	attentionSequences = 4096
)

// maxWorkers bounds what a user can type by mistake: a worker has buffers.
const maxWorkers = 1024

// SaveEvery is the usual number of steps between checkpoints of a run of that
// many steps: 64 of them, but none closer than 256 steps, so that writing them
// costs little of the run.
func SaveEvery(steps int) int { return max(256, steps/64) }

// Run trains the spec and measures the result. The record holds the spec with the
// matrices of its priors (WriteOutFiles). It returns the record and the
// trained parameters; a cancelled context ends it between two steps.
func Run(ctx context.Context, s Spec, o Options) (Record, []float64, error) {
	if _, err := s.WriteOutFiles(); err != nil {
		return Record{}, nil, fmt.Errorf("spec %q: %w", s.ID, err)
	}
	p, err := s.build()
	if err != nil {
		return Record{}, nil, fmt.Errorf("spec %q: %w", s.ID, err)
	}
	if o.Workers < 0 || o.Workers > maxWorkers {
		return Record{}, nil, fmt.Errorf("workers = %d, want 0 to %d", o.Workers, maxWorkers)
	}
	if err := s.planMemory(o.Workers); err != nil {
		return Record{}, nil, fmt.Errorf("spec %q: %w", s.ID, err)
	}
	if err := p.startFrom(o.Initial); err != nil {
		return Record{}, nil, fmt.Errorf("spec %q: %w", s.ID, err)
	}
	r := run{parts: p, options: o, start: time.Now(), record: Record{Schema: Schema, Spec: s}}
	if err := r.train(ctx); err != nil {
		return Record{}, nil, fmt.Errorf("run %q: %w", s.ID, err)
	}
	if err := r.measure(ctx); err != nil {
		return Record{}, nil, fmt.Errorf("run %q: %w", s.ID, err)
	}
	r.record.WeightsHash = HashParams(p.params)
	r.record.Provenance = provenance(r.seconds())
	return r.record, p.params, nil
}

// run is a Run under way.
type run struct {
	parts
	options Options
	start   time.Time
	before  float64 // seconds spent before this process resumed the run
	record  Record
}

func (r *run) seconds() float64 { return r.before + time.Since(r.start).Seconds() }

func (r *run) train(ctx context.Context) error {
	trainer, err := train.New(train.Config{Model: r.model, Task: r.training, Optimizer: r.optimizer, Params: r.params,
		Batch: r.spec.Batch, Seed: r.spec.Seed, Workers: r.options.Workers, Float32: r.spec.Precision == Float32})
	if err != nil {
		return err
	}
	defer trainer.Close()
	if err := r.resume(trainer); err != nil {
		return err
	}
	every := r.options.Every
	if every <= 0 {
		every = SaveEvery(r.spec.Steps)
	}
	for step := trainer.Steps(); ; step++ {
		if err := ctx.Err(); err != nil {
			return errors.Join(err, r.save(step))
		}
		if onCurve(step, r.spec.Steps) {
			point, err := r.curvePoint(step, r.options.Workers)
			if err != nil {
				return err
			}
			r.record.Curve = append(r.record.Curve, point)
		}
		if step == r.spec.Steps {
			return nil
		}
		if _, err := trainer.Step(); err != nil {
			return err
		}
		// A checkpoint holds the curve's points before its step: the point at
		// the step itself is measured after the run has resumed.
		if next := step + 1; next%every == 0 || next == r.spec.Steps {
			if err := r.save(next); err != nil {
				return err
			}
		}
		if r.options.Progress != nil {
			r.options.Progress(step + 1)
		}
	}
}

// resume continues from the options' checkpoint, if there is one.
func (r *run) resume(trainer *train.Trainer) error {
	c := r.options.Resume
	if c == nil {
		return nil
	}
	if err := r.restore(*c); err != nil {
		return err
	}
	trainer.Resume(c.Step)
	r.before, r.record.Curve = c.Seconds, append([]CurvePoint(nil), c.Curve...)
	if r.options.Progress != nil {
		r.options.Progress(c.Step)
	}
	return nil
}

func (r *run) save(step int) error {
	if r.options.Save == nil {
		return nil
	}
	c, err := r.checkpoint(step, r.record.Curve, r.seconds())
	if err != nil {
		return err
	}
	return r.options.Save(c)
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

// measure fills the final part of the record; a cancelled context ends it
// between two of its evaluations.
func (r *run) measure(ctx context.Context) error {
	p, record, workers := &r.parts, &r.record, r.options.Workers
	options := measure.Options{Sequences: p.spec.TestSequences, Seed: p.spec.Seed, Purpose: stream.Test, Workers: workers}
	var err error
	if record.Final, err = measure.Evaluate(p.model, p.params, p.task, p.alpha(), options); err != nil {
		return err
	}
	options.Purpose, record.Shifted = stream.Shift, []measure.Losses{}
	for i, t := range p.shifted {
		if err := ctx.Err(); err != nil {
			return err
		}
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
		Sequences: min(attentionSequences, p.spec.TestSequences), Seed: p.spec.Seed, Purpose: stream.Test, Stage: 2, Workers: workers})
	record.Edges.Attention = measure.EdgeAttention(p.task.Graph(), blocks)
	record.Edges.Accuracy = record.Edges.Attention.Accuracy
	if block := record.Edges.PositionBlock; block != nil {
		record.Edges.Accuracy = block.Accuracy
	}
	return nil
}
