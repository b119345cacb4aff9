package theorylaws

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/theory/condition"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

func reportLaws() []props.Law {
	source := "theory.md section 4"
	return []props.Law{
		{ID: "condition-quantiles", Source: source, Needs: checking, Draws: 25, Check: conditionQuantiles,
			Sentence: "A quantile is the smallest value that at least that share of the chains do not exceed."},
		{ID: "condition-rate", Source: "theorems.md, T1", Needs: checking, Draws: 30, Check: conditionRate,
			Sentence: "The rate is C log T / T_eff^(c gamma) with the mean effective length and the constant that A1 and A2 allow, or the one that is given."},
		{ID: "condition-summary", Source: source, Needs: checking, Draws: 40, Check: over(conditionSummary),
			Sentence: "The sentences say of every hypothesis and of the rows what the findings and the tables say."},
		{ID: "condition-report", Source: source, Needs: checking, Draws: 20, Check: conditionReport,
			Sentence: "A report is the same for any number of workers, keeps every number as JSON, and says what it was asked about."},
		{ID: "condition-refusals", Source: source, Needs: checking, Draws: 30, Check: conditionRefusals,
			Sentence: "An option that is no number of its range, a graph with two parents, no prior or one that draws reducible chains is refused in one line that names it."},
		{ID: "condition-statements", Source: "theorems.md", Needs: checking, Check: conditionStatements,
			Sentence: "Every statement is found by its identifier and by no other, and every finding is one of them in its words."},
		{ID: "condition-draws", Source: source, Needs: checking, Check: conditionDraws,
			Sentence: "The number of draws is from 64 to 2000 and never grows with the length or the tokens."},
	}
}

func conditionQuantiles(t *rapid.T, s props.Subject) {
	x := checkedOn(t, s, props.ForestOf([]int{-1, 0}), drawSupport(t, 2, 9), condition.Options{})
	values := x.each(smallestEntry)
	quantiles := x.finding(condition.LowerBound).Quantiles
	props.Demand(t, x.Case, (len(quantiles) > 0) == (len(values) > 1), "quantiles of A1", "some for several chains", strconv.Itoa(len(quantiles)))
	for _, q := range quantiles {
		below, notAbove := 0, 0
		for _, v := range values {
			if v < q.Value {
				below++
			}
			if v <= q.Value {
				notAbove++
			}
		}
		rank := q.Level * float64(len(values))
		props.Demand(t, x.Case, float64(notAbove) >= rank && notAbove > below && (below == 0 || float64(below) < rank),
			fmt.Sprintf("quantile %v of A1", q.Level), "one of the values, the first with that share", fmt.Sprint(q.Value))
	}
}

func conditionRate(t *rapid.T, s props.Subject) {
	o := condition.Options{Constants: condition.Constants{
		Gamma: rapid.SampledFrom([]float64{0, 0.3}).Draw(t, "gamma"), RateFactor: rapid.SampledFrom([]float64{0, 2.5}).Draw(t, "factor"),
		RateExponent: rapid.SampledFrom([]float64{0, 0.7}).Draw(t, "exponent"),
	}}
	x := checkedOn(t, s, props.DrawForest(t, 3, 7).Forest, drawSupport(t, 3, 3), o)
	gamma := math.Min(1, math.Min(x.finding(condition.LowerBound).Number, x.finding(condition.NonDegeneracy).Number))
	if o.Gamma > 0 {
		gamma = o.Gamma
	}
	factor, exponent := 1.0, 1.0
	if o.RateFactor > 0 {
		factor = o.RateFactor
	}
	if o.RateExponent > 0 {
		exponent = o.RateExponent
	}
	props.Within(t, x.Case, "gamma of the rate", x.Rate.Gamma, gamma, 0)
	props.Within(t, x.Case, "exponent", x.Rate.Exponent, exponent*gamma, 4*s.Roundoff())
	props.Within(t, x.Case, "factor", x.Rate.Factor, factor, 0)
	effective := 0.0
	for _, c := range x.support {
		one := checkedOn(t, s, x.f, []*markov.Chain{c}, condition.Options{})
		effective += one.finding(condition.EffectiveLength).Number / float64(len(x.support))
	}
	props.Within(t, x.Case, "mean effective length", x.Rate.EffectiveLength, effective, 16*s.Roundoff()*effective)
	bound := factor * math.Log(float64(x.Length)) * math.Pow(effective, -exponent*gamma)
	props.Within(t, x.Case, "bound", x.Rate.Bound, bound, 64*s.Roundoff()*bound) // a power of at most 7^0.7
	props.Demand(t, x.Case, (gamma == 0) == strings.Contains(x.Rate.Note, "no rate"), "note", "that no rate follows from gamma = 0 alone", x.Rate.Note)
}

