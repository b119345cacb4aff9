package props

import (
	"fmt"
	"testing"

	"causalgrad/props/gen"
	"causalgrad/props/outcome"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// shrunk is the case that a property of drawn things ends with.
func shrunk(t *testing.T, check func(t *rapid.T) (question, bool)) string {
	t.Helper()
	l := Law{ID: "shrinking", Check: func(t *rapid.T, _ Subject) {
		c, ok := check(t)
		demand(t, c, ok, "property", "to hold", "that it does not")
	}}
	r := run(l, Builtin(), Options{Seed: 1, Draws: 1000})
	require.Equal(t, outcome.Failed, r.Verdict)
	require.False(t, r.Failure.Flaky)
	return r.Failure.Case
}

// TestCasesShrinkToTheSmallest: whatever fails, the reader gets the least
// positions, tokens and weights that still fail, of the simplest class. The seed
// is fixed: rapid shrinks greedily, and from some draws ends beside the smallest.
func TestCasesShrinkToTheSmallest(t *testing.T) {
	pair := func(fails func(f gen.Forest, c gen.Chain) bool) func(*rapid.T) (question, bool) {
		return func(t *rapid.T) (question, bool) {
			f, c := gen.Forests(3, 9).Draw(t, "forest"), gen.Chains(2, 5).Draw(t, "chain")
			return forestQuestion(f.Forest, c.Chain), !fails(f, c)
		}
	}
	roots := func(f gen.Forest) int { return f.Positions() - len(f.Edges()) }
	depth := func(f gen.Forest, least int) bool {
		for i := range f.Positions() {
			if f.Depth(i) >= least {
				return true
			}
		}
		return false
	}
	for name, want := range map[string]struct {
		text  string
		fails func(f gen.Forest, c gen.Chain) bool
	}{
		"everything": {"--graph parents:-1,0 --chain '[[0.5,0.5],[0.5,0.5]]'",
			func(gen.Forest, gen.Chain) bool { return true }},
		"depth": {"--graph parents:-1,0,1,2 --chain '[[0.5,0.5],[0.5,0.5]]'",
			func(f gen.Forest, _ gen.Chain) bool { return depth(f, 3) }},
		"two trees": { // "pairs" is the simplest shape that has two
			"--graph parents:-1,0,-1 --chain '[[0.5,0.5],[0.5,0.5]]'",
			func(f gen.Forest, _ gen.Chain) bool { return roots(f) > 1 }},
		"siblings": {"--graph parents:-1,0,0 --chain '[[0.5,0.5],[0.5,0.5]]'",
			func(f gen.Forest, _ gen.Chain) bool { return !depth(f, 2) && roots(f) == 1 && f.Positions() > 2 }},
		"tokens": {"--graph parents:-1,0 --chain '[[0.25,0.25,0.25,0.25],[0.25,0.25,0.25,0.25],[0.25,0.25,0.25,0.25],[0.25,0.25,0.25,0.25]]'",
			func(_ gen.Forest, c gen.Chain) bool { return c.Tokens() >= 4 }},
		"asymmetric": {"--graph parents:-1,0 --chain '[[0.5,0.5],[0.3333333333333333,0.6666666666666666]]'",
			func(_ gen.Forest, c gen.Chain) bool { return c.P(1, 0) < c.P(0, 1) }},
		"with a zero": {"--graph parents:-1,0 --chain '[[0,1],[1,0]]'",
			func(_ gen.Forest, c gen.Chain) bool { v, _, _ := c.Smallest(); return v == 0 }},
	} {
		require.Equal(t, want.text, shrunk(t, pair(want.fails)), name)
	}
}

func TestGraphsParametersAndBatchesShrink(t *testing.T) {
	dag := shrunk(t, func(t *rapid.T) (question, bool) {
		d := gen.DAGs(3, 8, 3).Draw(t, "dag")
		for i := range d.SequenceLength() + 1 {
			if len(d.Parents(i)) == 2 {
				return question{Graph: "dag:" + fmt.Sprint(parentLists(d))}, false
			}
		}
		return question{}, true
	})
	require.Equal(t, "--graph 'dag:[[] [0] [0 1] [0 1]]'", dag)

	params := shrunk(t, func(t *rapid.T) (question, bool) {
		p := gen.Parameters(6).Draw(t, "parameters")
		for _, v := range p.Values {
			if v >= 2 {
				return question{}.Where("%v", p.Values), false
			}
		}
		return question{}, true
	})
	require.Equal(t, "# [2 0 0 0 0 0]", params)

	batch := shrunk(t, func(t *rapid.T) (question, bool) {
		b := gen.Batches(2, 3, 3).Draw(t, "batch")
		return question{}.Where("%v %v", b.Tokens, b.Targets), b.Tokens[4] != 2
	})
	require.Equal(t, "# [0 0 0 0 2 0] [1 0 0 1 0 0]", batch)
}

// TestAnEdgeCaseShrinksWhereItIsNotNeeded: the first draws of this law are edge
// cases, and none of them is why it fails.
func TestAnEdgeCaseShrinksWhereItIsNotNeeded(t *testing.T) {
	l := Law{ID: "edges", Check: func(t *rapid.T, _ Subject) {
		f, c := drawForest(t, 3, 9), drawChain(t, 2, 5)
		demand(t, forestQuestion(f.Forest, c), f.SequenceLength() < 4, "length", "below 4", "more")
	}}
	require.Equal(t, "--graph parents:-1,0,1 --chain '[[0.5,0.5],[0.5,0.5]]'", run(l, Builtin(), Options{Seed: 1}).Failure.Case)
}
