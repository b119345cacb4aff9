package condition

import (
	"testing"

	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// rows have the given verdicts; children lose to themselves.
func rows(verdicts ...verdict.Verdict) []Row {
	var list []Row
	for n, v := range verdicts {
		row := Row{Child: n + 1, Parent: n, Argmax: n, Verdict: v}
		if v == verdict.Fails {
			row.Argmax = row.Child
		}
		list = append(list, row)
	}
	return list
}

func TestRowsInWords(t *testing.T) {
	elsewhere := rows(verdict.Fails, verdict.Fails)
	elsewhere[1].Argmax = 0
	const text = "the parent is the row's largest entry in "
	for _, c := range []struct {
		rows []Row
		want string
	}{
		{rows(verdict.Holds, verdict.Holds), "2 of 2 rows"},
		{rows(verdict.Holds, verdict.Fails, verdict.Undecided, verdict.Undecided), "1 of 4 rows, not in 1 (1 of these lose to the child itself), undecided in 2"},
		{elsewhere, "0 of 2 rows, not in 2 (1 of these lose to the child itself)"},
	} {
		require.Equal(t, text+c.want, countRows(c.rows))
	}
}

func TestHypothesesAndRateInWords(t *testing.T) {
	f := forest(t, "icl", 4)
	sticky := markov.Point{Chain: chain(t, []float64{0.75, 0.25}, []float64{0.25, 0.75})}
	r := check(t, f, sticky, Options{})
	require.Equal(t, "Hypotheses: graph, A0, A1, A2, A3 hold; A4 fails; effective-length undecided.", r.Summary[0])
	// One edge: 16/(4 + 2/2), and log 4/sqrt(3.2) = 0.775.
	require.Contains(t, r.Summary[1], "Effective length: 3.2 of 4 on average; T1 with gamma = 0.5: C log T / T_eff^0.5 = 0.775 (")
	several := Report{Findings: []Finding{{ID: "one", Kind: Hypothesis, Verdict: verdict.Undecided}, {ID: "two", Kind: Hypothesis, Verdict: verdict.Undecided},
		{ID: "three", Kind: Property, Verdict: verdict.Undecided}}}
	require.Equal(t, "Hypotheses: one, two undecided.", several.hypotheses())
	periodic := markov.Point{Chain: chain(t, []float64{0, 1}, []float64{1, 0})}
	r = check(t, f, periodic, Options{})
	require.Equal(t, "Hypotheses: graph, A0, A2, A3 hold; A1, A4 fail; effective-length undecided.", r.Summary[0])
	require.Regexp(t, `^Effective length: .* of 4 on average; no gamma > 0 satisfies`, r.Summary[1])
}

// TestMeaningOfDisagreements: each sentence with its condition and only with it.
func TestMeaningOfDisagreements(t *testing.T) {
	const (
		sufficient = "A3 is violated, yet the first step finds every parent: the theorem's hypotheses are sufficient, not necessary."
		draws      = "A3 is violated, yet no row is shown to miss its parent; more draws may decide the rest."
		self       = "Without a constant mean a position's signal on itself averages E tr(pi) - 1 = 0.5 instead of 0, and beats the parent's in 1 row."
		length     = "The signal alone predicts every parent: what fails, in 1 row, comes from the finite effective length, 0 of 0 here, and vanishes as it (not T alone) grows."
	)
	symmetry := Finding{ID: Symmetry, Kind: Hypothesis, Verdict: verdict.Fails}
	trace := func(number float64) Finding {
		return Finding{ID: ConstantTrace, Kind: Property, Verdict: verdict.Fails, Number: number}
	}
	elsewhere := rows(verdict.Fails)
	elsewhere[0].Argmax = 2 // a third position wins, not the child itself
	for name, c := range map[string]struct {
		findings            []Finding
		predicted, observed []Row
		want                []string
	}{
		"all hold":             {nil, rows(verdict.Holds), rows(verdict.Holds), nil},
		"undecided":            {nil, rows(verdict.Holds), rows(verdict.Undecided), nil},
		"not necessary":        {[]Finding{symmetry}, rows(verdict.Holds), rows(verdict.Holds), []string{sufficient}},
		"more draws":           {[]Finding{symmetry}, rows(verdict.Holds, verdict.Holds), rows(verdict.Holds, verdict.Undecided), []string{draws}},
		"violated and wrong":   {[]Finding{symmetry}, rows(verdict.Fails, verdict.Fails), rows(verdict.Holds, verdict.Fails), nil},
		"self":                 {[]Finding{trace(0.5)}, rows(verdict.Fails), rows(verdict.Fails), []string{self}},
		"trace below 1":        {[]Finding{trace(-0.5)}, rows(verdict.Fails), rows(verdict.Fails), nil},
		"trace of exactly 1":   {[]Finding{trace(0)}, rows(verdict.Fails), rows(verdict.Fails), nil},
		"lost to others":       {[]Finding{trace(0.5)}, rows(verdict.Fails), elsewhere, nil},
		"no row wrong":         {[]Finding{trace(0.5)}, rows(verdict.Fails), rows(verdict.Holds), nil},
		"effective length":     {nil, rows(verdict.Holds), rows(verdict.Fails), []string{length}},
		"signal wrong as well": {nil, rows(verdict.Fails), rows(verdict.Fails), nil},
	} {
		r := Report{Findings: c.findings, Predicted: c.predicted, Observed: c.observed}
		require.Equal(t, c.want, r.meaning(), name)
	}
	r := Report{Embedding: "gaussian:8,1", Predicted: rows(verdict.Holds), Observed: rows(verdict.Fails)}
	require.Equal(t, []string{"The signal alone predicts every parent where positions are orthogonal: what fails, in 1 row, comes from vectors that are not, " +
		"or from the finite effective length (without --embedding the latter is left alone)."}, r.meaning())
	r.Observed = r.Predicted
	require.Empty(t, r.meaning(), "no failure to explain")
}
