package necessity

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"

	"causalgrad/theory/condition"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

func search(t *testing.T, question string, o Options) Outcome {
	out, err := Search(question, o)
	require.NoError(t, err)
	require.NotContains(t, out.Description, "\n")
	total := 0
	for _, c := range out.Cells {
		total += c.Evaluations
	}
	require.Equal(t, out.Evaluations, total)
	if out.Found {
		require.NoError(t, out.Counterexample.Verify())
		requireEntries(t, *out.Counterexample)
		requireHypotheses(t, question, out, o)
	}
	return out
}

// requireEntries finds the entries of a counterexample, exactly, where it says
// they are: 0-based positions of the mean gradient.
func requireEntries(t *testing.T, c Counterexample) {
	parsed, rows, err := c.parse()
	require.NoError(t, err)
	parent, competitor := new(big.Rat), new(big.Rat)
	list := members(parsed.construction, rows, func(v *big.Rat) *big.Rat { return new(big.Rat).Sub(big.NewRat(2, int64(len(rows))), v) })
	for _, member := range list {
		g, err := firststep.RationalFrom(parsed.forest, member, parsed.roots.rationals(), nil)
		require.NoError(t, err)
		parent.Add(parent, g[c.Child][c.Parent])
		competitor.Add(competitor, g[c.Child][c.Competitor])
	}
	share := big.NewRat(1, int64(len(list)))
	require.Equal(t, parsed.forest.Parent(c.Child), c.Parent)
	require.Equal(t, parent.Mul(parent, share).RatString(), c.ParentEntry)
	require.Equal(t, competitor.Mul(competitor, share).RatString(), c.CompetitorEntry)
	margin, _ := parent.Sub(parent, competitor).Float64()
	require.Equal(t, margin, c.Margin)
}

// requireHypotheses checks a counterexample's prior with package condition:
// everything that was to be kept holds, what was dropped fails.
func requireHypotheses(t *testing.T, question string, out Outcome, o Options) {
	c, _, err := out.Counterexample.parse()
	require.NoError(t, err)
	s := len(c.rows)
	var prior several
	for _, rows := range members(c.construction, c.rows, func(v float64) float64 { return 2/float64(s) - v }) {
		chain, err := markov.NewChain(rows)
		require.NoError(t, err)
		if c.roots != nil {
			chain, err = chain.WithRoots(c.roots.floats())
			require.NoError(t, err)
		}
		for _, order := range condition.Orders(s) { // A3, which the gradient does not see
			prior = append(prior, chain.Relabelled(order))
		}
	}
	o = o.withDefaults(question)
	// Entries are ratios rounded to floating point: a gamma that they meet with
	// equality they may miss by rounding.
	constants := condition.Constants{Gamma: o.Gamma - 1e-12, EffectiveLength: o.EffectiveLength - 1e-12}
	report, err := condition.Check(c.forest, prior, condition.Options{Constants: constants})
	require.NoError(t, err)
	for _, f := range report.Findings {
		switch {
		case f.ID == question:
			require.Equal(t, verdict.Fails, f.Verdict, f.ID)
		case f.ID == condition.ConstantTrace && question == ConstantMean:
			require.Equal(t, verdict.Fails, f.Verdict, f.ID)
		case f.Kind == condition.Hypothesis:
			require.Equal(t, verdict.Holds, f.Verdict, "%s: %s", question, f.ID)
		}
	}
}

type several []*markov.Chain

func (s several) Tokens() int                          { return s[0].Tokens() }
func (s several) Draw(r *stream.Stream, dst []float64) { copy(dst, s[r.IntN(len(s))].Flat()) }
func (s several) Support() []*markov.Chain             { return s }
func (s several) String() string                       { return "several" }

// TestConstantMeanIsLoadBearing: the smallest failure without A4 is the sticky
// two-token chain, whose children prefer themselves.
func TestConstantMeanIsLoadBearing(t *testing.T) {
	out := search(t, ConstantMean, Options{Seed: 1})
	require.True(t, out.Found)
	c := out.Counterexample
	require.Equal(t, 9, c.Length)
	require.Equal(t, 2, c.Tokens)
	require.Equal(t, c.Child, c.Competitor)
	require.Equal(t, "[[2/3,1/3],[1/3,2/3]]", c.Ratios)
	parsed, _, err := c.parse()
	require.NoError(t, err)
	require.Len(t, parsed.forest.Edges(), 1)
	require.Contains(t, out.Description, "loses to the child itself")
	require.Contains(t, out.Description, "E tr(pi) - 1")
	require.Negative(t, c.Margin)
}

