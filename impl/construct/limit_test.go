package construct

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/measure"
	"causalgrad/theory/close"
	"causalgrad/theory/detmath"
	"causalgrad/theory/graph"
)

// sample is one construction with the graph that it was built from.
type sample struct {
	name  string
	graph graph.Graph
	built Built
}

// everyConstruction builds all of a random forest and of a random DAG.
func everyConstruction(t *testing.T, tokens, length int, seed uint64, s Settings) []sample {
	t.Helper()
	random := lawStream(seed)
	forest, dag := randomForest(t, length, random), randomDAG(t, length, random)
	var all []sample
	for _, c := range []struct {
		kind  string
		graph graph.Graph
		roots []Roots
	}{
		{"reduced", forest, []Roots{RootsUniform, RootsSink}},
		{"disentangled", forest, []Roots{RootsUniform, RootsSink, RootsMasked}},
		{"disentangled", dag, []Roots{RootsUniform, RootsSink, RootsMasked}},
	} {
		for _, s.Roots = range c.roots {
			b, err := Build(c.kind, c.graph, tokens, s)
			require.NoError(t, err)
			all = append(all, sample{fmt.Sprintf("seed %d, %s, %v, roots %v", seed, c.kind, c.graph, s.Roots), c.graph, b})
		}
	}
	return all
}

// fraction is a score num/den, compared without rounding.
type fraction struct{ num, den int }

func (a fraction) compare(b fraction) int { return a.num*b.den - b.num*a.den }

// countedLimit is the limit of one sequence from the graph's own lists, in
// integers: the oracle of Built.Limit.
func countedLimit(g graph.Graph, roots Roots, tokens []uint16, size int) []float64 {
	parentsOf, target := func(i int) []int { return nil }, []int{len(tokens) - 1}
	switch g := g.(type) {
	case graph.Forest:
		parentsOf = func(i int) []int {
			if i == len(tokens)-1 || g.Parent(i) == graph.Root {
				return nil
			}
			return []int{g.Parent(i)}
		}
	case graph.DAG:
		target = g.Target()
		parentsOf = func(i int) []int {
			if i == len(tokens)-1 || len(g.Parents(i)) != len(target) {
				return nil
			}
			return g.Parents(i)
		}
	}
	_, isDAG := g.(graph.DAG)
	best, counts := fraction{-1, 1}, make([]float64, size)
	for i := range tokens {
		score, parents := fraction{0, 1}, parentsOf(i)
		switch {
		case parents != nil:
			for j, p := range parents {
				if tokens[p] == tokens[target[j]] {
					score.num++
				}
			}
		case roots == RootsMasked:
			continue
		case isDAG && i == len(tokens)-1:
			score.num = len(target)
		default:
			upTo := i
			if roots == RootsSink {
				upTo = 0
			}
			score.den = upTo + 1
			for _, p := range target {
				for l := 0; l <= upTo; l++ {
					if tokens[l] == tokens[p] {
						score.num++
					}
				}
			}
		}
		if c := score.compare(best); c > 0 {
			best = score
			clear(counts)
			counts[tokens[i]]++
		} else if c == 0 {
			counts[tokens[i]]++
		}
	}
	total := 0.0
	for _, c := range counts {
		total += c
	}
	for v := range counts {
		counts[v] /= total
	}
	return counts
}

