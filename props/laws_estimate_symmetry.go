package props

import (
	"slices"

	"causalgrad/impl/task"
	"pgregory.net/rapid"
)

func estimateSymmetryLaws() []Law {
	return []Law{
		{ID: "estimate-relabelling", Source: section("3, fact 8"), Needs: estimating,
			Sentence: "Renaming the tokens permutes the estimator.", Check: estimateRelabelling},
		{ID: "estimate-isomorphism", Source: section("3, fact 8"), Needs: estimating,
			Sentence: "Moving tokens along a forest isomorphism does not change the estimator.", Check: estimateIsomorphism},
		{ID: "estimate-batch-order", Source: section("1"), Needs: estimating,
			Sentence: "Every sequence is estimated by itself.", Check: estimateBatchOrder},
		{ID: "estimate-ignores-the-target", Source: section("1"), Needs: estimating,
			Sentence: "The estimator does not look at the targets.", Check: estimateIgnoresTarget},
		{ID: "estimate-ignores-isolated-roots", Source: section("1, count estimator"), Needs: estimating,
			Sentence: "A root without children does not change the estimator.", Check: estimateIgnoresIsolatedRoots},
	}
}

// copied is b with tokens changed by edit.
func copied(b *task.Batch, edit func(n, i int, token uint16) uint16) *task.Batch {
	c := task.NewBatch(b.N, b.T, b.S)
	copy(c.Targets, b.Targets)
	for n := range b.N {
		for i, v := range b.Sequence(n) {
			c.Sequence(n)[i] = edit(n, i, v)
		}
	}
	return c
}

func estimateRelabelling(t *rapid.T, s Subject) {
	x := estimateOn(t, s, drawTask(t))
	order := drawOrder(t, x.b.S)
	b := copied(x.b, func(_, _ int, token uint16) uint16 { return uint16(order[token]) })
	y := estimateWith(t, s, x.spec, b, x.alpha)
	for n := range x.b.N {
		for v := range x.b.S {
			within(t, x.Where("and with tokens renamed by %v", order), entryText("f", n, order[v]), y.f[n*x.b.S+order[v]], x.f[n*x.b.S+v], 2*x.slack)
		}
	}
}

func estimateIsomorphism(t *rapid.T, s Subject) {
	tokens, alpha := drawPrior(t)
	f := drawForest(t, 3, 9)
	x := estimateOn(t, s, task.Spec{Tokens: tokens, Length: f.SequenceLength(), Parents: f.Parents(), Alpha: alpha})
	again, order := drawReordering(t, f.Forest)
	moved := copied(x.b, func(_, _ int, token uint16) uint16 { return token })
	for n := range x.b.N {
		for i, place := range order {
			moved.Sequence(n)[place] = x.b.Sequence(n)[i]
		}
	}
	spec := x.spec
	spec.Parents = again.Parents()
	y := estimateWith(t, s, spec, moved, x.alpha)
	withinAll(t, x.Where("and %s", again), "f", y.f, x.f, 2*x.slack)
}

func estimateBatchOrder(t *rapid.T, s Subject) {
	x := estimateOn(t, s, drawTask(t))
	for n := range x.b.N {
		alone := task.NewBatch(1, x.b.T, x.b.S)
		copy(alone.Tokens, x.b.Sequence(n))
		copy(alone.Targets, x.b.Target(n))
		y := estimateWith(t, s, x.spec, alone, x.alpha)
		equal(t, x.Where("and sequence %d alone", n), "f", y.f, x.f[n*x.b.S:(n+1)*x.b.S])
	}
}

func estimateIgnoresTarget(t *rapid.T, s Subject) {
	x := estimateOn(t, s, drawTask(t))
	b := copied(x.b, func(_, _ int, token uint16) uint16 { return token })
	for n := range b.N {
		slices.Reverse(b.Target(n))
	}
	y := estimateWith(t, s, x.spec, b, x.alpha)
	equal(t, x.Where("and reversed targets"), "f", y.f, x.f)
}

func estimateIgnoresIsolatedRoots(t *rapid.T, s Subject) {
	tokens, alpha := drawPrior(t)
	f := drawForest(t, 3, 9)
	isolated := map[int]bool{}
	for _, root := range rootsOf(f.Forest) {
		isolated[root] = true
	}
	for _, e := range f.Edges() {
		delete(isolated, e.Parent)
	}
	x := estimateOn(t, s, task.Spec{Tokens: tokens, Length: f.SequenceLength(), Parents: f.Parents(), Alpha: alpha})
	b := copied(x.b, func(_, i int, token uint16) uint16 {
		if isolated[i] {
			return uint16((int(token) + 1) % tokens)
		}
		return token
	})
	y := estimateWith(t, s, x.spec, b, x.alpha)
	equal(t, x.Where("and isolated roots renamed"), "f", y.f, x.f)
}