// TestNonDegeneracyIsLoadBearing: equal rows tie exactly, nearly equal ones
// lose.
// TestStationaryRootsAreLoadBearing: with roots of another distribution, the same
// for all chains, an earlier position beats the parent while every other
// hypothesis holds; with the stationary one the parent is ahead on the same prior.
func TestStationaryRootsAreLoadBearing(t *testing.T) {
	out := search(t, StationaryRoots, Options{Seed: 1})
	require.True(t, out.Found)
	c := out.Counterexample
	require.NotEmpty(t, c.Roots)
	require.Contains(t, out.Description, "roots distributed as "+c.Roots)
	require.Contains(t, out.Description, "Without A0, keeping A1")
	require.NotEqual(t, c.Child, c.Competitor, "an earlier position")
	example, rows, err := c.parse()
	require.NoError(t, err)
	stationary, err := prove(example.forest, example.construction, rows, nil)
	require.NoError(t, err)
	require.Positive(t, stationary.margin.Sign())
}

func TestRootWeights(t *testing.T) {
	for _, w := range []weights{nil, {1, 3}, {2, 3, 7}} {
		again, err := parseWeights(w.String(), max(len(w), 2))
		require.NoError(t, err)
		require.Equal(t, w, again)
	}
	require.Equal(t, "[1/4,3/4]", weights{1, 3}.String())
	for text, want := range map[string]string{
		"1/4,3/4": "want 2 ratios", "[1]": "want 2 ratios", "[1,x]": "roots[1]", "[1,0]": "roots[1]", "[1/2,1/4]": "sum to 1", "[1/1031,1030/1031]": "at most 1024",
	} {
		_, err := parseWeights(text, 2)
		require.ErrorContains(t, err, want, text)
	}
}

func TestNonDegeneracyIsLoadBearing(t *testing.T) {
	tie := search(t, NonDegeneracy, Options{Seed: 1})
	require.True(t, tie.Found)
	require.True(t, tie.Counterexample.Tie)
	require.Zero(t, tie.Counterexample.Margin)
	require.Equal(t, "[[1/2,1/2],[1/2,1/2]]", tie.Counterexample.Ratios)
	require.Equal(t, tie.Counterexample.ParentEntry, tie.Counterexample.CompetitorEntry)
	require.Contains(t, tie.Description, "ties with")
	loss := search(t, NonDegeneracy, Options{Seed: 1, Strict: true})
	require.True(t, loss.Found)
	require.False(t, loss.Counterexample.Tie)
	require.Negative(t, loss.Counterexample.Margin)
}

// TestEffectiveLengthIsLoadBearing: every hypothesis on the prior holds, and the
// first step prefers a sibling.
func TestEffectiveLengthIsLoadBearing(t *testing.T) {
	out := search(t, EffectiveLength, Options{Seed: 1})
	require.True(t, out.Found)
	c := out.Counterexample
	require.LessOrEqual(t, c.Length, 6)
	require.Equal(t, 3, c.Tokens)
	require.NotEqual(t, c.Child, c.Competitor)
	require.Negative(t, c.Margin)
	require.Contains(t, out.Description, "on a star T_eff tends to 1/rho^2")
}

// TestNothingFoundSaysHowHardItLooked: with the default constants no failure is
// known without A1, without A3 or with all hypotheses.
func TestNothingFoundSaysHowHardItLooked(t *testing.T) {
	for _, question := range []string{None, Symmetry, LowerBound} {
		out := search(t, question, Options{Seed: 1, Evaluations: 3000})
		require.False(t, out.Found, question)
		require.Nil(t, out.Counterexample)
		require.Equal(t, 3000, out.Evaluations)
		require.Contains(t, out.Description, "no failure in 3000 evaluations over T = 9 to 10, S = ")
		for _, c := range out.Cells {
			require.Positive(t, c.Smallest)
			require.NotEmpty(t, c.Chain)
		}
	}
}

