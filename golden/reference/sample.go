package reference

import (
	"causalgrad/impl/measure"
	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/theory/graph"
	"causalgrad/theory/stream"
)

// The numbers taken of each fresh sequence, in the order of Evaluation and
// Shifted.
const (
	ofLoss = iota
	ofWrappedCount
	ofCount
	ofEntropy
	ofSupError
	ofAccuracy
	ofCountSupError
	ofTrainingCount
	columns
)

// samples holds each column's value on every sequence.
type samples [columns][]float64

// sample evaluates the bound parameters on n fresh sequences of t. Values are
// stored by sequence, so they do not depend on the number of workers.
func sample(pass model.Pass, t task.Task, alpha, trainAlpha float64, n int, key stream.Key) samples {
	var s samples
	for c := range s {
		s[c] = make([]float64, n)
	}
	measure.ForEachShard(t, freshOf(n, key), func() func(from int, b *task.Batch) {
		worker, size := pass.NewWorker(), measure.ShardSize*t.Tokens()
		f, count, wrapped, trainingCount := make([]float64, size), make([]float64, size), make([]float64, size), make([]float64, size)
		return func(from int, b *task.Batch) {
			worker.Predict(b, f)
			t.CountEstimate(b, alpha, count)
			t.CountEstimate(b, trainAlpha, trainingCount)
			if forest, ok := t.Graph().(graph.Forest); ok {
				task.WrappedCountEstimate(forest, b, alpha, wrapped)
			} else {
				copy(wrapped, count) // a DAG's estimator has no wrap
			}
			for n := range b.N {
				y, at := b.Target(n), from+n
				row := func(f []float64) []float64 { return f[n*b.S : (n+1)*b.S] }
				s[ofLoss][at] = task.CrossEntropy(y, row(f))
				s[ofWrappedCount][at] = task.CrossEntropy(y, row(wrapped))
				s[ofCount][at] = task.CrossEntropy(y, row(count))
				s[ofEntropy][at] = task.Entropy(y)
				s[ofSupError][at] = measure.SupDistance(row(f), y)
				s[ofAccuracy][at] = sameArgmax(row(f), y)
				s[ofCountSupError][at] = measure.SupDistance(row(count), y)
				s[ofTrainingCount][at] = task.CrossEntropy(y, row(trainingCount))
			}
		}
	})
	return s
}

// freshOf says that n sequences are those of a key's streams.
func freshOf(n int, key stream.Key) measure.Options {
	return measure.Options{Sequences: n, Seed: key.Seed, Purpose: key.Purpose, Stage: key.Step}
}

// attend fills weights, which has a slice of n numbers for each entry of
// [head][query][key] that is wanted, with the first layer's attention on the
// first n sequences of a key's streams.
func attend(pass model.Pass, t task.Task, weights [][]float64, n int, key stream.Key) {
	measure.ForEachShard(t, freshOf(n, key), func() func(from int, b *task.Batch) {
		worker, row := pass.NewWorker(), make([]float64, len(weights))
		return func(from int, b *task.Batch) {
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

// sameArgmax is 1 when both rows are largest at the same token, else 0.
func sameArgmax(a, b []float64) float64 {
	if measure.Argmax(a) == measure.Argmax(b) {
		return 1
	}
	return 0
}
