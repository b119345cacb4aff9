package condition

import (
	"testing"

	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// TestAnswer: "applies" only where every hypothesis holds, and what is open is said
// to be open.
func TestAnswer(t *testing.T) {
	hypothesis := func(id string, v verdict.Verdict) Finding { return Finding{ID: id, Kind: Hypothesis, Verdict: v} }
	symmetry, mean := hypothesis(Symmetry, verdict.Fails), hypothesis(ConstantMean, verdict.Fails)
	open := hypothesis(EffectiveLength, verdict.Undecided)
	for name, c := range map[string]struct {
		findings []Finding
		observed []Row
		want     string
	}{
		"all hold": {[]Finding{hypothesis(Symmetry, verdict.Holds)}, rows(verdict.Holds, verdict.Holds),
			"Theorem 1 applies: all its hypotheses hold; the first step finds all 2 parents."},
		"one is open": {[]Finding{hypothesis(Symmetry, verdict.Holds), open}, rows(verdict.Holds),
			"No hypothesis of theorem 1 fails, but whether it applies is open: effective-length (long enough) is undecided; the first step finds the only parent."},
		"two fail": {[]Finding{symmetry, mean, open}, rows(verdict.Holds, verdict.Holds),
			"Theorem 1 does not apply: A3 (permutation symmetry) and A4 (constant mean) fail; the first step finds all 2 parents anyway."},
		"rows fail": {[]Finding{mean}, rows(verdict.Fails, verdict.Holds, verdict.Undecided),
			"Theorem 1 does not apply: A4 (constant mean) fails; the first step finds 1 of 3 parents (1 loses to the position itself) and leaves 1 undecided."},
		"a property is no hypothesis": {[]Finding{{ID: ConstantTrace, Kind: Property, Verdict: verdict.Fails}}, rows(verdict.Holds, verdict.Holds),
			"Theorem 1 applies: all its hypotheses hold; the first step finds all 2 parents."},
		"no edge": {[]Finding{hypothesis(Graph, verdict.Fails)}, nil,
			"Theorem 1 does not apply: graph (a forest with an edge) fails; there is no parent to find."},
	} {
		require.Equal(t, c.want, Report{Findings: c.findings, Observed: c.observed}.Answer(), name)
	}
	require.Equal(t, "Theorem 1 speaks of orthogonal positions, not of the embedding gaussian:8,1; with it the first step finds all 2 parents.",
		Report{Embedding: "gaussian:8,1", Observed: rows(verdict.Holds, verdict.Holds)}.Answer())
	for _, s := range Statements() {
		_, named := called[s.ID]
		require.Equal(t, s.Kind == Hypothesis && s.ID != "M", named, s.ID) // M is the model, which nothing here examines
	}
}

// TestAdviceHelps: what is advised makes the condition hold.
func TestAdviceHelps(t *testing.T) {
	f := forest(t, "chain", 8)
	sticky := chain(t, []float64{0.8, 0.1, 0.1}, []float64{0.1, 0.7, 0.2}, []float64{0.1, 0.1, 0.8})
	r := check(t, f, markov.Point{Chain: sticky}, Options{})
	require.Equal(t, []string{"A3 and A4 hold for a prior that is closed under relabelling of rows and of columns: --prior orbit:FILE closes one chain, orbit:@FILE a list."}, r.Advice())
	closed := check(t, f, prior(t, "orbit:[[0.8,0.1,0.1],[0.1,0.7,0.2],[0.1,0.1,0.8]]", 0), Options{})
	require.Equal(t, verdict.Holds, closed.verdicts()[Symmetry])
	require.Equal(t, verdict.Holds, closed.verdicts()[ConstantMean])
	require.Empty(t, closed.Advice())

	r = check(t, f, prior(t, "dirichlet:1", 3), Options{Draws: 64, Seed: 1})
	require.Equal(t, []string{"A1 holds for --prior floor:1,0.1, which keeps every transition above 0.1/S."}, r.Advice())
	require.Equal(t, verdict.Holds, check(t, f, prior(t, "floor:1,0.1", 3), Options{Draws: 64, Seed: 1}).verdicts()[LowerBound])

	roots, err := markov.ParseRoots("uniform")
	require.NoError(t, err)
	rooted, err := markov.WithRoots(markov.Point{Chain: sticky}, roots)
	require.NoError(t, err)
	require.Contains(t, check(t, f, rooted, Options{}).Advice()[0], "A0 holds with --roots stationary")
}
