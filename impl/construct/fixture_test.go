package construct

import (
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/task"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// randomDAG has two parents for most entries, one or none for the others, and
// two for entry 2 and the target.
func randomDAG(t testing.TB, length int, s *stream.Stream) graph.DAG {
	t.Helper()
	lists := make([][]int, length+1)
	for i := range lists {
		var earlier []int
		for p := range i {
			earlier = append(earlier, p)
		}
		s.Shuffle(earlier)
		arity := min(2, i)
		if i != 2 && i != length {
			arity = min(arity, s.IntN(4))
		}
		lists[i] = earlier[:arity]
	}
	g, err := graph.NewDAG(lists)
	require.NoError(t, err)
	return g
}

// randomForest has at least one edge.
func randomForest(t testing.TB, length int, s *stream.Stream) graph.Forest {
	t.Helper()
	for {
		f, err := graph.Random(length, 0.4, s)
		require.NoError(t, err)
		if len(f.Edges()) > 0 {
			return f
		}
	}
}

// randomBatch has uniform tokens, so that few tokens and short sequences meet
// every case: no match, root rows of one token, several matches.
func randomBatch(n, length, tokens int, s *stream.Stream) *task.Batch {
	b := task.NewBatch(n, length, tokens)
	for i := range b.Tokens {
		b.Tokens[i] = uint16(s.IntN(tokens))
	}
	for i := range b.Targets {
		b.Targets[i] = 1 / float64(tokens)
	}
	return b
}

func dirichletTask(t testing.TB, g graph.Graph, tokens int, alpha float64) task.Task {
	t.Helper()
	made, err := task.New(g, markov.Dirichlet{Size: tokens, Alpha: alpha})
	require.NoError(t, err)
	return made
}

// run is the construction's frequencies q on a batch, by the real model.
func run(b Built, batch *task.Batch) []float64 {
	pass := b.Model.NewPass()
	pass.Bind(b.Params)
	f, q := make([]float64, batch.N*batch.S), make([]float64, batch.N*batch.S)
	pass.NewWorker().Predict(batch, f)
	for at := 0; at < len(f); at += batch.S {
		b.frequencies(f[at:at+batch.S], q[at:at+batch.S])
	}
	return q
}

func lawStream(seed uint64) *stream.Stream {
	return stream.New(stream.Key{Seed: seed, Purpose: stream.Law})
}
