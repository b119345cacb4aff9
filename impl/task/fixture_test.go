package task

import (
	"math"
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// alpha of each test that compares frequencies: its false-alarm rate over
// fresh seeds. Seeds are fixed here, so a test that passed once passes always.
const falseAlarm = 1e-7

// bernstein bounds |mean - p| over n independent draws in [0, 1] with
// expectation p, for all of comparisons means at once, up to falseAlarm: by
// Bernstein's inequality with variance at most p(1-p), each of the two sides
// exceeds sqrt(2 p (1-p) l/n) + l/(3n) with probability at most exp(-l).
func bernstein(p float64, n, comparisons int) float64 {
	l := math.Log(2 * float64(comparisons) / falseAlarm)
	return math.Sqrt(2*p*(1-p)*l/float64(n)) + l/(3*float64(n))
}

func forest(t *testing.T, parents ...int) graph.Forest {
	t.Helper()
	f, err := graph.NewForest(parents)
	require.NoError(t, err)
	return f
}

func dag(t *testing.T, parents ...[]int) graph.DAG {
	t.Helper()
	g, err := graph.NewDAG(parents)
	require.NoError(t, err)
	return g
}

func newTask(t *testing.T, g graph.Graph, p markov.Prior) Task {
	t.Helper()
	made, err := New(g, p)
	require.NoError(t, err)
	return made
}

// draw samples n sequences from the stream of one seed.
func draw(task Task, n int, seed uint64) *Batch {
	b := NewBatch(n, task.SequenceLength(), task.Tokens())
	task.NewSampler().Sample(stream.New(stream.Key{Seed: seed, Purpose: stream.Test}), b)
	return b
}

// allSequences lists every sequence of length t over s tokens.
func allSequences(t, s int) [][]uint16 {
	all := [][]uint16{nil}
	for range t {
		var longer [][]uint16
		for _, prefix := range all {
			for v := range s {
				longer = append(longer, append(append([]uint16(nil), prefix...), uint16(v)))
			}
		}
		all = longer
	}
	return all
}

// cell is a sequence's place in allSequences.
func cell(tokens []uint16, s int) int {
	at := 0
	for _, v := range tokens {
		at = at*s + int(v)
	}
	return at
}

// requireFrequencies compares how often each sequence occurs with its
// probability.
func requireFrequencies(t *testing.T, b *Batch, law func(tokens []uint16) float64) {
	t.Helper()
	all := allSequences(b.T, b.S)
	counts, total := make([]int, len(all)), 0.0
	for n := range b.N {
		counts[cell(b.Sequence(n), b.S)]++
	}
	for c, tokens := range all {
		p := law(tokens)
		total += p
		require.LessOrEqual(t, math.Abs(float64(counts[c])/float64(b.N)-p), bernstein(p, b.N, len(all)),
			"sequence %v: %d of %d, probability %v", tokens, counts[c], b.N, p)
	}
	require.LessOrEqual(t, math.Abs(total-1), 1e-12, "the stated law is one: at most 100 roundings of 2^-53 each")
}