// TestModelsReachTheCountedLimit: the real models at B = 60, beta = 2e4 against
// integers. Scores that differ do so by at least 1/(T(T-1)) = 1/30 (fractions
// with denominators up to T = 6), so by 666 after beta: attention off the
// limit's positions is below T e^-666. A row keeps all but T e^-60 < 1e-25 on its
// parent; equal scores differ by roundings of sums of T terms, below
// beta*2T*2^-53 < 3e-11, and by as much, relatively, the weights. Reading q back
// through log costs 1e-14 more (see TestFrequenciesReadBack).
func TestModelsReachTheCountedLimit(t *testing.T) {
	const tokens, length, tolerance = 3, 6, 1e-10
	for seed := range uint64(12) {
		batch := randomBatch(60, length, tokens, lawStream(100+seed))
		for _, c := range everyConstruction(t, tokens, length, seed, Settings{B: 60, Beta: 2e4}) {
			limit := make([]float64, batch.N*tokens)
			c.built.Limit(batch, limit)
			var want []float64
			for n := range batch.N {
				want = append(want, countedLimit(c.graph, c.built.Settings.Roots, batch.Sequence(n), tokens)...)
			}
			require.NoError(t, close.AllWithin(limit, want, 0, 0), c.name) // the same quotients
			require.NoError(t, close.AllWithin(run(c.built, batch), want, 0, tolerance), c.name)
		}
	}
}

// TestMaskedLimitIsTheCountEstimator: bit for bit where something is counted.
// In a DAG the last position is taken from the estimator too.
func TestMaskedLimitIsTheCountEstimator(t *testing.T) {
	const tokens, length = 3, 9
	compared, unmatched := 0, 0
	for seed := range uint64(6) {
		batch := randomBatch(100, length, tokens, lawStream(200+seed))
		for _, c := range everyConstruction(t, tokens, length, seed, Settings{Roots: RootsMasked}) {
			if c.built.Settings.Roots != RootsMasked {
				continue
			}
			counted := c.graph
			if g, ok := counted.(graph.DAG); ok {
				counted = withoutLastParents(t, g)
			}
			limit, count := make([]float64, batch.N*tokens), make([]float64, batch.N*tokens)
			c.built.Limit(batch, limit)
			dirichletTask(t, counted, tokens, 1).CountEstimate(batch, 0, count)
			for n := range batch.N {
				if math.IsNaN(count[n*tokens]) {
					unmatched++
					continue
				}
				compared++
				require.Equal(t, count[n*tokens:(n+1)*tokens], limit[n*tokens:(n+1)*tokens], c.name)
			}
		}
	}
	require.Greater(t, compared, 500)
	require.Greater(t, unmatched, 10)
}

// withoutLastParents makes position T-1 parentless, so that it counts for nothing.
func withoutLastParents(t *testing.T, g graph.DAG) graph.DAG {
	t.Helper()
	var lists [][]int
	for i := range g.SequenceLength() + 1 {
		lists = append(lists, g.Parents(i))
	}
	lists[g.SequenceLength()-1] = nil
	silent, err := graph.NewDAG(lists)
	require.NoError(t, err)
	return silent
}

// TestRootRowsAddCountsOfTheLastToken is the closed form of what uniform root
// rows contribute: with c counts over M matches and r silent rows whose
// tokens so far all equal s_T, the limit is (c + r e_{s_T}) / (M + r).
func TestRootRowsAddCountsOfTheLastToken(t *testing.T) {
	const tokens, length = 2, 7
	random := lawStream(3)
	met := 0
	for range 20 {
		f := randomForest(t, length, random)
		b, err := Reduced(f, tokens, Settings{B: 60, Beta: 60})
		require.NoError(t, err)
		batch := randomBatch(50, length, tokens, random)
		got := make([]float64, batch.N*tokens)
		b.Limit(batch, got)
		for n := range batch.N {
			x := batch.Sequence(n)
			last := x[length-1]
			counts, members := make([]float64, tokens), 0.0
			for _, e := range f.Edges() {
				if x[e.Parent] == last {
					counts[x[e.Child]]++
					members++
				}
			}
			for i := range x {
				if x[i] != last {
					break // no later row sees s_T alone
				}
				if i == length-1 || f.Parent(i) == graph.Root {
					counts[last]++
					members++
				}
			}
			if members == 0 {
				continue // the best fraction: TestModelsReachTheCountedLimit
			}
			met++
			for v := range counts {
				counts[v] /= members
			}
			require.Equal(t, counts, got[n*tokens:(n+1)*tokens])
		}
	}
	require.Greater(t, met, 500)
}

