package chisq

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

type instance struct {
	forest graph.Forest
	chain  *markov.Chain
}

func drawInstance(t *rapid.T) instance {
	key := stream.Key{Seed: rapid.Uint64().Draw(t, "seed"), Purpose: stream.Law}
	s := stream.New(key)
	f, err := graph.Random(rapid.IntRange(3, 9).Draw(t, "length"), 0.3, s)
	require.NoError(t, err)
	tokens := rapid.IntRange(2, 4).Draw(t, "tokens")
	rows := make([][]float64, tokens)
	for a := range rows {
		rows[a] = make([]float64, tokens)
		s.Dirichlet(rapid.SampledFrom([]float64{0.5, 1, 3}).Draw(t, "alpha"), rows[a])
	}
	c, err := markov.NewChain(rows)
	require.NoError(t, err)
	return instance{f, c}
}

// jointByEnumeration is P(s_k = a, s_i = b) summed over all S^(T-1) prefixes.
func jointByEnumeration(in instance, i, k int) []float64 {
	s, n := in.chain.Tokens(), in.forest.Positions()
	joint := make([]float64, s*s)
	tokens := make([]int, n)
	var walk func(at int, p float64)
	walk = func(at int, p float64) {
		if at == n {
			joint[tokens[k]*s+tokens[i]] += p
			return
		}
		for v := range s {
			q := in.chain.Stationary()[v]
			if parent := in.forest.Parent(at); parent != graph.Root {
				q = in.chain.P(tokens[parent], v)
			}
			tokens[at] = v
			walk(at+1, p*q)
		}
	}
	walk(0, 1)
	return joint
}

func TestMatricesAgainstEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t)
		if in.chain.Tokens() > 2 && in.forest.Positions() > 6 {
			return // 3^8 prefixes for each pair is slow and shows nothing new
		}
		m := Compute(in.forest, in.chain)
		i := rapid.IntRange(0, in.forest.Positions()-1).Draw(t, "i")
		k := rapid.IntRange(0, i).Draw(t, "k")
		s, mu := in.chain.Tokens(), in.chain.Stationary()
		joint := jointByEnumeration(in, i, k)
		information, signal, scale := -1.0, 0.0, 1.0
		for a := range s {
			for b := range s {
				information += joint[a*s+b] * joint[a*s+b] / (mu[a] * mu[b])
				signal += in.chain.P(a, b) / mu[b] * (joint[a*s+b] - mu[a]*mu[b])
				scale = math.Max(scale, 1/mu[b])
			}
		}
		// The enumeration adds at most 4^4 or 2^8 rounded products of up to 8
		// factors, divided by mu: 256*10 units of rounding times max 1/mu.
		tolerance := 2560 * 0x1p-53 * scale
		of := fmt.Sprintf("of positions %d and %d in %v with the chain %v", i, k, in.forest, in.chain.Rows())
		require.NoError(t, close.Within(m.Information[i][k], information, 0, tolerance*scale), "chi-square information %s", of)
		require.NoError(t, close.Within(m.Signal[i][k], signal, 0, tolerance*scale), "signal %s", of)
	})
}

func TestOfficialExamples(t *testing.T) {
	data, err := os.ReadFile("../../golden/reference/gradient_examples.json")
	require.NoError(t, err)
	var examples []struct {
		Parents      []int
		Chain        [][]float64
		Signal, Chi2 [][]float64
	}
	require.NoError(t, json.Unmarshal(data, &examples))
	require.NotEmpty(t, examples)
	for _, e := range examples {
		f, err := graph.NewForest(e.Parents)
		require.NoError(t, err)
		c, err := markov.NewChain(e.Chain)
		require.NoError(t, err)
		m := Compute(f, c)
		for i := range e.Signal {
			// Both sides are a few dozen operations on numbers of order 1, the
			// reference with cancellation: 1e-14 is about 50 units of rounding.
			require.NoError(t, close.AllWithin(m.Signal[i], e.Signal[i], 1e-12, 1e-14), "signal of position %d in %v", i, f)
			require.NoError(t, close.AllWithin(m.Information[i], e.Chi2[i], 1e-12, 1e-14), "information of position %d in %v", i, f)
		}
	}
}

func TestMarginsByHand(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 0})
	require.NoError(t, err)
	matrix := [][]float64{{9, 0, 0}, {2, 3, 0}, {1, 4, 2}}
	without := Margins(f, matrix, false)
	require.Equal(t, Margin{Child: 1, Competitor: graph.Root, Value: math.Inf(1)}, without[0])
	require.Equal(t, Margin{Child: 2, Argmax: 1, Competitor: 1, Value: -3}, without[1])
	with := Margins(f, matrix, true)
	require.Equal(t, Margin{Child: 1, Argmax: 1, Competitor: 1, Value: -1}, with[0])
	require.Equal(t, without[1], with[1])
}

// Of equal entries the first competitor and the parent itself are taken.
func TestMarginsOfEqualEntries(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 1, 1})
	require.NoError(t, err)
	matrix := [][]float64{{9}, {2, 2}, {1, 1, 1}, {3, 4, 3, 0}}
	require.Equal(t, []Margin{
		{Child: 1, Parent: 0, Argmax: 0, Competitor: 1},
		{Child: 2, Parent: 1, Argmax: 1, Competitor: 0},
		{Child: 3, Parent: 1, Argmax: 1, Competitor: 0, Value: 1},
	}, Margins(f, matrix, true))
}

// Fact 1: between parent and child the signal is the information; both are the
// squared norm of the kernel itself, to the last bit.
func TestSignalOfAParentIsItsInformation(t *testing.T) {
	c, err := markov.NewChain([][]float64{{0.5, 0.3, 0.2}, {0.1, 0.2, 0.7}, {0.25, 0.35, 0.4}})
	require.NoError(t, err)
	k := NewKernel(c)
	require.Equal(t, k.Information(0, 1), k.Signal(0, 1), "information and signal of parent and child")
}

func TestSelfEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t)
		m := Compute(in.forest, in.chain)
		s := float64(in.chain.Tokens())
		// Fact 2: a trace of S entries below 1 and S-1; a few units of rounding each.
		require.NoError(t, close.Within(m.Signal[0][0], in.chain.Trace()-1, 0, 20*s*0x1p-53), "signal of position 0 on itself, with the chain %v", in.chain.Rows())
		require.NoError(t, close.Within(m.Information[0][0], s-1, 0, 20*s*s*0x1p-53), "information of position 0 on itself, with the chain %v", in.chain.Rows())
	})
}
