package props

import (
	"errors"
	"flag"
	"fmt"
	"testing"

	"causalgrad/props/outcome"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// fake is a subject that can do one thing, badly.
type fake struct {
	stationary func(rows [][]float64) ([]float64, error)
}

func (fake) Name() string                                  { return "fake" }
func (fake) Roundoff() float64                             { return 0x1p-53 }
func (fake) Can(c Capability) bool                         { return c == CanStationary }
func (f fake) Stationary(r [][]float64) ([]float64, error) { return f.stationary(r) }

var small = Law{ID: "small", Source: "a test", Sentence: "n is below 10", Check: func(t *rapid.T, s Subject) {
	n := rapid.IntRange(0, 1000).Draw(t, "n")
	observe(t, "edge", n%2 == 0)
	tabulate(t, "number", "any")
	atMost(t, question{Flags: []string{"--n"}}.With("%d", n), "n", float64(n), 9, 0)
}}

// run is for tests of the mechanism: those that give a seed know what it draws.
func run(l Law, s Subject, o Options) Result { return Run([]Law{l}, s, o)[0] }

func TestFailureIsShrunkAndReplayed(t *testing.T) {
	first := run(small, Builtin(), Options{Seed: 3, Draws: 50})
	require.Equal(t, outcome.Failed, first.Verdict)
	require.Equal(t, "--n 10", first.Failure.Case)
	require.Equal(t, "10", first.Failure.Got)
	require.False(t, first.Failure.Flaky)
	require.Equal(t, "causalgrad conform --law small --seed 3 --draws 50", first.Replay(""))
	again := run(small, Builtin(), Options{Seed: 3, Draws: 50})
	require.Equal(t, first.String(), again.String())
	require.Equal(t, first.Met.Conditions(), again.Met.Conditions())
	// Observations stop at the failure: shrinking does not count.
	edge := first.Met.Conditions()[0]
	counted := edge.Met + edge.NotMet
	require.Equal(t, first.Draws+1, counted)
	require.Equal(t, []outcome.Class{{Kind: "number", Class: "any", Draws: counted}}, first.Met.Classes())
}

// A wrong answer shrinks to the smallest wrong answer, also where smaller cases are
// refused, and a refusal to the smallest refusal.
func TestShrinkingKeepsTheKind(t *testing.T) {
	for seed := range uint64(8) {
		first := ""
		mixed := Law{ID: "mixed", Check: func(t *rapid.T, _ Subject) {
			n := rapid.IntRange(0, 1000).Draw(t, "n")
			kind := outcome.WrongAnswer
			switch {
			case n < 10:
				return
			case n < 500:
				kind = outcome.Refusal
			}
			if first == "" {
				first = kind
			}
			fail(t, outcome.Counterexample{Kind: kind, Case: fmt.Sprint(n)})
		}}
		r := run(mixed, Builtin(), Options{Seed: seed + 1})
		require.Equal(t, outcome.Failed, r.Verdict)
		require.Equal(t, first, r.Failure.Kind)
		require.Equal(t, map[string]string{outcome.WrongAnswer: "500", outcome.Refusal: "10"}[first], r.Failure.Case)
		require.False(t, r.Failure.Flaky)
	}
}

func TestShrinkingIsBounded(t *testing.T) {
	calls := 0
	counting := small
	counting.Check = func(t *rapid.T, s Subject) { calls++; small.Check(t, s) }
	bounded := run(counting, Builtin(), Options{Seed: 3, Shrinks: 2})
	require.Equal(t, outcome.Failed, bounded.Verdict)
	require.False(t, bounded.Failure.Flaky)
	require.Equal(t, bounded.Draws+1+2, calls)
	calls = 0
	none := run(counting, Builtin(), Options{Seed: 3, Shrinks: -1})
	require.Equal(t, outcome.Failed, none.Verdict)
	require.False(t, none.Failure.Flaky)
	require.Equal(t, none.Draws+1, calls)
}

func TestDrawsAreExactAndScale(t *testing.T) {
	calls := 0
	l := Law{ID: "count", Draws: 10, Check: func(t *rapid.T, _ Subject) { calls++; rapid.Bool().Draw(t, "b") }}
	for asked, want := range map[int]int{0: 10, 100: 10, 250: 25, 1: 1, 11: 2} {
		calls = 0
		r := run(l, Builtin(), Options{Draws: asked, Seed: 1})
		require.Equal(t, outcome.Passed, r.Verdict)
		require.Equal(t, want, r.Draws)
		require.Equal(t, want, calls)
	}
	l.Draws = 0
	require.Equal(t, DefaultDraws, run(l, Builtin(), Options{Draws: DefaultDraws}).Draws)
}

func TestWorkersChangeNothing(t *testing.T) {
	draw := func(t *rapid.T, _ Subject) { tabulate(t, "n", rapid.StringN(1, 3, -1).Draw(t, "s")) }
	laws := []Law{{ID: "a", Check: draw}, {ID: "b", Check: draw}, small, {ID: "c", Check: draw}}
	texts := func(o Options) (all []string) {
		done := 0
		o.Done = func(Result) { done++ }
		for _, r := range Run(laws, Builtin(), o) {
			all = append(all, r.String())
			for _, c := range r.Met.Classes() {
				all = append(all, c.Class)
			}
		}
		require.Equal(t, len(laws), done)
		return all
	}
	want := texts(Options{Seed: 5})
	require.Equal(t, want, texts(Options{Seed: 5, Workers: 3}))
	require.NotEqual(t, want, texts(Options{Seed: 6}))
	// Laws have streams of their own: alone is as among others.
	alone := run(laws[1], Builtin(), Options{Seed: 5})
	require.Equal(t, Run(laws, Builtin(), Options{Seed: 5})[1].Met, alone.Met)
}

var asking = Law{ID: "asking", Needs: []Capability{CanStationary}, Check: func(t *rapid.T, s Subject) {
	rapid.Bool().Draw(t, "b")
	c, err := markov.NewChain([][]float64{{0.5, 0.5}, {0.5, 0.5}})
	if err != nil {
		t.Fatal(err)
	}
	askStationary(t, s, forestQuestion(graph.Manual(), c), c)
}}

func TestAnswersThatAreNone(t *testing.T) {
	for want, f := range map[string]func([][]float64) ([]float64, error){
		"panic: index": func([][]float64) ([]float64, error) { var none []float64; _ = none[0]; return nil, nil },
		"no idea":      func([][]float64) ([]float64, error) { return nil, errors.New("no idea") },
		"3 numbers":    func([][]float64) ([]float64, error) { return make([]float64, 3), nil },
		"NaN":          func([][]float64) ([]float64, error) { return []float64{0, nan()}, nil },
	} {
		if want == "panic: index" {
			want = "panic: runtime error: index out of range [0] with length 0"
		}
		r := run(asking, fake{f}, Options{})
		require.Equal(t, outcome.Failed, r.Verdict)
		require.Equal(t, want, r.Failure.Got)
		require.Equal(t, "--graph parents:-1,0,0,1,2 --chain '[[0.5,0.5],[0.5,0.5]]'", r.Failure.Case)
	}
}

func nan() float64 { zero := 0.0; return zero / zero }

func TestNotApplicableIsNotPassed(t *testing.T) {
	l := asking
	l.Needs = []Capability{CanStationary, CanTrain}
	r := run(l, fake{}, Options{})
	require.Equal(t, outcome.NotApplicable, r.Verdict)
	require.Equal(t, CanTrain, r.Missing)
	require.Zero(t, r.Draws)
}

func TestPanicOfALaw(t *testing.T) {
	l := Law{ID: "broken", Check: func(t *rapid.T, _ Subject) { rapid.Bool().Draw(t, "b"); panic("oops\nmore") }}
	r := run(l, Builtin(), Options{})
	require.Equal(t, outcome.Failed, r.Verdict)
	require.Equal(t, "oops", r.Failure.Got)
}

func TestTooFewValidDrawsIsAnError(t *testing.T) {
	l := Law{ID: "picky", Check: func(t *rapid.T, _ Subject) { rapid.Bool().Draw(t, "b"); t.Skip() }}
	r := run(l, Builtin(), Options{})
	require.Equal(t, outcome.Error, r.Verdict)
	require.Contains(t, r.Message, "only generated 0 valid tests")
}

func TestFlakySubjectIsSaidSo(t *testing.T) {
	calls := 0
	l := Law{ID: "flaky", Check: func(t *rapid.T, _ Subject) {
		rapid.Bool().Draw(t, "b")
		if calls++; calls == 5 {
			t.Fatalf("once")
		}
	}}
	r := run(l, Builtin(), Options{})
	require.Equal(t, outcome.Failed, r.Verdict)
	require.True(t, r.Failure.Flaky)
	require.Contains(t, r.String(), "different answers")
}

// TestAnotherSeedDrawsOtherCases: the counts of what was drawn differ, and the
// flag or variable of rapid is what an unset seed means.
func TestAnotherSeedDrawsOtherCases(t *testing.T) {
	laws := []Law{right(findLaw("signal-definition")), right(findLaw("estimate-counts"))}
	counts := func(seed uint64) ([]outcome.Condition, []outcome.Class) {
		var met outcome.Counts
		for _, r := range Run(laws, Builtin(), Options{Seed: seed}) {
			met.Add(r.Met)
		}
		return met.Conditions(), met.Classes()
	}
	coverage, classes := counts(1)
	again, classesAgain := counts(1)
	require.Equal(t, coverage, again)
	require.Equal(t, classes, classesAgain)
	other, otherClasses := counts(2)
	require.NotEqual(t, coverage, other)
	require.NotEqual(t, classes, otherClasses)

	old := flag.Lookup("rapid.seed").Value.String()
	defer func() { require.NoError(t, flag.Set("rapid.seed", old)) }()
	require.NoError(t, flag.Set("rapid.seed", "2"))
	unset, unsetClasses := counts(0)
	require.Equal(t, other, unset)
	require.Equal(t, otherClasses, unsetClasses)
	require.NoError(t, flag.Set("rapid.seed", "0"))
	byDefault, _ := counts(0)
	require.Equal(t, coverage, byDefault)
}

func findLaw(id string) (Law, error) {
	l, ok := Find(id)
	if !ok {
		return l, errors.New("no law " + id)
	}
	return l, nil
}

// TestFewDrawsMeetTheEdgeCases: ten draws a law are enough for each of them, in
// each law that can have it, whatever the seed.
func TestFewDrawsMeetTheEdgeCases(t *testing.T) {
	for id, want := range map[string][]string{
		"signal-definition":  {fewestTokens, shortest, noEdge, oneRoot, zeroProbability},
		"stationary-balance": {fewestTokens, zeroProbability},
		"loss-finite":        {fewestTokens, shortest, saturation},
	} {
		r := run(right(findLaw(id)), Builtin(), Options{Draws: 10})
		require.Equal(t, outcome.Passed, r.Verdict, "%s", r)
		seen := map[string]bool{}
		for _, c := range r.Met.Classes() {
			if c.Kind == "edge case" {
				seen[c.Class] = true
			}
		}
		for _, edge := range want {
			require.Contains(t, seen, edge, "%s: ten draws never met it", id)
		}
	}
}
