package props

import (
	"fmt"
	"math"

	"causalgrad/props/oracle"
	"causalgrad/theory/graph"
	"pgregory.net/rapid"
)

func forestSampleLaws() []Law {
	return []Law{
		{ID: "sample-marginals", Source: section("1"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 6,
			Sentence: "Every prefix position has the stationary distribution.", Check: sampleMarginals},
		{ID: "sample-edges", Source: section("1"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 6,
			Sentence: "Parent and child have the joint distribution mu[a] pi[a][b].", Check: sampleEdges},
		{ID: "sample-pairs", Source: section("3, fact 6"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 6,
			Sentence: "Any two positions have the joint distribution that their common ancestor gives them.", Check: samplePairs},
		{ID: "sample-trees", Source: section("3, fact 3"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 6,
			Sentence: "Positions of different trees are independent.", Check: sampleTrees},
		{ID: "sample-sequences", Small: true, Source: section("1"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 6,
			Sentence: "A whole prefix has the product of its root and edge probabilities.", Check: sampleSequences},
		{ID: "sample-transitions", Source: section("1"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 4,
			Sentence: "What follows token a has the distribution pi[a], over all edges.", Check: sampleTransitions},
		{ID: "sample-token-counts", Source: section("5, effective length"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 4,
			Sentence: "The token counts of a prefix vary by no more than the effective length allows.", Check: sampleTokenCounts},
	}
}

func sampleMarginals(t *rapid.T, s Subject) {
	k := sampleForest(t, s, drawForest(t, 3, 8).Forest, drawChain(t, 2, 4), 20000)
	for i := range k.f.Positions() {
		counts := k.tokenCounts(k.S, func(x []uint16) int { return int(x[i]) })
		counted(t, k.question, func(v int) string { return fmt.Sprintf("P(s_%d = %d)", i, v) },
			counts, k.N, k.chain.Stationary(), sampleAlarm/float64(k.f.Positions()))
	}
}

// pair tests the joint distribution of two positions, k before i.
func (k sampled) pair(t *rapid.T, first, second int, joint [][]float64, alarm float64) {
	counts := k.tokenCounts(k.S*k.S, func(x []uint16) int { return int(x[first])*k.S + int(x[second]) })
	flat := make([]float64, 0, k.S*k.S)
	for _, row := range joint {
		flat = append(flat, row...)
	}
	counted(t, k.question, func(cell int) string {
		return fmt.Sprintf("P(s_%d = %d, s_%d = %d)", first, cell/k.S, second, cell%k.S)
	}, counts, k.N, flat, alarm)
}

func sampleEdges(t *rapid.T, s Subject) {
	k := sampleForest(t, s, drawConnected(t, 3, 8).Forest, drawChain(t, 2, 4), 20000)
	for _, e := range k.f.Edges() {
		k.pair(t, e.Parent, e.Child, oracle.EdgeJoint(k.chain, k.chain.Stationary()), sampleAlarm/float64(len(k.f.Edges())))
	}
}

func samplePairs(t *rapid.T, s Subject) {
	k := sampleForest(t, s, drawForest(t, 3, 7).Forest, drawChain(t, 2, 4), 20000)
	n := k.f.Positions()
	for i := range n {
		for j := range i {
			k.pair(t, j, i, oracle.Joint(k.f, k.chain, j, i), sampleAlarm/float64(n*(n-1)/2))
		}
	}
}

func sampleTrees(t *rapid.T, s Subject) {
	k := sampleForest(t, s, drawForest(t, 3, 8).Forest, drawChain(t, 2, 4), 20000)
	n := k.f.Positions()
	for i := range n {
		for j := range i {
			if _, related := k.f.Distance(i, j); !related {
				k.pair(t, j, i, oracle.Joint(k.f, k.chain, j, i), sampleAlarm/float64(n*(n-1)/2))
			}
		}
	}
}

// sampleSequences compares all S^(T-1) prefixes.
func sampleSequences(t *rapid.T, s Subject) {
	tokens := drawTokens(t, 2, 3)
	k := sampleForest(t, s, drawForest(t, 3, 8-tokens).Forest, drawChain(t, tokens, tokens), 30000)
	code := func(tokens []int) (code int) {
		for _, v := range tokens[:k.f.Positions()] {
			code = code*k.S + v
		}
		return code
	}
	cells := int(math.Round(math.Pow(float64(k.S), float64(k.f.Positions()))))
	probability := make([]float64, cells)
	oracle.ForEachSequence(k.f, k.chain, func(tokens []int, p float64) { probability[code(tokens)] = p })
	counts := k.tokenCounts(cells, func(x []uint16) int {
		prefix := make([]int, len(x))
		for i, v := range x {
			prefix[i] = int(v)
		}
		return code(prefix)
	})
	counted(t, k.question, func(cell int) string { return fmt.Sprintf("P(prefix number %d in base %d)", cell, k.S) },
		counts, k.N, probability, sampleAlarm)
}

// sampleTransitions pools all edges. In the order of drawing, the children of
// the first m parents that carry a are independent draws of pi[a], if m is
// fixed in advance; m is a part of the expected number, and a row that falls
// short of it is not tested.
func sampleTransitions(t *rapid.T, s Subject) {
	f := drawConnected(t, 12, 20)
	k := sampleForest(t, s, f.Forest, drawChain(t, 2, 3), 20000)
	edges := k.f.Edges()
	for a, mu := range k.chain.Stationary() {
		m := int(0.9 * mu * float64(k.N*len(edges)))
		counts, seen := make([]int, k.S), 0
		for n := range k.N {
			x := k.Sequence(n)
			for _, e := range edges {
				if int(x[e.Parent]) == a && seen < m {
					seen++
					counts[x[e.Child]]++
				}
			}
		}
		if seen == m && m > 0 {
			counted(t, k.question, func(b int) string { return fmt.Sprintf("P(%d after %d)", b, a) },
				counts, m, k.chain.Row(a), sampleAlarm/float64(k.S))
		}
	}
}

// sampleTokenCounts: the number N_s of tokens s in a prefix of n positions has
// Var(N_s/n) = mu (1-mu) / T_eff at most. The mean of (N_s/n - mu)^2, each at
// most 1, over N sequences exceeds its expectation v by more than Bernstein's
// bound with variance v with probability sampleAlarm at most.
func sampleTokenCounts(t *rapid.T, s Subject) {
	f := drawForest(t, 8, 16)
	k := sampleForest(t, s, f.Forest, drawChain(t, 2, 3), 10000)
	positions := float64(k.f.Positions())
	rho := oracle.MaximalCorrelation(oracle.EdgeJoint(k.chain, k.chain.Stationary()), k.chain.Stationary())
	overlap := 0.0
	for i := range k.f.Positions() {
		for j := range k.f.Positions() {
			if d, related := k.f.Distance(i, j); related {
				overlap += math.Pow(rho, float64(d))
			}
		}
	}
	for v, mu := range k.chain.Stationary() {
		var spread balance
		limit := mu * (1 - mu) * overlap / (positions * positions)
		for n := range k.N {
			count := 0
			for _, token := range k.Sequence(n)[:k.f.Positions()] {
				if int(token) == v {
					count++
				}
			}
			off := float64(count)/positions - mu
			spread.add(off*off-limit, limit)
		}
		l := math.Log(1 / (sampleAlarm / float64(k.S)))
		atMost(t, k.question, fmt.Sprintf("sum of (share of token %d - mu)^2 over its limit", v), spread.sum, 0,
			l/3+math.Sqrt(l*l/9+2*spread.variance*l))
	}
}

// rootsOf lists the roots of a forest.
func rootsOf(f graph.Forest) []int {
	var roots []int
	for i := range f.Positions() {
		if f.Parent(i) == graph.Root {
			roots = append(roots, i)
		}
	}
	return roots
}
