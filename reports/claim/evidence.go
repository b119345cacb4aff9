package claim

import (
	"fmt"
	"slices"
	"strings"

	"causalgrad/golden/stat"
	"causalgrad/impl/experiment"
	"causalgrad/props"
	"causalgrad/props/fault"
	"causalgrad/reports/evidence"
	"causalgrad/reports/table"
)

// Evidence is what was gathered. Every part may be absent: its claims are then
// not run.
type Evidence struct {
	Agreement     evidence.Agreement
	FirstStep     *evidence.FirstStep
	Signal        evidence.SignalLadders
	Necessity     evidence.Necessity
	Regions       evidence.CertifiedRegions
	Laws          []props.Result
	Planted       *fault.Matrix
	Constructions *evidence.Constructions
	SingleHead    *evidence.SingleHead
	CountRates    evidence.CountRates
	Widths        *evidence.Widths
	Records       []experiment.Record // checks left out
	Forests       *evidence.ManyReport
	Algorithm1    *evidence.Algorithm1
	Determinism   *evidence.Determinism
	Benchmarks    *evidence.Benchmarks
}

// longest are the records of each experiment with the most steps: shorter runs
// of the same experiment say less.
func (e Evidence) longest() []experiment.Record {
	most := map[string]int{} // only looked up
	for _, r := range e.Records {
		most[r.Spec.ID] = max(most[r.Spec.ID], r.Spec.Steps)
	}
	var list []experiment.Record
	for _, r := range e.Records {
		if r.Spec.Steps == most[r.Spec.ID] {
			list = append(list, r)
		}
	}
	return list
}

// notRun is the finding of a claim without evidence.
func notRun(what string) Finding {
	return Finding{Verdict: table.NotRun, Numbers: "no evidence: " + what}
}

// decide is holds or fails.
func decide(ok bool, format string, a ...any) Finding {
	v := table.Fails
	if ok {
		v = table.Holds
	}
	return Finding{Verdict: v, Numbers: fmt.Sprintf(format, a...)}
}

// falls tells whether every interval lies below 0, and shows the exponents.
func falls(rates []evidence.NamedRate) (all bool, numbers string) {
	all = true
	var words []string
	for _, r := range rates {
		all = all && r.Rate.Interval.Hi < 0
		words = append(words, fmt.Sprintf("T^%.3f, %.0f%% interval [%.3f, %.3f]%s", r.Rate.Exponent, 100*stat.RateConfidence,
			r.Rate.Interval.Lo, r.Rate.Interval.Hi, afterComma(r.Name)))
	}
	return all, strings.Join(words, "; ")
}

// afterComma is what a rate's name says behind its first comma, in brackets.
func afterComma(name string) string {
	if _, rest, ok := strings.Cut(name, ", "); ok {
		return " (" + rest + ")"
	}
	return ""
}

// laws judges the named laws: all must have been run and passed.
func (e Evidence) laws(ids ...string) Finding {
	draws := 0
	for _, id := range ids {
		i := slices.IndexFunc(e.Laws, func(r props.Result) bool { return r.Law.ID == id })
		if i < 0 {
			return notRun("law " + id)
		}
		switch r := e.Laws[i]; r.Verdict {
		case props.Passed:
			draws += r.Draws
		case props.Failed:
			return Finding{Verdict: table.Fails, Numbers: fmt.Sprintf("law %s fails: %s", id, r.Replay())}
		default:
			return Finding{Verdict: table.NotRun, Numbers: fmt.Sprintf("law %s: %s", id, r.Verdict)}
		}
	}
	return Finding{Verdict: table.Holds, Numbers: fmt.Sprintf("%s: no counterexample in %d random instances", plural(len(ids), "law"), draws)}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
