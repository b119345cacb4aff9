package measure

import (
	"math"
	"testing"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// rounding bounds what two float64 evaluations of the same formulas differ by,
// relative to values of order 1: means of 300 terms, each some 50 operations
// of 2^-53, give below 1e-13.
const rounding = 1e-12

func newTask(t *testing.T, parents []int, p markov.Prior) task.Task {
	t.Helper()
	f, err := graph.NewForest(parents)
	require.NoError(t, err)
	made, err := task.New(f, p)
	require.NoError(t, err)
	return made
}

// randomParams are normal with standard deviation 1: every score matters.
func randomParams(m model.Model) []float64 {
	s := stream.New(stream.Key{Seed: 11, Purpose: stream.Init})
	params := make([]float64, m.Layout().Size())
	for i := range params {
		params[i] = s.Normal()
	}
	return params
}

// sequences are those that Options names, shard after shard.
func sequences(t task.Task, o Options) []*task.Batch {
	var shards []*task.Batch
	for from := 0; from < o.Sequences; from += 256 {
		b := task.NewBatch(min(256, o.Sequences-from), t.SequenceLength(), t.Tokens())
		t.NewSampler().Sample(stream.New(stream.Key{Seed: o.Seed, Purpose: o.Purpose, Step: o.Stage, Shard: uint64(from / 256)}), b)
		shards = append(shards, b)
	}
	return shards
}

// meanOf is the textbook mean and standard error, in two passes.
func meanOf(x []float64) Mean {
	n := float64(len(x))
	sum, square := 0.0, 0.0
	for _, v := range x {
		sum += v
	}
	for _, v := range x {
		square += (v - sum/n) * (v - sum/n)
	}
	return Mean{sum / n, math.Sqrt(square / (n - 1) / n)}
}

// softmaxOf is exp(x) normalised, by the library's exponential.
func softmaxOf(x []float64) []float64 {
	out, sum := make([]float64, len(x)), 0.0
	for i, v := range x {
		out[i] = math.Exp(v)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}
