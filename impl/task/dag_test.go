package task

import (
	"fmt"
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
)

// tinyDAG has arities 0, 1 and 2, and contexts that can repeat in both.
func tinyDAG(t *testing.T) graph.DAG {
	return dag(t, nil, []int{0}, []int{1, 0}, []int{1, 2}, []int{2}, []int{4, 3})
}

// urn is the probability of token v after parents in a sequence whose entries
// before i are known: rows of pi_k are independent Dirichlet(alpha), so earlier
// uses of the same row enter as in Polya's urn, by the integral of the row.
func urn(g graph.DAG, tokens []uint16, i int, v uint16, s int, alpha float64) float64 {
	parents := g.Parents(i)
	if len(parents) == 0 {
		return 1 / float64(s)
	}
	context := func(j int) string {
		key := fmt.Sprint(len(g.Parents(j)))
		for _, p := range g.Parents(j) {
			key += fmt.Sprint(",", tokens[p])
		}
		return key
	}
	same, total := alpha, alpha*float64(s)
	for j := range i {
		if context(j) == context(i) {
			total++
			if tokens[j] == v {
				same++
			}
		}
	}
	return same / total
}

func TestDAGSequencesHaveTheJointLaw(t *testing.T) {
	const s, alpha = 2, 0.5
	g := tinyDAG(t)
	b := draw(newTask(t, g, markov.Dirichlet{Size: s, Alpha: alpha}), 100000, 3)
	requireFrequencies(t, b, func(tokens []uint16) float64 {
		p := 1.0
		for i := range tokens {
			p *= urn(g, tokens, i, tokens[i], s, alpha)
		}
		return p
	})
}

// The target's mean given the tokens is the urn's next draw: the target uses
// the row that the sequence itself used, or a fresh one when it used none.
func TestDAGTargetSharesTheSequencesRows(t *testing.T) {
	const s, alpha = 2, 0.5
	g := tinyDAG(t)
	b := draw(newTask(t, g, markov.Dirichlet{Size: s, Alpha: alpha}), 100000, 4)
	all := allSequences(b.T, s)
	sum, count := make([]float64, len(all)), make([]int, len(all))
	for n := range b.N {
		c := cell(b.Sequence(n), s)
		sum[c] += b.Target(n)[1]
		count[c]++
	}
	for c, tokens := range all {
		require.Greater(t, count[c], 100, "sequence %v", tokens)
		want := urn(g, tokens, len(tokens), 1, s, alpha)
		require.LessOrEqual(t, abs(sum[c]/float64(count[c])-want), bernstein(want, count[c], len(all)), "sequence %v", tokens)
	}
}

func abs(v float64) float64 { return max(v, -v) }

func TestSingleParentEstimateSeesOneSlot(t *testing.T) {
	g := dag(t, nil, nil, []int{0, 1}, []int{0, 2}, []int{0}, []int{2, 4})
	b := NewBatch(1, 5, 2)
	copy(b.Tokens, []uint16{1, 0, 1, 0, 0})
	// The target's context is (s_2, s_4) = (1, 0). Slot 0: positions 2 and 3 have
	// s_0 = 1 and agree: s_2 = 1 and s_3 = 0 count. Slot 1: position 2 has s_1 = 0
	// and agrees, position 3 has s_2 = 1: s_2 = 1 counts. Position 4 has another
	// arity.
	out := make([]float64, 2)
	require.NoError(t, SingleParentEstimate(g, 0, b, 0.5, out))
	require.Equal(t, []float64{1.5 / 3, 1.5 / 3}, out)
	require.NoError(t, SingleParentEstimate(g, 1, b, 0.5, out))
	require.Equal(t, []float64{0.5 / 2, 1.5 / 2}, out)
	for _, slot := range []int{-1, 2} {
		require.EqualError(t, SingleParentEstimate(g, slot, b, 0.5, out), fmt.Sprintf("parent slot = %d, want 0 to 1", slot))
	}
}
