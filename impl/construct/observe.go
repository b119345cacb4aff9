package construct

import (
	"fmt"
	"math"

	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/theory/detmath"
	"causalgrad/theory/stream"
)

// Options says on which fresh sequences to measure. Sequences of one seed are
// the same for every construction of a task, so rows of a table are paired.
type Options struct {
	Sequences int // 2 to 2^22
	Seed      uint64
	Workers   int // 0 means one a processor
}

func (o Options) check() error {
	if o.Sequences < 2 || o.Sequences > 1<<22 {
		return fmt.Errorf("sequences = %d, want 2 to %d", o.Sequences, 1<<22)
	}
	return nil
}

// The uses of fresh sequences, as indices of the stream.Test streams apart
// from impl/measure's.
const (
	measuring  = 0xc0 + iota // what is reported
	calibrates               // what a read-out's scale is chosen on
)

// on says which sequences those of a use are.
func (o Options) on(use uint64) measure.Options {
	return measure.Options{Sequences: o.Sequences, Seed: o.Seed, Purpose: stream.Test, Stage: use, Workers: o.Workers}
}

// observation is a construction on fresh sequences: one row of S numbers, or
// one number, a sequence.
type observation struct {
	tokens    int
	target    []float64 // y
	f         []float64 // the model's prediction
	frequency []float64 // q
	limit     []float64 // Built.Limit
	count     []float64 // count estimator at alpha = 0; NaN where nothing is counted
	gap       []float64 // the model's loss - H(y)
	countGap  []float64 // that of the count estimator with the prior's alpha
}

// observe runs the real model.
func (b Built) observe(t task.Task, o Options, use uint64) (observation, error) {
	if err := o.check(); err != nil {
		return observation{}, err
	}
	if t.Tokens() != b.Model.Tokens() || t.SequenceLength() != b.Model.SequenceLength() {
		return observation{}, fmt.Errorf("task of %d tokens and length %d, but the construction has %d and %d",
			t.Tokens(), t.SequenceLength(), b.Model.Tokens(), b.Model.SequenceLength())
	}
	s, n := t.Tokens(), o.Sequences
	rows := func() []float64 { return make([]float64, n*s) }
	seen := observation{s, rows(), rows(), rows(), rows(), rows(), make([]float64, n), make([]float64, n)}
	alpha := measure.EstimatorAlpha(t.Prior(), 1)
	pass := b.Model.NewPass()
	pass.Bind(b.Params)
	measure.ForEachShard(t, o.on(use), func() func(int, *task.Batch) {
		worker, smoothed := pass.NewWorker(), make([]float64, measure.ShardSize*s)
		return func(from int, batch *task.Batch) {
			at, to := from*s, (from+batch.N)*s
			copy(seen.target[at:to], batch.Targets)
			worker.Predict(batch, seen.f[at:to])
			b.Limit(batch, seen.limit[at:to])
			t.CountEstimate(batch, 0, seen.count[at:to])
			t.CountEstimate(batch, alpha, smoothed)
			for n := range batch.N {
				y := batch.Target(n)
				i, row := from+n, (from+n)*s
				b.frequencies(seen.f[row:row+s], seen.frequency[row:row+s])
				seen.gap[i] = measure.SequenceLoss(worker, batch, n) - task.Entropy(y)
				seen.countGap[i] = task.CrossEntropy(y, smoothed[n*s:(n+1)*s]) - task.Entropy(y)
			}
		}
	})
	return seen, nil
}

// frequencies recovers q from one predicted row f: log f = Scale q up to a
// constant, and q sums to 1. The reduced model's f is q.
func (b Built) frequencies(f, q []float64) {
	copy(q, f)
	if b.Scale == 0 {
		return
	}
	mean := 0.0
	for v, p := range f {
		q[v] = detmath.Log(p)
		mean += q[v]
	}
	mean /= float64(len(q))
	for v := range q {
		q[v] = (q[v]-mean)/b.Scale + 1/float64(len(q))
	}
}

// mean is the sample mean of x with its standard error.
func mean(x []float64) measure.Mean {
	n, sum, square := float64(len(x)), 0.0, 0.0
	for _, v := range x {
		sum += v
	}
	m := sum / n
	for _, v := range x {
		square += float64((v - m) * (v - m))
	}
	return measure.Mean{Value: m, StdErr: math.Sqrt(square / (n - 1) / n)}
}
