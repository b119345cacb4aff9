package fault

import (
	"fmt"
	"slices"

	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/theory/stream"
)

var (
	trainOnlyIgnored = mistake(inTrain, "train-only-ignored",
		"all blocks are trained though one was asked for", "train-only")
	trainOnlyDecaysAll = mistake(inTrain, "train-only-decays-all",
		"blocks that are not trained decay", "train-decay")
	trainLossAfterStep = mistake(inTrain, "train-loss-after-step",
		"the recorded loss is that after the step", "train-loss-at-zero")
	trainSum = mistake(inTrain, "train-sum-for-mean",
		"the step follows the sum over the batch instead of the mean", "train-batch-mean")
	trainTailDropped = mistake(inTrain, "train-tail-dropped",
		"the smaller last part of a batch is dropped", "train-batch-mean")
	trainGradientKept = mistake(inTrain, "train-gradient-not-cleared",
		"the gradient of the step before is not cleared", "train-steps-add-up")
	trainSameBatch = mistake(inTrain, "train-same-batch",
		"every step sees the first batch", "train-fresh-batches")
	trainWorkersSeed = mistake(inTrain, "train-seed-by-worker",
		"each worker has its own stream: the batch depends on their number", "train-workers")
	trainSeedIgnored = mistake(inTrain, "train-seed-ignored",
		"the seed is ignored in training", "train-other-seed")
	trainParametersFloat32 = mistake(inTrain, "train-parameters-float32",
		"parameters are kept in single precision", "train-decay")
)

// Train implements props.Trainer: shard j of step k comes from the stream keyed
// (seed, Train, k, j), 64 sequences each.
func (p *plain) Train(t train.Spec) (params, losses []float64, err error) {
	params = slices.Clone(t.Params)
	from, to, err := trained(t)
	if err != nil {
		return nil, nil, err
	}
	if p.makes == trainOnlyIgnored {
		from, to = 0, len(params)
	}
	own := newOptimizer(t.Optimizer, to-from, p.makes)
	kept := make([]float64, len(params))
	for k := range t.Steps {
		loss, gradient, err := p.batch(t, params, k)
		if err != nil {
			return nil, nil, err
		}
		if p.makes == trainGradientKept {
			accumulate(gradient, 1, kept)
		}
		kept = gradient
		own.step(params[from:to], gradient[from:to])
		switch p.makes {
		case trainOnlyDecaysAll:
			accumulate(params[:from], -t.Optimizer.LR*t.Optimizer.Decay, slices.Clone(params[:from]))
			accumulate(params[to:], -t.Optimizer.LR*t.Optimizer.Decay, slices.Clone(params[to:]))
		case trainParametersFloat32:
			single(params)
		case trainLossAfterStep:
			if loss, _, err = p.batch(t, params, k); err != nil {
				return nil, nil, err
			}
		}
		losses = append(losses, loss)
	}
	return params, losses, nil
}

// trained is the range of the parameters that Only names.
func trained(t train.Spec) (from, to int, err error) {
	if t.Only == "" {
		return 0, len(t.Params), nil
	}
	at, m := 0, t.Model
	next := func(name string, size int) bool {
		from, to, at = at, at+size, at+size
		return name == t.Only
	}
	if m.Kind == "reduced" {
		if next("A1", m.Length*m.Length) || next("A2", m.Tokens*m.Tokens) {
			return from, to, nil
		}
	}
	if m.Kind == "disentangled" {
		width := m.Tokens + m.Length
		for l, heads := range m.Heads {
			for h := range heads {
				if next(fmt.Sprintf("A%d.%d", l, h), width*width) {
					return from, to, nil
				}
			}
			width *= 1 + heads
		}
		if next("W", width*m.Tokens) {
			return from, to, nil
		}
	}
	if m.Kind == "transformer" {
		return 0, 0, errBeyond
	}
	return 0, 0, fmt.Errorf("block %q: the layout has no such block", t.Only)
}

const trainShard = 64

// batch is the mean loss and gradient of step k.
func (p *plain) batch(t train.Spec, params []float64, k int) (loss float64, gradient []float64, err error) {
	shards := (t.Batch + trainShard - 1) / trainShard
	gradient = make([]float64, len(params))
	for j := range shards {
		n := min(trainShard, t.Batch-j*trainShard)
		if p.makes == trainTailDropped && n < trainShard && j > 0 {
			continue
		}
		e, err := p.Evaluate(t.Model, params, p.shard(t, k, j, n))
		if err != nil {
			return 0, nil, err
		}
		loss += float64(n) * e.Loss
		accumulate(gradient, float64(n), e.Gradient)
	}
	scale := 1 / float64(t.Batch)
	if p.makes != trainSum {
		for i := range gradient {
			gradient[i] *= scale
		}
	}
	return loss * scale, gradient, nil
}

// shard samples n sequences.
func (p *plain) shard(t train.Spec, k, j, n int) *task.Batch {
	key := stream.Key{Seed: t.Seed, Purpose: stream.Train, Step: uint64(k), Shard: uint64(j)}
	switch p.makes {
	case trainSameBatch:
		key.Step = 0
	case trainWorkersSeed:
		workers := max(t.Workers, 1)
		key.Shard = uint64(j%workers)<<32 + uint64(j/workers)
	case trainSeedIgnored:
		key.Seed = 0
	}
	b := task.NewBatch(n, t.Task.Length, t.Task.Tokens)
	p.draw(t.Task, key, b)
	return b
}
