package condition

import (
	"fmt"
	"strings"

	"causalgrad/theory/verdict"
)

// sentences writes the report's summary: the hypotheses, the prediction, the
// observation, and what a disagreement between them means.
func (r Report) sentences() []string {
	list := []string{r.hypotheses(), r.rateSentence()}
	if len(r.Observed) == 0 {
		return append(list, "The forest has no edge: there is no parent to find.")
	}
	observed := "Exact first-step gradient"
	if r.Embedding != "" {
		observed = "Exact first step of the scores, positions " + r.Embedding + ","
	}
	list = append(list,
		"Large-T signal: "+countRows(r.Predicted)+".",
		fmt.Sprintf("%s at T = %d: %s (a random choice finds %.3g).", observed, r.Length, countRows(r.Observed), r.Chance))
	return append(list, r.meaning()...)
}

// hypotheses lists the hypotheses by verdict.
func (r Report) hypotheses() string {
	var parts []string
	for _, v := range []verdict.Verdict{verdict.Holds, verdict.Fails, verdict.Undecided} {
		ids := r.hypothesesThat(v)
		if len(ids) == 0 {
			continue
		}
		several := map[verdict.Verdict]string{verdict.Holds: "hold", verdict.Fails: "fail", verdict.Undecided: "undecided"}[v]
		parts = append(parts, strings.Join(ids, ", ")+" "+plural(ids, string(v), several))
	}
	return "Hypotheses: " + strings.Join(parts, "; ") + "."
}

func (r Report) rateSentence() string {
	if r.Rate.Gamma == 0 {
		return fmt.Sprintf("Effective length: %.4g of %d on average; %s.", r.Rate.EffectiveLength, r.Length, r.Rate.Note)
	}
	return fmt.Sprintf("Effective length: %.4g of %d on average; T1 with gamma = %.3g: C log T / T_eff^%.3g = %.3g (%s).",
		r.Rate.EffectiveLength, r.Length, r.Rate.Gamma, r.Rate.Exponent, r.Rate.Bound, r.Rate.Note)
}

// countRows says of how many rows the parent is the largest entry.
func countRows(rows []Row) string {
	t := Table{Rows: rows}
	text := fmt.Sprintf("the parent is the row's largest entry in %d of %d rows", t.Count(verdict.Holds), len(rows))
	if n := t.Count(verdict.Fails); n > 0 {
		text += fmt.Sprintf(", not in %d (%d of these lose to the child itself)", n, lostToSelf(rows))
	}
	if n := t.Count(verdict.Undecided); n > 0 {
		text += fmt.Sprintf(", undecided in %d", n)
	}
	return text
}

func lostToSelf(rows []Row) int {
	n := 0
	for _, row := range rows {
		if row.Verdict == verdict.Fails && row.Argmax == row.Child {
			n++
		}
	}
	return n
}

// meaning relates the hypotheses to what was observed.
func (r Report) meaning() []string {
	var list []string
	failing := r.hypothesesThat(verdict.Fails)
	observed, predicted := Table{Rows: r.Observed}, Table{Rows: r.Predicted}
	right, wrong := observed.Count(verdict.Holds), observed.Count(verdict.Fails)
	if len(failing) > 0 && right == len(r.Observed) {
		list = append(list, fmt.Sprintf("%s violated, yet the first step finds every parent: the theorem's hypotheses are sufficient, not necessary.", named(failing)))
	}
	if len(failing) > 0 && right < len(r.Observed) && wrong == 0 {
		list = append(list, fmt.Sprintf("%s violated, yet no row is shown to miss its parent; more draws may decide the rest.", named(failing)))
	}
	if trace, ok := r.Finding(ConstantTrace); ok && trace.Verdict == verdict.Fails && trace.Number > 0 && lostToSelf(r.Observed) > 0 {
		list = append(list, fmt.Sprintf("Without a constant mean a position's signal on itself averages E tr(pi) - 1 = %.4g instead of 0, and beats the parent's in %s.", trace.Number, counted(lostToSelf(r.Observed), "row")))
	}
	if wrong > 0 && predicted.Count(verdict.Holds) == len(r.Predicted) && r.Embedding != "" {
		list = append(list, fmt.Sprintf("The signal alone predicts every parent where positions are orthogonal: what fails, in %s, comes from vectors that are not, or from the finite effective length (without --embedding the latter is left alone).", counted(wrong, "row")))
	} else if wrong > 0 && predicted.Count(verdict.Holds) == len(r.Predicted) {
		list = append(list, fmt.Sprintf("The signal alone predicts every parent: what fails, in %s, comes from the finite effective length, %.4g of %d here, and vanishes as it (not T alone) grows.", counted(wrong, "row"), r.Rate.EffectiveLength, r.Length))
	}
	if f, ok := r.Finding(LowerBound); ok && f.Verdict == verdict.Fails && f.Number == 0 {
		list = append(list, "A1 is violated for every gamma: entries come arbitrarily near 0.")
		if strings.HasPrefix(r.Prior, "dirichlet:") {
			list = append(list, "Dirichlet rows are the prior of the paper's own experiments, where training works all the same.")
		}
	}
	return list
}

func named(ids []string) string { return enumerated(ids) + plural(ids, " is", " are") }
