package task

import (
	"testing"

	"causalgrad/impl/internal/kernel"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// abreastTasks are tasks of every way in which a sequence is drawn.
func abreastTasks(t *testing.T) map[string]Task {
	f, g := forest(t, -1, 0, 0, -1, 3, 1), tinyDAG(t)
	tasks := map[string]Task{
		"several parents": newTask(t, g, markov.Dirichlet{Size: 3, Alpha: 0.3}),
		"roots only":      newTask(t, forest(t, -1, -1), markov.Dirichlet{Size: 2, Alpha: 0.1}),
	}
	for _, prior := range []string{"dirichlet:0.0001", "dirichlet:0.005", "dirichlet:0.1", "dirichlet:0.49", "dirichlet:1", "dirichlet:3", "floor:0.1,0.2", "sticky:0.9,0.5", "orbit:0.3,7"} {
		p, err := markov.ParsePrior(prior, 5)
		require.NoError(t, err)
		tasks[prior] = newTask(t, f, p)
	}
	uniform, err := markov.ParseRoots("uniform")
	require.NoError(t, err)
	rooted, err := markov.WithRoots(markov.Dirichlet{Size: 17, Alpha: 0.1}, uniform)
	require.NoError(t, err)
	tasks["uniform roots"] = newTask(t, f, rooted)
	tasks["float32"], err = WithNumbers(newTask(t, f, markov.Dirichlet{Size: 3, Alpha: 0.1}), Numbers{Float32: true, SVD32: true})
	require.NoError(t, err)
	return tasks
}

// What a lane draws is what its stream would draw alone, chains and the next word
// included, whichever kernel runs.
func TestEachLaneDrawsAsIfAlone(t *testing.T) {
	for name, task := range abreastTasks(t) {
		for _, variant := range kernel.Available() {
			t.Run(name+"/"+variant, func(t *testing.T) {
				require.NoError(t, kernel.With(variant, func() error {
					const n = 40
					newBatch := func() *Batch {
						b := NewBatch(n, task.SequenceLength(), task.Tokens())
						if _, ok := task.Graph().(graph.Forest); ok {
							b.WithChains()
						}
						return b
					}
					a, sampler := new(stream.Abreast), task.NewSampler()
					var got [stream.Width]*Batch
					for lane := range got {
						got[lane] = newBatch()
						a.Reset(lane, stream.Key{Seed: 3, Purpose: stream.Train, Shard: uint64(lane)})
					}
					sampler.SampleAbreast(a, &got)
					next := a.IntN(1 << 30)
					for lane, b := range got {
						want, s := newBatch(), stream.New(stream.Key{Seed: 3, Purpose: stream.Train, Shard: uint64(lane)})
						task.NewSampler().Sample(s, want)
						require.Equal(t, want, b, "lane %d", lane)
						require.Equal(t, s.IntN(1<<30), next[lane], "lane %d uses other words", lane)
					}
					return nil
				}))
			})
		}
	}
}
