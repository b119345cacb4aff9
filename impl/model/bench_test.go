package model_test

import (
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/internal/kernel"
	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// setting is one of the three configurations of the paper's experiments.
type setting struct {
	name           string
	tokens, length int
	heads          []int
	dag            bool
}

var settings = []setting{
	{"S=3,T=20,heads=1-1", 3, 20, []int{1, 1}, false},
	{"S=10,T=20,heads=1-1", 10, 20, []int{1, 1}, false},
	{"S=5,T=32,heads=2-1", 5, 32, []int{2, 1}, true},
}

// operations is the number of multiplications and additions that one sequence's
// loss and gradient need in structured form (model.Disentangled), with the
// triangles of T(T+1)/2 weights and without exponentials, padding or anything
// that no formula asks for: 2 a weight to build a triangle; for a pair of heads
// 2 each for its four means and sums and 7 for the derivative; three products
// with each second-layer matrix and with the read-out.
func (s setting) operations() float64 {
	weights, first, second := s.length*(s.length+1)/2, s.heads[0], s.heads[1]
	k := first * (s.tokens + s.length) // dense features of the last query
	d1 := k + s.tokens + s.length
	return float64(2*weights*first + (4*2+7)*weights*first*second + 3*2*k*d1*second + 3*2*(k+second*d1)*s.tokens)
}

func (s setting) task(tb testing.TB) task.Task {
	var g graph.Graph
	var err error
	if s.dag {
		g, err = graph.TrigramHalf(s.length)
	} else {
		g, err = graph.Parse("chain", s.length, 0)
	}
	require.NoError(tb, err)
	t, err := task.New(g, markov.Dirichlet{Size: s.tokens, Alpha: 0.1})
	require.NoError(tb, err)
	return t
}

// trainer is a run of gradient descent at rate 0.1 on fresh batches of 1024, on
// all processors.
func (s setting) trainer(b *testing.B, m model.Model, only string) *train.Trainer {
	sgd, err := optim.NewSGD(optim.Constant{LR: 0.1}, 0)
	require.NoError(b, err)
	t, err := train.New(train.Config{Model: m, Task: s.task(b), Optimizer: sgd, Params: make([]float64, m.Layout().Size()), Only: only, Batch: 1024, Seed: 7})
	require.NoError(b, err)
	b.Cleanup(t.Close)
	return t
}

// BenchmarkStep is one step of 1024 fresh sequences on all processors, sampling
// included: in milliseconds and as a multiple of the speed of the plain gonum
// model in the same run, which would sample nothing and share the processors
// without loss.
func BenchmarkStep(b *testing.B) {
	for _, s := range settings {
		b.Run(s.name, func(b *testing.B) {
			m, err := model.NewDisentangled(s.tokens, s.length, s.heads)
			require.NoError(b, err)
			dense, err := model.NewDenseDisentangled(s.tokens, s.length, s.heads)
			require.NoError(b, err)
			benchmarkStep(b, s.trainer(b, m, ""), perSequence(dense, s.batch(b, 16), 4))
		})
	}
}

// BenchmarkReducedStep is one step of Algorithm 1's first stage, of 1024 fresh
// sequences, as BenchmarkStep.
func BenchmarkReducedStep(b *testing.B) {
	for _, s := range []setting{{name: "S=3,T=20", tokens: 3, length: 20}, {name: "S=10,T=256", tokens: 10, length: 256}} {
		b.Run(s.name, func(b *testing.B) {
			m, err := model.NewReduced(s.tokens, s.length, 0.01)
			require.NoError(b, err)
			dense, err := model.NewDenseReduced(s.tokens, s.length, 0.01)
			require.NoError(b, err)
			benchmarkStep(b, s.trainer(b, m, "A1"), perSequence(dense, s.batch(b, 16), 4))
		})
	}
}

// benchmarkStep measures t's steps; dense is the seconds of one sequence's
// gradient in the plain model on one processor.
func benchmarkStep(b *testing.B, t *train.Trainer, dense float64) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.Step(); err != nil {
			b.Fatal(err)
		}
	}
	seconds := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(1000*seconds, "ms/step")
	b.ReportMetric(dense*1024/float64(runtime.GOMAXPROCS(0))/seconds, "x_dense")
}

