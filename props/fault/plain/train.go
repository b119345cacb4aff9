package plain

import (
	"fmt"

	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/theory/stream"
)

// The slips of the training loop.
const (
	TrainOnlyIgnored       Slip = "train-only-ignored"
	TrainOnlyDecaysAll     Slip = "train-only-decays-all"
	TrainWrongBlock        Slip = "train-wrong-block"
	TrainLossAfterStep     Slip = "train-loss-after-step"
	TrainSum               Slip = "train-sum-for-mean"
	TrainShardTwice        Slip = "train-shard-twice"
	TrainTailDropped       Slip = "train-tail-dropped"
	TrainGradientKept      Slip = "train-gradient-not-cleared"
	TrainSameBatch         Slip = "train-same-batch"
	TrainWorkersSeed       Slip = "train-seed-by-worker"
	TrainWorkersOrder      Slip = "train-sum-by-worker"
	TrainSeedIgnored       Slip = "train-seed-ignored"
	TrainLastStepLost      Slip = "train-last-step-lost"
	TrainParametersFloat32 Slip = "train-parameters-float32"
	TrainShuffledBits      Slip = "train-bits-vary"
	TrainStepCountKept     Slip = "train-schedule-frozen"
)

// Train implements props.Trainer: shard j of step k comes from the stream keyed
// (seed, Train, k, j), 64 sequences each.
func (s *Subject) Train(t props.TrainSpec) (params, losses []float64, err error) {
	params = append([]float64(nil), t.Params...)
	from, to, err := trained(t)
	if err != nil {
		return nil, nil, err
	}
	if s.Slip == TrainOnlyIgnored {
		from, to = 0, len(params)
	}
	own := newOptimizer(t.Optimizer, to-from, s.Slip)
	var kept []float64
	for k := range t.Steps {
		loss, gradient, err := s.batch(t, params, k)
		if err != nil {
			return nil, nil, err
		}
		if s.Slip == TrainGradientKept && kept != nil {
			accumulate(gradient, 1, kept)
		}
		kept = gradient
		if s.Slip != TrainLastStepLost || k < t.Steps-1 {
			own.step(params[from:to], gradient[from:to])
		}
		s.afterStep(t, own, params, from, to)
		if s.Slip == TrainLossAfterStep {
			if loss, _, err = s.batch(t, params, k); err != nil {
				return nil, nil, err
			}
		}
		losses = append(losses, loss)
	}
	return params, losses, nil
}

// afterStep makes the mistakes that follow an update.
func (s *Subject) afterStep(t props.TrainSpec, own *optimizer, params []float64, from, to int) {
	switch s.Slip {
	case TrainOnlyDecaysAll:
		for i := range params {
			if i < from || i >= to {
				params[i] -= t.Optimizer.LR * t.Optimizer.Decay * params[i]
			}
		}
	case TrainParametersFloat32:
		single(params)
	case TrainStepCountKept:
		own.steps = 0
	case TrainShuffledBits:
		for i := range params {
			params[i] += params[i] * 0x1p-52 * float64(s.calls.Add(1)%3)
		}
	}
	if s.Slip == TrainWrongBlock && t.Only != "" { // the other parameters get the update's size
		for i := range params {
			if i < from || i >= to {
				params[i] += 1e-3 * t.Optimizer.LR
			}
		}
	}
}

// trained is the range of the parameters that Only names.
func trained(t props.TrainSpec) (from, to int, err error) {
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
	return 0, 0, fmt.Errorf("plain: block %q: the layout has no such block", t.Only)
}

const trainShard = 64

// batch is the mean loss and gradient of step k.
func (s *Subject) batch(t props.TrainSpec, params []float64, k int) (loss float64, gradient []float64, err error) {
	shards := (t.Batch + trainShard - 1) / trainShard
	gradient = make([]float64, len(params))
	workers := max(t.Workers, 1)
	parts := make([][]float64, shards)
	for j := range shards {
		n := min(trainShard, t.Batch-j*trainShard)
		if s.Slip == TrainTailDropped && n < trainShard && j > 0 {
			continue
		}
		e, err := s.Evaluate(t.Model, params, s.shard(t, k, j, n, workers))
		if err != nil {
			return 0, nil, err
		}
		times := 1.0
		if s.Slip == TrainShardTwice && j == 0 {
			times = 2
		}
		loss += times * float64(n) * e.Loss
		parts[j] = make([]float64, len(params))
		accumulate(parts[j], times*float64(n), e.Gradient)
	}
	s.reduce(gradient, parts, workers)
	scale := 1 / float64(t.Batch)
	if s.Slip != TrainSum {
		for i := range gradient {
			gradient[i] *= scale
		}
	}
	return loss * scale, gradient, nil
}

// shard samples n sequences.
func (s *Subject) shard(t props.TrainSpec, k, j, n, workers int) *task.Batch {
	key := stream.Key{Seed: t.Seed, Purpose: stream.Train, Step: uint64(k), Shard: uint64(j)}
	switch s.Slip {
	case TrainSameBatch:
		key.Step = 0
	case TrainWorkersSeed:
		key.Shard = uint64(j%workers)<<32 + uint64(j/workers)
	case TrainSeedIgnored:
		key.Seed = 0
	}
	b := task.NewBatch(n, t.Task.Length, t.Task.Tokens)
	s.draw(t.Task, stream.New(key), b)
	return b
}

// reduce adds the shards; with the slip, first by worker, so that the rounding
// depends on their number.
func (s *Subject) reduce(sum []float64, parts [][]float64, workers int) {
	if s.Slip != TrainWorkersOrder {
		workers = 1
	}
	for w := range workers {
		own := make([]float64, len(sum))
		for j := w; j < len(parts); j += workers {
			if parts[j] != nil {
				accumulate(own, 1, parts[j])
			}
		}
		accumulate(sum, 1, own)
	}
}