// TestRoundingIsNoFailure: at T = 3 the row of a lone edge under the chain with
// 1/2 on the diagonal and 1/4 elsewhere is exactly 0. Rounding leaves 1e-17 in
// it, which a strict search must not take for a loss.
func TestRoundingIsNoFailure(t *testing.T) {
	o := Options{Evaluations: 51, Seed: 3614331200773, MinLength: 3, MaxLength: 4, Strict: true, EffectiveLength: 2}
	out := search(t, ConstantMean, o)
	require.True(t, out.Found)
	require.False(t, out.Counterexample.Tie)
	require.Negative(t, out.Counterexample.Margin)
}

func TestSearchIsDeterministic(t *testing.T) {
	o := Options{Seed: 3, Evaluations: 800}
	for _, question := range []string{ConstantMean, None} {
		require.Equal(t, search(t, question, o), search(t, question, o))
	}
	other := o
	other.Seed++
	require.NotEqual(t, search(t, None, o).Cells, search(t, None, other).Cells)
}

func TestOutcomeAsJSON(t *testing.T) {
	text, err := json.Marshal(search(t, ConstantMean, Options{Seed: 1}))
	require.NoError(t, err)
	for _, name := range []string{`"condition"`, `"found"`, `"counterexample"`, `"parent_entry"`, `"competitor_entry"`, `"evaluations"`, `"cells"`, `"description"`} {
		require.Contains(t, string(text), name)
	}
}

func TestVerifyNoticesEveryChange(t *testing.T) {
	good := *search(t, ConstantMean, Options{Seed: 1}).Counterexample
	for _, change := range []struct {
		to   func(c *Counterexample)
		want string
	}{
		{func(c *Counterexample) { c.ParentEntry = "1/2" }, "the proof gives"},
		{func(c *Counterexample) { c.Competitor-- }, "the proof gives"},
		{func(c *Counterexample) { c.Margin *= 1 + 1e-15 }, "the proof gives"},
		{func(c *Counterexample) { c.Ratios = "[[1/3,2/3],[2/3,1/3]]" }, "not a failure"},
		{func(c *Counterexample) { c.Ratios = "[[1/3,x],[2/3,1/3]]" }, "ratios[0][1] = \"x\""},
		{func(c *Counterexample) { c.Ratios = "1/3" }, "ratios \"1/3\""},
		{func(c *Counterexample) { c.Ratios, c.Construction = "[[1/2,1/2],[1/2]]", Columns }, "ratios[1]: 1 entries"},
		{func(c *Counterexample) { c.Ratios = "[[1/3,1/3],[2/3,1/3]]" }, "chain[0]"},
		{func(c *Counterexample) { c.Forest = "parents:-1,1" }, "parents[1] = 1"},
		{func(c *Counterexample) { c.Forest = "dag:[[],[],[0],[1]]"; c.Length = 0 }, "want a forest"},
		{func(c *Counterexample) { c.Construction = "line" }, "construction \"line\""},
	} {
		bad := good
		change.to(&bad)
		require.ErrorContains(t, bad.Verify(), change.want)
	}
	require.NoError(t, good.Verify())
}

func TestBadOptionsGetOneLine(t *testing.T) {
	for _, bad := range []struct {
		question string
		o        Options
		want     string
	}{
		{"A7", Options{}, "condition \"A7\", want one of [A4 A3 A1 A2 effective-length A0 none]"},
		{None, Options{Evaluations: -1}, "evaluations = -1"},
		{None, Options{Gamma: 1}, "gamma = 1"},
		{None, Options{Gamma: math.NaN()}, "gamma = NaN"},
		{None, Options{MinLength: 2}, "lengths 2 to 10"},
		{None, Options{MinLength: 9, MaxLength: 8}, "lengths 9 to 8"},
		{None, Options{MaxTokens: 4}, "tokens = 4, want 2 to 3"},
		{None, Options{MaxLength: 12}, "3 tokens at length 12"},
		{None, Options{EffectiveLength: 11}, "effective length = 11, want 1 to 10"},
		{None, Options{Constructions: []Construction{Point}}, "construction \"point\" without none"},
		{None, Options{Constructions: []Construction{Shifts}, MaxTokens: 2}, "more tokens than 2"},
	} {
		_, err := Search(bad.question, bad.o)
		require.ErrorContains(t, err, bad.want)
		require.NotContains(t, err.Error(), "\n")
	}
	_, err := prove(graph.Manual(), Point, [][]*big.Rat{{big.NewRat(1, 1)}}, nil)
	require.Error(t, err)
}