// BenchmarkSample is the sampling of 1024 sequences on one core, from as many streams at
// once as training draws from.
func BenchmarkSample(b *testing.B) {
	for _, s := range settings {
		b.Run(s.name, func(b *testing.B) {
			sampler, a := s.task(b).NewSampler(), new(stream.Abreast)
			var batches [stream.Width]*task.Batch
			for lane := range batches {
				batches[lane] = task.NewBatch(1024/stream.Width, s.length, s.tokens)
				a.Reset(lane, stream.Key{Purpose: stream.Bench, Shard: uint64(lane)})
			}
			benchmarkSample(b, func() { sampler.SampleAbreast(a, &batches) })
		})
	}
}

// BenchmarkSampleOne is BenchmarkSample from one stream.
func BenchmarkSampleOne(b *testing.B) {
	for _, s := range settings {
		b.Run(s.name, func(b *testing.B) {
			sampler, batch, r := s.task(b).NewSampler(), task.NewBatch(1024, s.length, s.tokens), stream.New(stream.Key{Purpose: stream.Bench})
			benchmarkSample(b, func() { sampler.Sample(r, batch) })
		})
	}
}

func benchmarkSample(b *testing.B, sample func()) {
	b.ReportAllocs()
	for b.Loop() {
		sample()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/sequence")
}

// BenchmarkGradient is the loss and gradient of a shard on one core, without
// sampling, for each kernel variant: as a multiple of the plain gonum model's
// speed and as a share of what fused steps of the variant's own vector width
// alone reach, both measured in the same run.
func BenchmarkGradient(b *testing.B) {
	was := kernel.Name()
	defer func() { require.NoError(b, kernel.Use(was)) }()
	for _, variant := range kernel.Available() {
		require.NoError(b, kernel.Use(variant))
		for _, s := range settings {
			b.Run(variant+"/"+s.name, s.benchmarkGradient)
		}
	}
}

func (s setting) benchmarkGradient(b *testing.B) {
	structured, err := model.NewDisentangled(s.tokens, s.length, s.heads)
	require.NoError(b, err)
	dense, err := model.NewDenseDisentangled(s.tokens, s.length, s.heads)
	require.NoError(b, err)
	batch := s.batch(b, train.ShardSize)
	plain := perSequence(dense, batch.Slice(0, 16), 4)
	roofline := flops()
	run := gradientOf(structured, batch)
	for b.Loop() {
		run()
	}
	seconds := b.Elapsed().Seconds() / float64(b.N) / train.ShardSize
	b.ReportMetric(seconds*1e9, "ns/sequence")
	b.ReportMetric(plain/seconds, "x_dense")
	b.ReportMetric(100*s.operations()/seconds/roofline, "pct_fma")
}

// batch is n fresh sequences of the setting.
func (s setting) batch(tb testing.TB, n int) *task.Batch {
	b := task.NewBatch(n, s.length, s.tokens)
	s.task(tb).NewSampler().Sample(stream.New(stream.Key{Purpose: stream.Bench}), b)
	return b
}

// gradientOf returns a function that evaluates the batch once.
func gradientOf(m model.Model, batch *task.Batch) func() {
	params := make([]float64, m.Layout().Size())
	r := stream.New(stream.Key{Purpose: stream.Bench})
	for i := range params {
		params[i] = 0.1 * r.Normal()
	}
	gradient := make([]float64, len(params))
	pass := m.NewPass()
	pass.Bind(params)
	w := pass.NewWorker()
	return func() { w.LossGradient(batch, gradient) }
}

// perSequence is the seconds of one sequence's gradient, the best of runs.
func perSequence(m model.Model, batch *task.Batch, runs int) float64 {
	run, best := gradientOf(m, batch), math.Inf(1)
	for range runs {
		start := time.Now()
		run()
		best = min(best, time.Since(start).Seconds())
	}
	return best / float64(batch.N)
}

// flops is the floating-point operations a second of a pure loop of fused
// steps on one core, the best of a few runs.
func flops() float64 {
	best := 0.0
	for range 5 {
		start := time.Now()
		n := kernel.Roofline(1 << 20)
		best = max(best, n/time.Since(start).Seconds())
	}
	return best
}

// BenchmarkRoofline is the yardstick of BenchmarkGradient by itself.
func BenchmarkRoofline(b *testing.B) {
	n := 0.0
	for b.Loop() {
		n += kernel.Roofline(1 << 16)
	}
	b.ReportMetric(n/b.Elapsed().Seconds()*1e-9, "GFlop/s")
}
