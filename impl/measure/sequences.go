package measure

import (
	"math"

	"causalgrad/impl/internal/shard"
	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/theory/stream"
)

// ShardSize is the number of fresh sequences that are drawn from one stream; the
// last shard may be smaller. It is part of the determinism contract.
const ShardSize = 256

// ForEachShard samples o.Sequences fresh sequences of t in shards and calls what
// newVisit returns, once a worker, on each: from is the shard's first sequence.
// Visits write to disjoint parts, so nothing depends on scheduling.
func ForEachShard(t task.Task, o Options, newVisit func() func(from int, b *task.Batch)) {
	pool := shard.NewPool(o.Workers)
	defer pool.Close()
	visits := make([]func(int, *task.Batch), pool.Workers())
	samplers := make([]task.Sampler, pool.Workers())
	for w := range visits {
		visits[w], samplers[w] = newVisit(), t.NewSampler()
	}
	pool.Run((o.Sequences+ShardSize-1)/ShardSize, func(w, s int) {
		from := s * ShardSize
		b := task.NewBatch(min(ShardSize, o.Sequences-from), t.SequenceLength(), t.Tokens())
		samplers[w].Sample(stream.New(stream.Key{Seed: o.Seed, Purpose: o.Purpose, Step: o.Stage, Shard: uint64(s)}), b)
		visits[w](from, b)
	})
}

// SequenceLoss is the loss of one sequence of a batch, in nats, which the model
// computes without the underflow that the predicted row may have.
func SequenceLoss(w model.Worker, b *task.Batch, n int) float64 {
	one := task.Batch{N: 1, T: b.T, S: b.S, Tokens: b.Sequence(n), Targets: b.Target(n)}
	return w.LossGradient(&one, nil)
}

// SupDistance is the largest difference of two rows of one length.
func SupDistance(a, b []float64) float64 {
	d := 0.0
	for i, v := range a {
		d = math.Max(d, math.Abs(v-b[i]))
	}
	return d
}

// Argmax is the first place where a row is largest; a NaN is largest nowhere but
// in the first place.
func Argmax(row []float64) int {
	best := 0
	for i, v := range row {
		if v > row[best] {
			best = i
		}
	}
	return best
}

// sums holds, for each column, the sum and the sum of squares over sequences.
type sums struct {
	n             int
	total, square []float64
}

func (s sums) mean(column int) Mean {
	n := float64(s.n)
	mean := s.total[column] / n
	variance := (s.square[column] - float64(n*float64(mean*mean))) / (n - 1)
	return Mean{mean, math.Sqrt(math.Max(variance, 0) / n)}
}

// overSequences adds the rows that visit makes of fresh sequences, in a fixed
// shape. newVisit is called once a worker.
func overSequences(t task.Task, o Options, columns int, newVisit func() func(b *task.Batch, add func(row []float64))) sums {
	parts := make([][]float64, (o.Sequences+ShardSize-1)/ShardSize)
	ForEachShard(t, o, func() func(int, *task.Batch) {
		visit := newVisit()
		return func(from int, b *task.Batch) {
			part := make([]float64, 2*columns)
			visit(b, func(row []float64) {
				for c, v := range row {
					part[c] += v
					part[columns+c] += float64(v * v)
				}
			})
			parts[from/ShardSize] = part
		}
	})
	pool := shard.NewPool(o.Workers)
	defer pool.Close()
	shard.Reduce(pool, parts)
	return sums{o.Sequences, parts[0][:columns], parts[0][columns:]}
}
