package fault

import (
	"causalgrad/impl/task"
	"causalgrad/theory/graph"
)

var (
	estimateRootWrapped = mistake(inEstimate, "estimate-root-wrapped",
		"the count estimator looks a root's parent up at index -1, the last prefix position, and counts the root", "estimate-no-wrapped-root")
	estimateWithoutAlpha = mistake(inEstimate, "estimate-without-alpha",
		"the count estimator adds no alpha", "estimate-counts")
	estimateAlphaDivided = mistake(inEstimate, "estimate-alpha-divided",
		"the count estimator adds alpha/S", "estimate-counts")
	estimateByLength = mistake(inEstimate, "estimate-divided-by-length",
		"the counts are divided by the sequence length instead of their sum", "estimate-counts")
	estimateShifted = mistake(inEstimate, "estimate-off-by-one",
		"the token after the child is counted", "estimate-counts")
	estimateLastMissed = mistake(inEstimate, "estimate-last-position-missed",
		"the count estimator's loop stops one early: the last position that could count is left out", "estimate-counts")
	estimateAnyArity = mistake(inEstimate, "estimate-any-arity",
		"positions of another arity than the target's are counted", "estimate-counts")
	estimateAnyParent = mistake(inEstimate, "estimate-any-parent",
		"one agreeing parent is enough to count a position", "estimate-counts")
	estimateStale = mistake(inEstimate, "estimate-stale-counts",
		"the counts are not cleared between sequences", "estimate-counts")
)

func (p *plain) CountEstimate(t task.Spec, b *task.Batch, alpha float64) ([]float64, error) {
	switch p.makes {
	case estimateAlphaDivided:
		alpha /= float64(b.S)
	case estimateWithoutAlpha:
		alpha = 1e-9
	}
	out := make([]float64, b.N*b.S)
	counts := make([]float64, b.S)
	for n := range b.N {
		if p.makes != estimateStale {
			clear(counts)
		}
		tokens := b.Sequence(n)
		for i := range tokens {
			if !p.agrees(t, tokens, i) {
				continue
			}
			at := i
			if p.makes == estimateShifted {
				at = min(i+1, len(tokens)-1)
			}
			counts[tokens[at]]++
		}
		row := out[n*b.S : (n+1)*b.S]
		for v, c := range counts {
			row[v] = c + alpha
		}
		sum := total(row)
		if p.makes == estimateByLength {
			sum = float64(b.T-1) + alpha*float64(b.S)
		}
		for v := range row {
			row[v] /= sum
		}
	}
	return out, nil
}

// agrees reports whether position i has the target's context.
func (p *plain) agrees(t task.Spec, tokens []uint16, i int) bool {
	last := len(tokens) - 1
	if t.DAG != nil {
		return !(p.makes == estimateLastMissed && i == last) && p.sameContext(t.DAG, tokens, i)
	}
	if i == last || p.makes == estimateLastMissed && i == last-1 {
		return false
	}
	parent := t.Parents[i]
	if parent == graph.Root {
		if p.makes != estimateRootWrapped {
			return false
		}
		parent = last - 1
	}
	return tokens[parent] == tokens[last]
}

func (p *plain) sameContext(parents [][]int, tokens []uint16, i int) bool {
	own, target := parents[i], parents[len(tokens)]
	if len(own) == 0 || len(own) != len(target) && p.makes != estimateAnyArity {
		return false
	}
	same, shared := 0, min(len(own), len(target))
	for j := range shared {
		if tokens[own[j]] == tokens[target[j]] {
			same++
		}
	}
	if p.makes == estimateAnyParent {
		return same > 0
	}
	return same == shared
}
