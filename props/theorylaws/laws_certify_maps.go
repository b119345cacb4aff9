package theorylaws

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"causalgrad/props"
	"causalgrad/theory/certify"
	"causalgrad/theory/graph"
	"pgregory.net/rapid"
)

func certifiedRefinement(t *rapid.T, s props.Subject) {
	r := drawRegion(t)
	coarse, again := askRegion(t, s, r), askRegion(t, s, r)
	props.Equal(t, coarse.Case, "cells of the same question", coarse.m.Cells, again.m.Cells)
	same := coarse.m.Certified == again.m.Certified && coarse.m.Refuted == again.m.Refuted && coarse.m.Evaluated == again.m.Evaluated
	props.Demand(t, coarse.Case, same, "answer to the same question", fmt.Sprint(coarse.m), fmt.Sprint(again.m))
	props.AtMost(t, coarse.Case, "cells evaluated", float64(coarse.m.Evaluated), float64(r.MaxCells), 0)
	for _, p := range coarse.parts {
		done := p.Verdict != certify.Undecided || width(p) <= r.MinWidth || coarse.m.Evaluated == r.MaxCells
		props.Demand(t, coarse.Case, done, "part", "halved while the budget lasts", fmt.Sprint(p))
	}
	finer := r
	if rapid.Bool().Draw(t, "more cells") {
		finer.MaxCells *= 2
	} else {
		finer.MinWidth = max(r.MinWidth/2, 0x1p-8)
		finer.MaxCells *= 4
	}
	fine := askRegion(t, s, finer)
	props.AtLeast(t, fine.Case, "certified share", fine.m.Certified, coarse.m.Certified, 0)
	props.AtLeast(t, fine.Case, "refuted share", fine.m.Refuted, coarse.m.Refuted, 0)
	for range 5 {
		chain := drawGeneric(t, r.Tokens)
		before, after := coarse.verdictOf(chain), fine.verdictOf(chain)
		props.Demand(t, fine.Where("chain %v", chain), before == after || before == certify.Undecided, "verdict",
			string(before)+", as in the coarser map", string(after))
	}
}

// drawComplete draws a question about two tokens with cells enough for every
// square of the grid of 2^depth.
func drawComplete(t *rapid.T, deepest int) (r certify.Region, squares int) {
	squares = 1 << rapid.IntRange(1, deepest).Draw(t, "depth")
	r = certify.Region{Forest: drawCompeting(t, 3, 7), Tokens: 2, Self: rapid.Bool().Draw(t, "self"), Orbit: rapid.Bool().Draw(t, "orbit"),
		MinWidth: 1 / float64(squares), MaxCells: 2 * squares * squares}
	r.Self = r.Self || r.Forest.Positions() == 2
	return r, squares
}

// exceptions tells at which lambda = 1-a-b the parent is not ahead: with two
// tokens the signal at distance d is lambda^(d+1), of the child itself lambda,
// across trees 0. Over an orbit, of lambda twice and -lambda twice, the odd
// powers vanish.
type exceptions struct{ one, minusOne, positive bool }

func exceptionsOf(r certify.Region) exceptions {
	e := exceptions{positive: r.Self && !r.Orbit}
	for _, edge := range r.Forest.Edges() {
		for k := range edge.Child {
			_, p, q, related := r.Forest.CommonAncestor(k, edge.Child)
			if k == edge.Parent || !related {
				continue
			}
			even := (p+q)%2 == 0 // lambda^2 against an odd power, or 0 over an orbit
			e.one = e.one || !(even && r.Orbit)
			e.minusOne = e.minusOne || !even
		}
	}
	return e
}

// verdict is that of the closed range lo/n to hi/n of lambda.
func (e exceptions) verdict(lo, hi, n int) certify.Verdict {
	switch {
	case e.positive && lo >= 0:
		return certify.Fails
	case hi >= 0 && lo <= 0, e.positive && hi >= 0, e.one && hi == n, e.minusOne && lo == -n:
		return certify.Undecided
	}
	return certify.Holds
}

func certifiedLine(t *rapid.T, s props.Subject) {
	r, n := drawComplete(t, 6)
	x, e := askRegion(t, s, r), exceptionsOf(r)
	counts := map[certify.Verdict]float64{} // only looked up
	for i := range n {
		for j := range n {
			counts[e.verdict(n-i-j-2, n-i-j, n)]++
		}
	}
	all := float64(n * n)
	props.Equal(t, x.Case, "certified, refuted and undecided shares", []float64{x.m.Certified, x.m.Refuted, x.m.Undecided},
		[]float64{counts[certify.Holds] / all, counts[certify.Fails] / all, counts[certify.Undecided] / all})
}

