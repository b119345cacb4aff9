package claim

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"causalgrad/golden/stat"
	"causalgrad/impl/experiment"
	"causalgrad/props"
	"causalgrad/props/fault"
	"causalgrad/props/outcome"
	"causalgrad/reports/evidence"
	"causalgrad/reports/words"
	"causalgrad/theory/verdict"
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
	SingleHeads   evidence.SingleHeads // the plan's seed first
	CountRates    evidence.CountRates
	Widths        *evidence.Widths
	Dynamics      *evidence.Dynamics
	Records       []experiment.Record // checks left out
	Plateaus      []evidence.Plateau  // of those
	Forests       *evidence.ManyReport
	Algorithm1    *evidence.Algorithm1
	Noise         []evidence.NoisePoint // of A2 in those runs
	Determinism   *evidence.Determinism
	Official      []evidence.OfficialTest
	Speed         []evidence.OfficialSpeed
}

// leastSeeds is how many seeds a trained number needs for its spread to count.
const leastSeeds = 8

// notRun is the finding of a claim without evidence.
func notRun(what string) Finding {
	return Finding{Verdict: verdict.NotRun, Numbers: "no evidence: " + what}
}

// short is the finding with its few words.
func (f Finding) short(format string, a ...any) Finding {
	f.Short = fmt.Sprintf(format, a...)
	return f
}

// decide is holds or fails.
func decide(ok bool, format string, a ...any) Finding {
	v := verdict.Fails
	if ok {
		v = verdict.Holds
	}
	return Finding{Verdict: v, Numbers: fmt.Sprintf(format, a...)}
}

// falling judges quantities that must fall with T: it fails where one is shown to
// rise, holds where all are shown to fall, and is undecided in between.
func falling(decays ...evidence.Decay) Finding {
	f := Finding{Verdict: verdict.Holds}
	var words []string
	for _, d := range decays {
		switch {
		case d.Rises():
			f.Verdict = verdict.Fails
		case !d.Falls() && f.Verdict == verdict.Holds:
			f.Verdict = verdict.Undecided
		}
		of := ""
		if d.Of != "" {
			of = d.Of + ": "
		}
		words = append(words, of+d.String()+warned(d.Warnings))
	}
	f.Numbers = strings.Join(words, "; ")
	slowest := math.Inf(-1) // at the longest lengths
	for _, d := range decays {
		slowest = max(slowest, d.Local[len(d.Local)-1].Exponent)
	}
	return f.short("local exponent %.2f at the longest lengths", slowest)
}

// ofSeeds is the finding of a trained number with so many seeds: with few it
// holds partly.
func ofSeeds(f Finding, seeds int) Finding {
	f.Numbers = words.Counted(seeds, "seed") + ": " + f.Numbers
	if seeds < leastSeeds && f.Verdict == verdict.Holds {
		f.Verdict, f.Why = verdict.Partly, fmt.Sprintf("fewer than %d seeds", leastSeeds)
		f.Numbers += fmt.Sprintf("; %d seeds are asked for", leastSeeds)
	}
	return f
}

// predicted is the mean over seeds with the interval of one more.
func predicted(values []float64) string {
	p, err := stat.PredictionInterval(values, stat.RateConfidence)
	if err != nil { // one value, or all equal
		return fmt.Sprintf("%.4f", values[0])
	}
	return fmt.Sprintf("%.4f, %.0f%% prediction interval [%.4f, %.4f]", p.Mean, 100*stat.RateConfidence, p.Interval.Lo, p.Interval.Hi) + warned(p.Warnings)
}

// warned are a method's warnings behind its numbers: none is dropped.
func warned(warnings []string) string {
	if len(warnings) == 0 {
		return ""
	}
	return " (" + strings.Join(warnings, "; ") + ")"
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
		case outcome.Passed:
			draws += r.Draws
		case outcome.Failed:
			return Finding{Verdict: verdict.Fails, Numbers: fmt.Sprintf("law %s fails: %s", id, r.Replay(""))}
		default:
			return Finding{Verdict: verdict.NotRun, Numbers: fmt.Sprintf("law %s: %s", id, r.Verdict)}
		}
	}
	return Finding{Verdict: verdict.Holds, Numbers: fmt.Sprintf("%s: no counterexample in %d random instances", words.Counted(len(ids), "law"), draws)}.short("no counterexample in %d instances", draws)
}

// text is a threshold as a statement quotes it, so that the two cannot differ.
func text(threshold float64) string {
	return strings.Replace(strconv.FormatFloat(threshold, 'g', -1, 64), "e-0", "e-", 1)
}

// percent is a share as a statement quotes it.
func percent(share float64) string { return text(math.Round(share*1e6)/1e4) + "%" }