// conditionSummary reads the sentences back.
func conditionSummary(x checked) {
	t, c, text := x.t, x.Case, strings.Join(x.Summary, "\n")
	list, ok := strings.CutPrefix(strings.TrimSuffix(x.Summary[0], "."), "Hypotheses: ")
	props.Demand(t, c, ok, "first sentence", "the hypotheses", x.Summary[0])
	said := map[string]condition.Verdict{}
	for _, part := range strings.Split(list, "; ") {
		at := strings.LastIndex(part, " ")
		props.Demand(t, c, at > 0, "first sentence", "identifiers and a verdict", part)
		verdict := map[string]condition.Verdict{"hold": condition.Holds, "holds": condition.Holds, "fail": condition.Fails, "fails": condition.Fails,
			"undecided": condition.Undecided}[part[at+1:]]
		for _, id := range strings.Split(part[:at], ", ") {
			said[id] = verdict
		}
	}
	failing := []string{}
	for _, f := range x.Findings {
		if f.Kind != condition.Hypothesis {
			continue
		}
		props.Demand(t, c, said[f.ID] == f.Verdict, "what is said of "+f.ID, string(f.Verdict), string(said[f.ID]))
		delete(said, f.ID)
		if f.Verdict == condition.Fails {
			failing = append(failing, f.ID)
		}
	}
	props.Demand(t, c, len(said) == 0, "first sentence", "hypotheses alone", fmt.Sprint(said))
	if len(x.Observed) == 0 {
		props.Demand(t, c, strings.Contains(text, "no edge"), "sentences", "that there is no edge", text)
		return
	}
	right, wrong, self := 0, 0, 0
	for _, row := range x.Observed {
		switch row.Verdict {
		case condition.Holds:
			right++
		case condition.Fails:
			wrong++
			if row.Argmax == row.Child {
				self++
			}
		}
	}
	props.Demand(t, c, strings.Contains(x.Summary[3], fmt.Sprintf("in %d of %d rows", right, len(x.Observed))), "observed", fmt.Sprintf("%d of %d rows", right, len(x.Observed)), x.Summary[3])
	if wrong > 0 {
		counts := fmt.Sprintf("not in %d (%d of these lose to the child itself)", wrong, self)
		props.Demand(t, c, strings.Contains(x.Summary[3], counts), "observed", counts, x.Summary[3])
	}
	every := right == len(x.Observed)
	x.says(text, "sufficient, not necessary", len(failing) > 0 && every)
	x.says(text, "beats the parent's", x.finding(condition.ConstantTrace).Verdict == condition.Fails && x.finding(condition.ConstantTrace).Number > 0 && self > 0)
	x.says(text, "violated for every gamma", x.finding(condition.LowerBound).Number == 0)
	x.says(text, "more draws may decide", len(failing) > 0 && !every && wrong == 0)
	if len(failing) > 0 && every {
		for _, id := range failing {
			props.Demand(t, c, strings.Contains(text, id), "sentences", "the violated "+id, text)
		}
	}
}

// says demands that the words are there exactly when they are true.
func (x checked) says(text, words string, holds bool) {
	got := strings.Contains(text, words)
	props.Demand(x.t, x.Case, got == holds, fmt.Sprintf("sentence with %q", words), fmt.Sprint(holds), fmt.Sprint(got))
}

func conditionReport(t *rapid.T, s props.Subject) {
	f, prior, o := props.DrawForest(t, 3, 6).Forest, drawFamily(t, 2), drawDraws(t)
	c := sampledCase(f, prior, o)
	o.Workers = 1
	r := askCheck(t, s, c, f, prior, o)
	written := asJSON(t, c, r)
	o.Workers = rapid.IntRange(2, 9).Draw(t, "workers")
	props.Equal(t, c, "report of more workers", []string{asJSON(t, c, askCheck(t, s, c, f, prior, o))}, []string{written})
	var back condition.Report
	props.Ask(t, c, "report as JSON", func() (struct{}, error) { return struct{}{}, json.Unmarshal([]byte(written), &back) })
	props.Equal(t, c, "report read back", []string{asJSON(t, c, back)}, []string{written})
	props.Equal(t, c, "verdicts read back", verdicts(back), verdicts(r))
	props.Equal(t, c, "what was asked", []string{r.Graph, r.Prior, strconv.Itoa(r.Length), strconv.Itoa(r.Tokens)}, []string{f.String(), prior.String(), strconv.Itoa(f.SequenceLength()), "2"})
}

func asJSON(t *rapid.T, c props.Case, r condition.Report) string {
	return string(props.Ask(t, c, "report as JSON", func() ([]byte, error) { return json.Marshal(r) }))
}

