package task

import (
	"testing"

	"causalgrad/impl/internal/kernel"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

func TestBatchLayout(t *testing.T) {
	b := NewBatch(3, 4, 2).WithChains()
	require.Len(t, b.Tokens, 12)
	require.Len(t, b.Targets, 6)
	require.Len(t, b.Chains, 12)
	b.Sequence(1)[3], b.Target(2)[1], b.Chain(2)[3] = 7, 0.5, 0.25
	require.EqualValues(t, 7, b.Tokens[1*4+3])
	require.Equal(t, 0.5, b.Targets[2*2+1])
	require.Equal(t, 0.25, b.Chains[2*4+3])

	part := b.Slice(1, 3)
	require.Equal(t, 2, part.N)
	require.Equal(t, []int{4, 2}, []int{part.T, part.S})
	require.EqualValues(t, 7, part.Sequence(0)[3])
	require.Equal(t, 0.5, part.Target(1)[1])
	require.Equal(t, 0.25, part.Chain(1)[3])
	require.Len(t, part.Tokens, 8)
	part.Sequence(1)[0] = 9
	require.EqualValues(t, 9, b.Sequence(2)[0], "a slice shares memory")
	first := b.Slice(0, 1)
	require.Equal(t, []int{4, 2, 4}, []int{len(first.Tokens), len(first.Targets), len(first.Chains)})
	require.Nil(t, NewBatch(2, 4, 2).Slice(0, 1).Chains)
}

func bothTasks(t *testing.T) map[string]Task {
	return map[string]Task{
		"forest": newTask(t, forest(t, -1, 0, 0, 1), markov.Dirichlet{Size: 3, Alpha: 0.3}),
		"dag":    newTask(t, tinyDAG(t), markov.Floor{Size: 3, Alpha: 0.3, Gamma: 0.1}),
	}
}

// A batch is a function of its stream: whatever the sampler drew before, and
// however the batch is cut.
func TestTheSameKeyDrawsTheSameBits(t *testing.T) {
	key := stream.Key{Seed: 1, Purpose: stream.Train, Step: 2, Shard: 3}
	for name, task := range bothTasks(t) {
		t.Run(name, func(t *testing.T) {
			want := NewBatch(64, task.SequenceLength(), 3)
			task.NewSampler().Sample(stream.New(key), want)

			used := task.NewSampler()
			used.Sample(stream.New(stream.Key{Seed: 9, Purpose: stream.Test}), NewBatch(17, task.SequenceLength(), 3))
			cut, s := NewBatch(64, task.SequenceLength(), 3), stream.New(key)
			used.Sample(s, cut.Slice(0, 40))
			used.Sample(s, cut.Slice(40, 64))
			require.Equal(t, want, cut)

			for _, other := range []stream.Key{{Seed: 2, Purpose: stream.Train, Step: 2, Shard: 3}, {Seed: 1, Purpose: stream.Test, Step: 2, Shard: 3},
				{Seed: 1, Purpose: stream.Train, Step: 3, Shard: 3}, {Seed: 1, Purpose: stream.Train, Step: 2, Shard: 4}} {
				task.NewSampler().Sample(stream.New(other), cut)
				require.NotEqual(t, want.Tokens, cut.Tokens, "%+v", other)
			}
		})
	}
}

func TestSamplersDoNotAllocate(t *testing.T) {
	for name, task := range abreastTasks(t) {
		if name == "float32" {
			continue // the decomposition of the official code's stationary distribution does
		}
		for _, variant := range kernel.Available() {
			require.NoError(t, kernel.With(variant, func() error {
				sampler, s, a, batches := task.NewSampler(), stream.New(stream.Key{Seed: 1, Purpose: stream.Bench}), new(stream.Abreast), [stream.Width]*Batch{}
				for lane := range batches {
					batches[lane] = NewBatch(8, task.SequenceLength(), task.Tokens())
					a.Reset(lane, stream.Key{Seed: 1, Purpose: stream.Bench, Shard: uint64(lane)})
				}
				require.Zero(t, testing.AllocsPerRun(10, func() { sampler.Sample(s, batches[0]) }), "%s, %s", name, variant)
				require.Zero(t, testing.AllocsPerRun(10, func() { sampler.SampleAbreast(a, &batches) }), "%s, %s", name, variant)
				return nil
			}))
		}
	}
}

func TestTasksDescribeThemselves(t *testing.T) {
	f, prior := forest(t, -1, 0, 0), markov.Dirichlet{Size: 4, Alpha: 0.5}
	task := newTask(t, f, prior)
	require.Equal(t, 4, task.Tokens())
	require.Equal(t, 4, task.SequenceLength())
	require.Equal(t, graph.Graph(f), task.Graph())
	require.Equal(t, markov.Prior(prior), task.Prior())
	other, err := task.WithPrior(markov.Sticky{Size: 4, Weight: 0.9, Alpha: 1})
	require.NoError(t, err)
	require.Equal(t, graph.Graph(f), other.Graph())
	require.Equal(t, "sticky:0.9,1", other.Prior().String())

	g := tinyDAG(t)
	task = newTask(t, g, prior)
	require.Equal(t, 4, task.Tokens())
	require.Equal(t, 5, task.SequenceLength())
	require.Equal(t, graph.Graph(g), task.Graph())
	require.Equal(t, markov.Prior(prior), task.Prior())
	other, err = task.WithPrior(markov.Floor{Size: 4, Alpha: 1, Gamma: 0.5})
	require.NoError(t, err)
	require.Equal(t, "floor:1,0.5", other.Prior().String())
}

func TestErrorsNameTheValue(t *testing.T) {
	g := tinyDAG(t)
	orbit, err := markov.ParsePrior("orbit:1,7", 3)
	require.NoError(t, err)
	_, err = New(g, orbit)
	require.EqualError(t, err, `prior "orbit:1,7": a graph with several parents needs independent rows (dirichlet or floor)`)
	_, err = newTask(t, g, markov.Dirichlet{Size: 3, Alpha: 1}).WithPrior(orbit)
	require.ErrorContains(t, err, `prior "orbit:1,7"`)

	three := dag(t, nil, nil, nil, []int{0, 1, 2})
	_, err = New(three, markov.Dirichlet{Size: 46, Alpha: 1})
	require.EqualError(t, err, "graph: 46 tokens and 3 parents need a tensor above 4194304 numbers")
	_, err = New(three, markov.Dirichlet{Size: 45, Alpha: 1}) // 45^4 = 4100625 numbers
	require.NoError(t, err)

	_, err = New(nil, markov.Dirichlet{Size: 3, Alpha: 1})
	require.EqualError(t, err, "graph <nil>: want a forest or a DAG")
}

// Relabelled tokens carry their targets along.
func TestRelabelledTokensCarryTheirTargets(t *testing.T) {
	b := NewBatch(2, 3, 3)
	copy(b.Tokens, []uint16{0, 1, 2, 2, 2, 0})
	copy(b.Targets, []float64{0.5, 0.25, 0.125, 1, 2, 3})
	other := b.Relabelled([]int{2, 0, 1})
	require.Equal(t, []uint16{2, 0, 1, 1, 1, 2}, other.Tokens)
	require.Equal(t, []float64{0.25, 0.125, 0.5, 2, 3, 1}, other.Targets)
	require.Equal(t, []uint16{0, 1, 2, 2, 2, 0}, b.Tokens, "the batch itself stays")
}
