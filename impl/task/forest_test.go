package task

import (
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// The joint law of all tokens says everything at once: roots from mu, children
// from their parent's row, the last token uniform and independent.
func TestForestSequencesHaveTheJointLaw(t *testing.T) {
	chain, err := markov.NewChain([][]float64{{0.7, 0.3}, {0.1, 0.9}}) // mu = (1/4, 3/4)
	require.NoError(t, err)
	mu := []float64{0.25, 0.75}
	for seed, parents := range [][]int{{-1, 0, 1}, {-1, 0, 0}, {-1, -1, 0, 1}, {-1, -1, 1}} {
		f := forest(t, parents...)
		b := draw(newTask(t, f, markov.Point{Chain: chain}), 60000, uint64(seed))
		requireFrequencies(t, b, func(tokens []uint16) float64 {
			p := 0.5 // the last token
			for i, parent := range parents {
				if parent == graph.Root {
					p *= mu[tokens[i]]
				} else {
					p *= chain.P(int(tokens[parent]), int(tokens[i]))
				}
			}
			return p
		})
	}
}

func TestForestTargetIsTheRowOfTheLastToken(t *testing.T) {
	task := newTask(t, forest(t, -1, 0, 1, 1), markov.Dirichlet{Size: 3, Alpha: 0.5})
	b := NewBatch(50, 5, 3).WithChains()
	task.NewSampler().Sample(stream.New(stream.Key{Seed: 5, Purpose: stream.Test}), b)
	for n := range b.N {
		chain, last := b.Chain(n), int(b.Sequence(n)[4])
		require.Equal(t, chain[last*3:(last+1)*3], b.Target(n))
		for a := range 3 { // rows are normalised by a division: 4 roundings
			row := chain[a*3 : (a+1)*3]
			require.NoError(t, close.Within(row[0]+row[1]+row[2], 1, 0, 1e-15))
		}
		if n > 0 {
			require.NotEqual(t, b.Chain(n-1), chain, "a fresh chain for every sequence")
		}
	}
	plain := draw(task, 50, 5)
	require.Equal(t, plain.Tokens, b.Tokens, "storing the chains draws nothing")
	require.Equal(t, plain.Targets, b.Targets)
}

func TestInvertCrossesAtTheCumulativeSums(t *testing.T) {
	cumulative := []float64{0, 0.25, 0.25, 1}
	for _, c := range []struct {
		u    float64
		want uint16
	}{{0, 1}, {0.24, 1}, {0.25, 3}, {0.5, 3}, {1 - 0x1p-53, 3}} {
		require.Equal(t, c.want, invert(c.u, cumulative), "u = %v", c.u)
	}
	// Rounding may leave the last sum below u: the last token takes the rest.
	require.EqualValues(t, 1, invert(1-0x1p-53, []float64{0.5, 1 - 0x1p-52}))
}