func conditionRefusals(t *rapid.T, s props.Subject) {
	f, prior := props.DrawForest(t, 3, 6).Forest, markov.Prior(markov.Dirichlet{Size: 2, Alpha: 1})
	reject := func(g graph.Graph, prior markov.Prior, o condition.Options, name string) {
		c := props.Case{Graph: g.String()}.Where("prior %v, options %+v", prior, o)
		props.Refuses(t, c, "report", func() (condition.Report, error) { return s.(ConditionChecker).Conditions().Check(g, prior, o) }, name)
	}
	bad := rapid.SampledFrom([]float64{math.NaN(), -1, -1e-300, math.Inf(1), math.Inf(-1)}).Draw(t, "bad")
	reject(f, prior, condition.Options{Eps: bad}, "eps")
	for _, k := range []struct {
		name      string
		constants condition.Constants
	}{
		{"gamma", condition.Constants{Gamma: bad}}, {"gamma", condition.Constants{Gamma: math.Nextafter(1, 2)}},
		{"non-degeneracy", condition.Constants{Gamma: 1, NonDegeneracy: bad}}, {"effective length", condition.Constants{EffectiveLength: bad}},
		{"rate factor", condition.Constants{RateFactor: bad}}, {"rate exponent", condition.Constants{RateExponent: bad}},
	} {
		reject(f, prior, condition.Options{Constants: k.constants}, k.name)
	}
	reject(f, prior, condition.Options{Draws: rapid.SampledFrom([]int{1, 63, -1, -100}).Draw(t, "draws")}, "draws")
	reject(f, nil, condition.Options{}, "no prior")
	reject(f, reducible{prior}, condition.Options{}, "draw 0")
	reject(f, markov.Dirichlet{Size: rapid.IntRange(300, 512).Draw(t, "tokens"), Alpha: 1}, condition.Options{}, "tokens")
	reject(gen.TwoLayers(5, 8).Draw(t, "graph"), prior, condition.Options{}, "at most one parent")
	reject(graph.Forest{}, prior, condition.Options{}, "sequence length")
}

func conditionStatements(t *rapid.T, s props.Subject) {
	k := s.(ConditionChecker).Conditions()
	all := props.Ask(t, props.Case{}, "statements", func() ([]condition.Statement, error) { return k.Statements(), nil })
	props.Demand(t, props.Case{}, len(all) > 0, "statements", "some", "none")
	want := all[rapid.IntRange(0, len(all)-1).Draw(t, "statement")]
	c := props.Case{}.Where("statement %s", want.ID)
	got, ok := k.Lookup(want.ID)
	props.Demand(t, c, ok && got == want, "statement", fmt.Sprint(want), fmt.Sprint(got))
	props.Demand(t, c, want.Text != "" && want.Source != "" && want.Kind != "", "statement", "a text, a source and a kind", fmt.Sprint(want))
	_, ok = k.Lookup(want.ID + rapid.SampledFrom([]string{" ", "x", want.ID}).Draw(t, "suffix"))
	props.Demand(t, c, !ok, "another identifier", "no statement", "one")
	for i := range all {
		all[i].Text = "" // the list is the caller's
	}
	got, _ = k.Lookup(want.ID)
	props.Demand(t, c, got == want, "statement after the list was changed", fmt.Sprint(want), fmt.Sprint(got))
	r := askCheck(t, s, c, props.ForestOf([]int{-1, 0}), listed([]*markov.Chain{props.ChainOf([][]float64{{0.5, 0.5}, {0.25, 0.75}})}), condition.Options{})
	for _, f := range r.Findings {
		statement, ok := k.Lookup(f.ID)
		props.Demand(t, c, ok && statement.Text == f.Statement && statement.Kind == f.Kind && statement.Source == f.Source && f.Certainty != "",
			"finding "+f.ID, fmt.Sprint(statement), fmt.Sprint(f))
	}
}

func conditionDraws(t *rapid.T, s props.Subject) {
	length, tokens := rapid.IntRange(3, 200).Draw(t, "length"), rapid.IntRange(2, 12).Draw(t, "tokens")
	c := props.Case{}.With("--length %d --tokens %d", length, tokens)
	draws := func(length, tokens int) int {
		return props.Ask(t, c, "draws", func() (int, error) { return s.(ConditionChecker).Conditions().DefaultDraws(length, tokens), nil })
	}
	n := draws(length, tokens)
	props.Demand(t, c, n >= 64 && n <= 2000, "draws", "from 64 to 2000", strconv.Itoa(n))
	longer := draws(length+rapid.IntRange(1, 50).Draw(t, "longer"), tokens)
	props.Demand(t, c, longer <= n, "draws for a longer sequence", fmt.Sprintf("at most %d", n), strconv.Itoa(longer))
	larger := draws(length, tokens+rapid.IntRange(1, 5).Draw(t, "more"))
	props.Demand(t, c, larger <= n, "draws for more tokens", fmt.Sprintf("at most %d", n), strconv.Itoa(larger))
}
