package train

import (
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
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
	golden         string // TestWeightsDependOnNeitherWorkersNorKernel
}

var settings = []setting{
	{"S=3,T=20,heads=1-1", 3, 20, []int{1, 1}, false, "281296a6699bb3f6"},
	{"S=10,T=20,heads=1-1", 10, 20, []int{1, 1}, false, "af5279221fe3915d"},
	{"S=5,T=32,heads=2-1", 5, 32, []int{2, 1}, true, "7c86196076f9cabd"},
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

// trainer is a run on fresh sequences from seeded parameters.
func (s setting) trainer(tb testing.TB, batch, workers int) *Trainer {
	m, err := model.NewDisentangled(s.tokens, s.length, s.heads)
	require.NoError(tb, err)
	size := m.Layout().Size()
	schedule, err := optim.NewConstant(0.1)
	require.NoError(tb, err)
	var o optim.Optimizer
	if s.dag {
		o, err = optim.NewAdamW(schedule, 1e-4, size)
	} else {
		o, err = optim.NewSGD(schedule, 0)
	}
	require.NoError(tb, err)
	params := make([]float64, size)
	r := stream.New(stream.Key{Seed: 5, Purpose: stream.Init})
	for i := range params {
		params[i] = 0.1 * r.Normal()
	}
	t, err := New(Config{Model: m, Task: s.task(tb), Optimizer: o, Params: params, Batch: batch, Seed: 7, Workers: workers})
	require.NoError(tb, err)
	tb.Cleanup(t.Close)
	return t
}
