package theorylaws

import (
	"fmt"
	"slices"

	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/theory/condition"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

func conditionSymmetryLaws() []props.Law {
	source := "theory.md section 4"
	return []props.Law{
		{ID: "condition-relabelling", Source: source, Needs: checking, Draws: 30, Check: conditionRelabelling,
			Sentence: "Renaming the tokens of all chains changes no verdict and no number, in the findings and in the rows."},
		{ID: "condition-isomorphism", Source: source, Needs: checking, Draws: 30, Check: conditionIsomorphism,
			Sentence: "An isomorphic forest gets the same verdicts and numbers, L2's choice of earlier positions apart."},
		{ID: "condition-multiplicity", Source: source, Needs: checking, Draws: 30, Check: conditionMultiplicity,
			Sentence: "Listing the chains in another order, or each of them twice, changes no verdict and no number."},
		{ID: "condition-orbit", Source: source, Needs: checking, Draws: 20, Check: conditionOrbit,
			Sentence: "An orbit gets the report of the list of all its (S!)^2 chains: A3 and A4 hold, the other numbers and the rows agree."},
	}
}

// sameFindings demands the same findings but for those left out, and numbers within slack.
func sameFindings(t *rapid.T, c props.Case, got, want condition.Report, slack float64, without ...string) {
	for _, w := range want.Findings {
		if slices.Contains(without, w.ID) {
			continue
		}
		g, ok := got.Finding(w.ID)
		props.Demand(t, c, ok && g.Verdict == w.Verdict, "verdict on "+w.ID, string(w.Verdict), string(g.Verdict))
		props.Within(t, c, "number of "+w.ID, g.Number, w.Number, slack)
	}
}

// rowsAlike demands rows with the same margins; where those are clear, also the
// same verdicts.
func rowsAlike(t *rapid.T, c props.Case, what string, got, want []condition.Row, slack float64) {
	props.Demand(t, c, len(got) == len(want), what, fmt.Sprintf("%d rows", len(want)), fmt.Sprintf("%d rows", len(got)))
	for n, w := range want {
		g := got[n]
		props.Demand(t, c, g.Child == w.Child && g.Parent == w.Parent, what, fmt.Sprint(w), fmt.Sprint(g))
		props.Within(t, c, fmt.Sprintf("%s: margin of child %d", what, w.Child), g.Margin, w.Margin, slack)
		if w.Margin > 2*slack || w.Margin < -2*slack {
			props.Demand(t, c, g.Verdict == w.Verdict, fmt.Sprintf("%s: verdict on child %d", what, w.Child), string(w.Verdict), string(g.Verdict))
		}
	}
}

// reportSlack bounds the difference of the same numbers found in two ways: a gap
// moves by the root of the rounding (see conditionSpectrum), L2's ratio by that
// over gamma and information, which the laws below therefore leave out.
const reportSlack = 1e-6

func conditionRelabelling(t *rapid.T, s props.Subject) {
	x := drawChecked(t, s, condition.Options{})
	order := props.DrawOrder(t, x.support[0].Tokens())
	renamed := make([]*markov.Chain, len(x.support))
	for n, c := range x.support {
		renamed[n] = c.Relabelled(order)
	}
	y := checkedOn(t, s, x.f, renamed, condition.Options{})
	c := x.Case.Where("and with tokens renamed by %v", order)
	// A3's number is a greedy matching's, which depends on the order of tokens.
	sameFindings(t, c, y.Report, x.Report, reportSlack, condition.Margin, condition.Symmetry)
	props.Demand(t, c, y.finding(condition.Symmetry).Verdict == x.finding(condition.Symmetry).Verdict, "verdict on A3", "the same", "another")
	rowsAlike(t, c, "predicted", y.Predicted, x.Predicted, 2*x.slack())
	rowsAlike(t, c, "observed", y.Observed, x.Observed, 1e-11) // see rowSlack
}

func conditionIsomorphism(t *rapid.T, s props.Subject) {
	x := drawChecked(t, s, condition.Options{})
	f, order := props.DrawReordering(t, x.f)
	y := checkedOn(t, s, f, x.support, condition.Options{})
	sameFindings(t, x.Case.Where("and its positions moved to %v", order), y.Report, x.Report, reportSlack, condition.Margin)
}

func conditionMultiplicity(t *rapid.T, s props.Subject) {
	x := drawChecked(t, s, condition.Options{})
	again := rapid.Permutation(x.support).Draw(t, "order")
	if rapid.Bool().Draw(t, "twice") {
		again = append(again, x.support...)
	}
	y := checkedOn(t, s, x.f, again, condition.Options{})
	c := x.Case.Where("and as a list of %d chains", len(again))
	sameFindings(t, c, y.Report, x.Report, reportSlack, condition.Margin, condition.Symmetry)
	rowsAlike(t, c, "predicted", y.Predicted, x.Predicted, 2*x.slack())
	rowsAlike(t, c, "observed", y.Observed, x.Observed, 1e-11)
}

func conditionOrbit(t *rapid.T, s props.Subject) {
	f := props.DrawForest(t, 3, 5).Forest
	orbit := gen.Orbits(2, 3).Draw(t, "orbit")
	props.ObservePrior(t)
	whole := checkedOn(t, s, f, orbit.Support(), condition.Options{})
	c := props.ForestCase(f, orbit.Support()[0]).Where("the orbit of the chain")
	r := askCheck(t, s, c, f, orbit, condition.Options{})
	sameFindings(t, c, r, whole.Report, reportSlack, condition.Margin)
	for _, id := range []string{condition.Symmetry, condition.ConstantMean, condition.ConstantTrace} {
		whole.verdict(id, condition.Holds)
	}
	rowsAlike(t, c, "predicted", r.Predicted, whole.Predicted, 2*whole.slack())
	rowsAlike(t, c, "observed", r.Observed, whole.Observed, 1e-11)
	props.Demand(t, c, r.Exact && whole.Exact, "report", "exact for a finite prior", "sampled")
}
