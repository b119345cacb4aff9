package condition

import (
	"math"
	"testing"

	"causalgrad/theory/chisq"
	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// TestInequalitiesByHand: a chain of two tokens has rho = delta = |1-a-b| and
// gamma = 2 min(a, b); dyadic entries.
func TestInequalitiesByHand(t *testing.T) {
	for _, c := range []struct{ a, b, number float64 }{
		{0.25, 0.125, 0.125}, // delta - rho^2 = 0.625 0.375 > 1 - gamma - delta = 0.125
		{0.25, 0.5, 0.1875},  // delta - rho^2 = 0.25 0.75 < 1 - gamma - delta = 0.25
		{0.25, 0.25, 0},      // symmetric: delta = 1 - gamma
	} {
		pi := chain(t, []float64{1 - c.a, c.a}, []float64{c.b, 1 - c.b})
		delta := 1 - c.a - c.b
		got, err := inequalitiesOf(pi)
		require.NoError(t, err)
		require.NoError(t, close.Within(got.SquaredCorrelation, delta*delta, 0, roundingOfRho))
		require.Equal(t, []float64{delta, 1 - 2*math.Min(c.a, c.b)}, []float64{got.Dobrushin, got.Complement})
		r := check(t, forest(t, "icl", 4), several{pi}, Options{})
		f, _ := r.Finding(Contraction)
		require.NoError(t, close.Within(f.Number, c.number, 0, roundingOfRho))
		require.Equal(t, verdict.Holds, f.Verdict)
	}
}

// TestContractionUpToRounding: the inequalities may miss by the rounding of a
// singular value, no more.
func TestContractionUpToRounding(t *testing.T) {
	for excess, want := range map[float64]verdict.Verdict{0: verdict.Holds, roundingOfRho: verdict.Holds, 2 * roundingOfRho: verdict.Fails} {
		got := inOrder(t, measurement{gamma: 1, dobrushin: excess}).contraction()
		require.Equal(t, want, got.Verdict)
		require.Equal(t, -excess, got.Number+0)
	}
}

// TestMostOfAPropertyOverChains: the largest rho and the smallest gap, with the
// chain that has them.
func TestMostOfAPropertyOverChains(t *testing.T) {
	slow := chain(t, []float64{0.75, 0.25}, []float64{0.25, 0.75}) // rho = |lambda_2| = 1/2
	fast := chain(t, []float64{0.625, 0.375}, []float64{0.375, 0.625})
	r := check(t, forest(t, "icl", 4), several{fast, slow, fast}, Options{})
	for _, id := range []string{MaximalCorrelation, SpectralGap} {
		f, _ := r.Finding(id)
		require.NoError(t, close.Within(f.Number, 0.5, 0, roundingOfRho), id)
		require.Equal(t, Text(slow), f.Witness, id)
	}
}

// TestWorstViolationIsShown: of several periodic chains the first with the
// largest period.
func TestWorstViolationIsShown(t *testing.T) {
	two := chain(t, []float64{0, 0.5, 0.5}, []float64{1, 0, 0}, []float64{1, 0, 0})
	three := chain(t, []float64{0, 1, 0}, []float64{0, 0, 1}, []float64{1, 0, 0})
	back := chain(t, []float64{0, 0, 1}, []float64{1, 0, 0}, []float64{0, 1, 0})
	one := chain(t, []float64{0.5, 0.25, 0.25}, []float64{0.25, 0.5, 0.25}, []float64{0.25, 0.25, 0.5})
	f, _ := check(t, forest(t, "icl", 4), several{one, three, two, back}, Options{}).Finding(Aperiodic)
	require.Equal(t, verdict.Fails, f.Verdict)
	require.Equal(t, 3.0, f.Number)
	require.Equal(t, Text(three), f.Witness)
	require.Empty(t, f.Quantiles)
}

// lawAt is L2's number and slack at a child and a position.
func lawAt(ratio, slack float64, child, k int) measurement {
	return measurement{norm: 1, law: marginLaw{ratio: ratio, slack: slack, child: child, k: k}}
}

// TestMarginOverChains: the first smallest ratio is shown, chains that compare
// nothing are not counted, and a margin below the share by more than its
// rounding breaks the law.
func TestMarginOverChains(t *testing.T) {
	const unit = "smallest margin over (gamma/2) I"
	nothing := lawAt(math.Inf(1), math.Inf(1), graph.Root, graph.Root)
	text := "[[0.75,0.25],[0.25,0.75]]"
	checked := func(n string) string { return "proved for every chain; checked on " + n }
	rounding := roundingOfMargin(1)
	for name, c := range map[string]struct {
		list           []measurement
		verdict        verdict.Verdict
		number         float64
		witness, count string
	}{
		"one":            {[]measurement{lawAt(2, 1, 2, 0)}, verdict.Holds, 2, "child 2, position 0, chain " + text, checked("1 (exact: one chain)")},
		"first smallest": {[]measurement{lawAt(2, 1, 2, 0), lawAt(3, 1, 3, 0), lawAt(2, 1, 4, 0)}, verdict.Holds, 2, "child 2, position 0, chain " + text, checked("3 (")},
		"later smallest": {[]measurement{nothing, lawAt(3, 1, 3, 0), lawAt(2, 1, 4, 1)}, verdict.Holds, 2, "child 4, position 1, chain " + text, checked("2 (")},
		"no slack":       {[]measurement{lawAt(1, 0, 2, 0)}, verdict.Holds, 1, "child 2, position 0, chain " + text, checked("1 (")},
		"rounding":       {[]measurement{lawAt(1, -rounding, 2, 0)}, verdict.Holds, 1, "child 2, position 0, chain " + text, checked("1 (")},
		"broken":         {[]measurement{lawAt(2, 1, 2, 0), lawAt(0.5, -2*rounding, 3, 0), nothing}, verdict.Fails, 0.5, "child 3, position 0, chain " + text, checked("1 (")},
		"no gamma":       {[]measurement{lawAt(math.Inf(1), -0.5, graph.Root, graph.Root)}, verdict.Fails, -0.5, text, checked("0 (")},
	} {
		f := inOrder(t, c.list...).margin()
		require.Equal(t, c.verdict, f.Verdict, name)
		require.Equal(t, c.number, f.Number, name)
		require.Equal(t, c.witness, f.Witness, name)
		require.Equal(t, unit, f.Unit, name)
		require.Contains(t, f.Certainty, c.count, name)
	}
	f := inOrder(t, nothing, nothing).margin()
	require.Equal(t, verdict.Holds, f.Verdict)
	require.Contains(t, f.Unit, "no child has a third, earlier position")
	require.Contains(t, f.Certainty, "checked on 0")
}

// TestMarginLawOnGivenMatrices: of equal ratios the first position's, and
// without gamma the slack alone.
func TestMarginLawOnGivenMatrices(t *testing.T) {
	f := forest(t, "parents:-1,0,1,2", 0)
	m := chisq.Matrices{
		Signal:      [][]float64{{0}, {4, 0}, {0, 4, 0}, {2, 2, 4, 0}},
		Information: [][]float64{{0}, {4, 0}, {0, 4, 0}, {0, 0, 4, 0}},
	}
	law := measureMargin(f, m, 0.75, 1) // share = 1 - sqrt(1/4)
	require.Equal(t, marginLaw{ratio: 0.5 / 0.375, slack: 0, child: 3, k: 0}, law)
	m.Signal[3][1] = 6
	law = measureMargin(f, m, 0, 1)
	require.Equal(t, marginLaw{ratio: math.Inf(1), slack: -0.5, child: graph.Root, k: graph.Root}, law)
}

// TestRoundingOfMarginGrowsForNearlyEqualRows: entries of a kernel of norm 1e-3
// are known to 1e-14 of 1, which is 1e-11 of them.
func TestRoundingOfMarginGrowsForNearlyEqualRows(t *testing.T) {
	require.NoError(t, close.Within(roundingOfMargin(1e-3), 2e-11, 1e-15, 0)) // a few roundings
}
