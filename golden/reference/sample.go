package reference

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/theory/graph"
	"causalgrad/theory/stream"
)

// The numbers taken of each fresh sequence, in the order of Evaluation and
// Shifted.
const (
	ofLoss = iota
	ofWrapped
	ofCount
	ofEntropy
	ofSupError
	ofAccuracy
	ofCountSupError
	ofTrainAlpha
	columns
)

// samples holds each column's value on every sequence.
type samples [columns][]float64

// shardSize is part of the determinism contract: the sequences of a shard come
// from one stream.
const shardSize = 256

// sample evaluates the bound parameters on n fresh sequences of t. Values are
// stored by sequence, so they do not depend on the number of workers.
func sample(pass model.Pass, t task.Task, alpha, trainAlpha float64, n int, key stream.Key) samples {
	var s samples
	for c := range s {
		s[c] = make([]float64, n)
	}
	inShards(n, func() func(from, to int) {
		v := newVisit(pass, t, alpha, trainAlpha)
		return func(from, to int) {
			key := key
			key.Shard = uint64(from / shardSize)
			v.shard(s, from, to, key)
		}
	})
	return s
}

// inShards calls a worker's function for every shard of 0..n-1, on all
// processors.
func inShards(n int, newWorker func() func(from, to int)) {
	var next atomic.Int64
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		work := newWorker()
		done.Go(func() {
			for {
				from := int(next.Add(shardSize)) - shardSize
				if from >= n {
					return
				}
				work(from, min(from+shardSize, n))
			}
		})
	}
	done.Wait()
}

// visit is one goroutine's buffers.
type visit struct {
	task                      task.Task
	alpha, trainAlpha         float64
	sampler                   task.Sampler
	worker                    model.Worker
	f, count, wrapped, atRate []float64
}

func newVisit(pass model.Pass, t task.Task, alpha, trainAlpha float64) *visit {
	size := shardSize * t.Tokens()
	return &visit{t, alpha, trainAlpha, t.NewSampler(), pass.NewWorker(),
		make([]float64, size), make([]float64, size), make([]float64, size), make([]float64, size)}
}

func (v *visit) shard(s samples, from, to int, key stream.Key) {
	b := task.NewBatch(to-from, v.task.SequenceLength(), v.task.Tokens())
	v.sampler.Sample(stream.New(key), b)
	v.worker.Predict(b, v.f)
	v.task.CountEstimate(b, v.alpha, v.count)
	v.task.CountEstimate(b, v.trainAlpha, v.atRate)
	if f, ok := v.task.Graph().(graph.Forest); ok {
		task.WrappedCountEstimate(f, b, v.alpha, v.wrapped)
	} else {
		copy(v.wrapped, v.count) // a DAG's estimator has no wrap
	}
	for n := range b.N {
		y, at := b.Target(n), from+n
		row := func(f []float64) []float64 { return f[n*b.S : (n+1)*b.S] }
		s[ofLoss][at] = task.CrossEntropy(y, row(v.f))
		s[ofWrapped][at] = task.CrossEntropy(y, row(v.wrapped))
		s[ofCount][at] = task.CrossEntropy(y, row(v.count))
		s[ofEntropy][at] = task.Entropy(y)
		s[ofSupError][at] = supDistance(row(v.f), y)
		s[ofAccuracy][at] = sameArgmax(row(v.f), y)
		s[ofCountSupError][at] = supDistance(row(v.count), y)
		s[ofTrainAlpha][at] = task.CrossEntropy(y, row(v.atRate))
	}
}

// attend fills weights, which has a slice of n numbers for each entry of
// [head][query][key] that is wanted, with the first layer's attention on the
// first n sequences of a key's streams.
func attend(pass model.Pass, t task.Task, weights [][]float64, n int, key stream.Key) {
	inShards(n, func() func(from, to int) {
		sampler, worker, row := t.NewSampler(), pass.NewWorker(), make([]float64, len(weights))
		return func(from, to int) {
			key := key
			key.Shard = uint64(from / shardSize)
			b := task.NewBatch(to-from, t.SequenceLength(), t.Tokens())
			sampler.Sample(stream.New(key), b)
			for i := range b.N {
				worker.Attention(b.Slice(i, i+1), row)
				for at, w := range weights {
					if w != nil {
						w[from+i] = row[at]
					}
				}
			}
		}
	})
}

func supDistance(a, b []float64) float64 {
	d := 0.0
	for i, v := range a {
		d = math.Max(d, math.Abs(v-b[i]))
	}
	return d
}

// sameArgmax is 1 when both rows are largest at the same token, else 0.
func sameArgmax(a, b []float64) float64 {
	if argmax(a) == argmax(b) {
		return 1
	}
	return 0
}

func argmax(row []float64) int {
	at := 0
	for i, v := range row {
		if v > row[at] {
			at = i
		}
	}
	return at
}
