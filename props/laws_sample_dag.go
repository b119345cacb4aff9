package props

import (
	"fmt"
	"strconv"

	"causalgrad/impl/task"
	"causalgrad/props/gen"
	"causalgrad/props/oracle"
	"causalgrad/theory/graph"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

func dagSampleLaws() []Law {
	return []Law{
		{ID: "sample-dag-roots", Source: section("1, causal DAG"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 4,
			Sentence: "Positions without parents are uniform and independent.", Check: dagRoots},
		{ID: "sample-dag-target-beta", Source: section("1, causal DAG"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 4,
			Sentence: "The target of a DAG whose parents are all roots is a Dirichlet row.", Check: dagTargetBeta},
		{ID: "sample-dag-same-context", Source: section("1, causal DAG"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 6,
			Sentence: "A position whose parents carry the target's context, in order, follows the target's row.", Check: dagSameContext},
		{ID: "sample-dag-other-context", Source: section("1, causal DAG"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 6,
			Sentence: "A position with another context or arity is independent of the target's row.", Check: dagOtherContext},
		{ID: "sample-dag-one-row-a-context", Source: section("1, causal DAG"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 6,
			Sentence: "Two positions agree with probability (alpha+1)/(S alpha+1) in the same context and 1/S in different ones.",
			Check:    dagAgreement},
	}
}

// dagSpec describes the task of a DAG with a Dirichlet prior.
func dagSpec(g graph.DAG, tokens int, alpha float64) task.Spec {
	parents := make([][]int, g.SequenceLength()+1)
	for i := range parents {
		parents[i] = append([]int{}, g.Parents(i)...)
	}
	return task.Spec{Tokens: tokens, Length: g.SequenceLength(), DAG: parents, Alpha: alpha}
}

// twoLayers is a sample of a DAG in which all parents are roots, so that
// contexts are fixed before any row is used: then the rows of different
// contexts are independent given the roots, and nothing is selected by what a
// row has produced.
type twoLayers struct {
	sampled
	dag   graph.DAG
	alpha float64
}

func drawTwoLayers(t *rapid.T, s Subject, n int) twoLayers {
	tokens, alpha := drawPrior(t)
	needsGraph(t, "dag")
	least, most := lengthRange(t, 4, 9)
	g := gen.TwoLayers(least, most, maxParents(t, 2)).Draw(t, "dag")
	tabulate(t, "dag", "two layers")
	return twoLayers{sampleTask(t, s, dagSpec(g, tokens, alpha), n), g, alpha}
}

// sameContext reports whether two entries have the same arity and their
// parents the same tokens, in order.
func (k twoLayers) sameContext(n, i, j int) bool {
	a, b := k.dag.Parents(i), k.dag.Parents(j)
	if len(a) != len(b) {
		return false
	}
	for slot := range a {
		if k.Sequence(n)[a[slot]] != k.Sequence(n)[b[slot]] {
			return false
		}
	}
	return true
}

// children lists the positions with parents.
func (k twoLayers) children() []int {
	var all []int
	for i := range k.T {
		if len(k.dag.Parents(i)) > 0 {
			all = append(all, i)
		}
	}
	return all
}

func dagRoots(t *rapid.T, s Subject) {
	tokens, alpha := drawPrior(t)
	g := drawDAG(t, 4, 8, 2)
	var roots []int
	for i := range g.SequenceLength() {
		if len(g.Parents(i)) == 0 {
			roots = append(roots, i)
		}
	}
	if len(roots) == 1 {
		leaveOut(t, noClaim, "one root cannot depend on another")
	}
	k := sampleTask(t, s, dagSpec(g.DAG, tokens, alpha), 20000)
	even := make([]float64, tokens)
	joint := make([][]float64, tokens)
	for v := range even {
		even[v] = 1 / float64(tokens)
		for range tokens {
			joint[v] = append(joint[v], 1/float64(tokens*tokens))
		}
	}
	alarm := sampleAlarm / float64(len(roots)*len(roots)+1)
	for at, i := range roots {
		counts := k.tokenCounts(tokens, func(x []uint16) int { return int(x[i]) })
		counted(t, k.question, func(v int) string { return fmt.Sprintf("P(s_%d = %d)", i, v) }, counts, k.N, even, alarm)
		for _, j := range roots[:at] {
			k.pair(t, j, i, joint, alarm)
		}
	}
}

// dagTargetBeta needs contexts that no row has chosen: where a token that a row
// produced leads back to the same row, the target is a row that is likelier to
// have produced it, and its distribution is not Dirichlet.
func dagTargetBeta(t *rapid.T, s Subject) {
	k := drawTwoLayers(t, s, 20000)
	v := rapid.IntRange(0, k.S-1).Draw(t, "token")
	values := make([]float64, k.N)
	for n := range k.N {
		distribution(t, k.question, "target "+strconv.Itoa(n), k.Target(n), k.S, 4*float64(k.S)*s.Roundoff())
		values[n] = k.Target(n)[v]
	}
	beta := distuv.Beta{Alpha: k.alpha, Beta: k.alpha * float64(k.S-1)}
	betaBins(t, k.question, fmt.Sprintf("y[%d]", v), values, beta, entrySlack(s, k.S), sampleAlarm)
}

// dagSameContext: given the roots and the row y, the tokens of the positions
// with y's context are independent draws of y.
func dagSameContext(t *rapid.T, s Subject) {
	k := drawTwoLayers(t, s, 20000)
	for v := range k.S {
		var off balance
		for n := range k.N {
			y := k.Target(n)[v]
			w := y - 1/float64(k.S)
			for _, i := range k.children() {
				if k.sameContext(n, i, k.T) {
					off.add(w*(oracle.Indicator(int(k.Sequence(n)[i]) == v)-y), w*w*y*(1-y))
				}
			}
		}
		off.zero(t, k.question, fmt.Sprintf("sum of (y_%d - 1/S) (1[s_i=%d] - y_%d) in the target's context", v, v, v), sampleAlarm/float64(k.S))
	}
}

// dagOtherContext: given the roots, a position with another context has a
// uniform token, whatever y is. Positions are tested one by one, since two of
// them may share a row.
func dagOtherContext(t *rapid.T, s Subject) {
	k := drawTwoLayers(t, s, 20000)
	even, children := 1/float64(k.S), k.children()
	for _, i := range children {
		for v := range k.S {
			var off balance
			for n := range k.N {
				if w := k.Target(n)[v] - even; !k.sameContext(n, i, k.T) {
					off.add(w*(oracle.Indicator(int(k.Sequence(n)[i]) == v)-even), w*w*even*(1-even))
				}
			}
			off.zero(t, k.question, fmt.Sprintf("sum of (y_%d - 1/S) (1[s_%d=%d] - 1/S) in other contexts", v, i, v),
				sampleAlarm/float64(len(children)*k.S))
		}
	}
}

func dagAgreement(t *rapid.T, s Subject) {
	k := drawTwoLayers(t, s, 20000)
	children := k.children()
	same := (k.alpha + 1) / (float64(k.S)*k.alpha + 1) // E sum_v y_v^2
	for at, i := range children {
		for _, j := range children[:at] {
			var off balance
			for n := range k.N {
				p := 1 / float64(k.S)
				if k.sameContext(n, i, j) {
					p = same
				}
				off.add(oracle.Indicator(k.Sequence(n)[i] == k.Sequence(n)[j])-p, p*(1-p))
			}
			off.zero(t, k.question, fmt.Sprintf("how often s_%d = s_%d", j, i), sampleAlarm/float64(len(children)*len(children)))
		}
	}
}