// TestBoundHolds: the real models stay within Bound of Limit, at settings where
// it is far from both 0 and 1. 1e-12 is for rounding: scores up to 60, their
// exponentials to 60*2^-52 relatively, sums of 12 terms, and q read back.
func TestBoundHolds(t *testing.T) {
	const tokens, length = 3, 12
	informative, tightest := 0, 0.0
	for seed := range uint64(4) {
		batch := randomBatch(40, length, tokens, lawStream(300+seed))
		limit := make([]float64, batch.N*tokens)
		for _, s := range []Settings{{B: 4, Beta: 1}, {B: 6, Beta: 3}, {B: 10, Beta: 6}, {B: 20, Beta: 9}} {
			for _, c := range everyConstruction(t, tokens, length, seed, s) {
				if c.built.Settings.Roots != RootsMasked {
					require.Equal(t, 1.0, c.built.Bound(3))
					continue
				}
				q := run(c.built, batch)
				c.built.Limit(batch, limit)
				for n := range batch.N {
					at := n * tokens
					bound := c.built.Bound(matches(c.built.context, batch.Sequence(n)))
					far := measure.SupDistance(q[at:at+tokens], limit[at:at+tokens])
					require.LessOrEqual(t, far, bound+1e-12, "%s, %v", c.name, s)
					if bound < 0.2 {
						informative++
						tightest = math.Max(tightest, far/bound)
					}
				}
			}
		}
	}
	require.Greater(t, informative, 200)
	// A bound that is too large by a factor would pass the above; here the worst
	// sequence must come within a factor 3 of it.
	require.Greater(t, tightest, 1.0/3)
}

// matches counts the positions that agree in all parents.
func matches(c context, tokens []uint16) int {
	m := 0
	for _, parents := range c.parents {
		agree := parents != nil
		for j, p := range parents {
			agree = agree && tokens[p] == tokens[c.target[j]]
		}
		if agree {
			m++
		}
	}
	return m
}

// TestFiniteBetaIsAPseudoCount: at B = infinity the reduced model on a chain is
// (c + e^-beta u) / (M + e^-beta U) with the root's and the last row's own
// weights beside, for which e^(beta (fraction - 1)) stands.
func TestFiniteBetaIsAPseudoCount(t *testing.T) {
	const tokens, length = 3, 10
	chain, err := graph.Chain(length)
	require.NoError(t, err)
	batch := randomBatch(50, length, tokens, lawStream(5))
	for _, beta := range []float64{0.5, 2, 4} {
		b, err := Reduced(chain, tokens, Settings{B: 60, Beta: beta})
		require.NoError(t, err)
		q := run(b, batch)
		for n := range batch.N {
			x := batch.Sequence(n)
			last, seen := x[length-1], 0.0
			for _, v := range x {
				if v == last {
					seen++
				}
			}
			want, sum := make([]float64, tokens), 0.0
			count := func(v uint16, score float64) {
				w := detmath.Exp(beta * (score - 1))
				want[v] += w
				sum += w
			}
			same := map[bool]float64{true: 1}
			count(x[0], same[x[0] == last])
			for i := 1; i < length-1; i++ {
				count(x[i], same[x[i-1] == last])
			}
			count(last, seen/length)
			for v := range want {
				want[v] /= sum
			}
			// Ten exponentials of scores below 4, each to 4 ulps, and sums of ten.
			require.NoError(t, close.AllWithin(q[n*tokens:(n+1)*tokens], want, 0, 40*0x1p-53))
		}
	}
}

func TestBalancedBeta(t *testing.T) {
	// e^-beta T = S alpha, with one rounding of exp and one of log.
	require.NoError(t, close.Within(20*detmath.Exp(-BalancedBeta(20, 10, 0.1)), 1, 8*0x1p-53, 0))
	require.Zero(t, BalancedBeta(20, 10, 3))
}