func certifiedMirror(t *rapid.T, s props.Subject) {
	r, _ := drawComplete(t, 5)
	x := askRegion(t, s, r)
	for range 10 {
		chain := drawGeneric(t, 2)
		a, b := chain[0][1], chain[1][0]
		want := x.verdictAt(t, a, b)
		images := []certify.Verdict{x.verdictAt(t, b, a)}
		if r.Orbit {
			images = append(images, x.verdictAt(t, 1-a, 1-b))
		}
		for _, got := range images {
			props.Demand(t, x.Where("a = %v, b = %v", a, b), got == want, "verdict of the mirrored chain", string(want), string(got))
		}
	}
}

func certifiedDirectlyLess(t *rapid.T, s props.Subject) {
	r, _ := drawComplete(t, 4)
	closed := askRegion(t, s, r)
	r.Direct = true
	direct := askRegion(t, s, r)
	props.AtMost(t, direct.Case, "certified share", direct.m.Certified, closed.m.Certified, 0)
	props.AtMost(t, direct.Case, "refuted share", direct.m.Refuted, closed.m.Refuted, 0)
	for range 10 {
		chain := drawGeneric(t, 2)
		v, w := closed.verdictAt(t, chain[0][1], chain[1][0]), direct.verdictAt(t, chain[0][1], chain[1][0])
		props.Demand(t, direct.Where("chain %v", chain), w == v || w == certify.Undecided, "verdict", string(v)+" or undecided", string(w))
	}
}

func certifiedCompetitors(t *rapid.T, s props.Subject) {
	r, _ := drawComplete(t, 5)
	with, without := r, r
	with.Self = true
	if n := r.Forest.Positions(); n > 2 && rapid.Bool().Draw(t, "position") {
		shorter, err := graph.NewForest(r.Forest.Parents()[:n-1])
		props.Demand(t, regionCase(r), err == nil, "forest without its last position", "a forest", fmt.Sprint(err))
		without.Forest, without.Self = shorter, true
	} else {
		without.Self = false
	}
	if len(without.Forest.Edges()) == 0 || without.Forest.Positions() == 2 && !without.Self {
		t.Skip("nothing competes")
	}
	more, less := askRegion(t, s, with), askRegion(t, s, without)
	props.AtMost(t, more.Case, "certified share", more.m.Certified, less.m.Certified, 0)
	props.AtLeast(t, more.Case, "refuted share", more.m.Refuted, less.m.Refuted, 0)
}

// certifiedRefusals spoils one thing at a time.
func certifiedRefusals(t *rapid.T, s props.Subject) {
	r := drawRegion(t)
	names := ""
	switch rapid.IntRange(0, 5).Draw(t, "what") {
	case 0:
		r.Tokens = rapid.SampledFrom([]int{-1, 0, 1, 4, 1000}).Draw(t, "tokens")
		names = fmt.Sprintf("tokens = %d", r.Tokens)
	case 1:
		r.MinWidth = rapid.SampledFrom([]float64{0, -1, 1.5, 0x1p-15, math.NaN(), math.Inf(1)}).Draw(t, "width")
		names = fmt.Sprintf("minimum width = %v", r.MinWidth)
	case 2:
		r.Tokens, r.MinWidth = 3, 0x1p-9 // enough for two tokens
		names = fmt.Sprintf("minimum width = %v", r.MinWidth)
	case 3:
		r.MaxCells = rapid.SampledFrom([]int{0, -1, math.MinInt, math.MaxInt}).Draw(t, "cells")
		names = fmt.Sprintf("cells = %d", r.MaxCells)
	case 4:
		f, err := graph.NewForest(slices.Repeat([]int{graph.Root}, rapid.IntRange(2, 6).Draw(t, "roots")))
		props.Demand(t, props.Case{}, err == nil, "forest of roots", "a forest", fmt.Sprint(err))
		r.Forest = f
		names = f.String()
	case 5:
		f, err := graph.Chain(rapid.IntRange(404, 410).Draw(t, "length")) // distances 2 to 402 and more
		props.Demand(t, props.Case{}, err == nil, "chain", "a forest", fmt.Sprint(err))
		r.Forest, r.Direct = f, true
		names = "classes"
	}
	_, _, err := guardedRegion(s, r)
	props.Demand(t, regionCase(r), err != nil && strings.Contains(err.Error(), names) && !strings.Contains(err.Error(), "\n"), "map",
		"an error of one line about "+names, fmt.Sprint(err))
}

func guardedRegion(s props.Subject, r certify.Region) (m certify.Map, parts []certify.Part, err error) {
	m, err = props.Guarded(func() (certify.Map, error) {
		var inner error
		m, parts, inner = s.(Certifier).Certify(r)
		return m, inner
	})
	return m, parts, err
}
