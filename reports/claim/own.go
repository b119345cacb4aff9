package claim

import (
	"fmt"
	"slices"
	"strings"

	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
	"causalgrad/props/outcome"
	"causalgrad/reports/evidence"
	"causalgrad/reports/words"
	"causalgrad/theory/verdict"

	"gonum.org/v1/gonum/stat/distuv"
)

// ownClaims are about this implementation and about what follows from its runs
// beyond the paper.
func ownClaims() []Claim {
	return []Claim{
		{ID: "official-agreement", Statement: "Outputs, losses, gradients, first steps and training curves agree with the official " +
			"implementation's.",
			Where: "the official code", Kind: Exact, Certainty: Code, Command: "causalgrad verify",
			Tables: []string{"agreement"}, judge: func(e Evidence) Finding { return agreement(e) }},
		{ID: "exact-gradient", Statement: "The exact first gradient at finite T, computed in polynomial time, is the enumeration over all " +
			"prefixes, and the models' own gradient.",
			Where: "this project's own (theory/README.md, section 3)", Kind: Exact, Certainty: Derived,
			Command: "causalgrad conform --law first-step-definition --law first-step-of-the-model", Tables: []string{"agreement", "conform"},
			Figures: []string{"first-step"},
			judge: func(e Evidence) Finding {
				return combine(agreement(e, "gradient_examples"), e.laws("first-step-definition", "first-step-of-the-model"))
			}},
		{ID: "laws", Statement: "Every law that any implementation of the tasks, models, optimisers and the theory can be asked holds for " +
			"the built-in one on random instances.",
			Where: "this project's own", Kind: Statistical, Certainty: Derived, Command: "causalgrad conform",
			Tables: []string{"conform"}, judge: judgeLaws},
		{ID: "sensitivity", Statement: "The laws can fail: each planted mistake, of the kinds that another person's implementation makes, " +
			"is caught by at least one of them.",
			Where: "this project's own", Kind: Observed, Certainty: Derived, Command: "causalgrad faults",
			Caveat: "the mistakes are those that this project thought of; how its own code is tested, mutants of every line show (golden/mutants)",
			Tables: []string{"faults"}, judge: judgeSensitivity},
		{ID: "determinism", Statement: "The same specification and seed give the same bits: for any number of workers, on every kernel " +
			"variant, in every build, and as the golden runs.",
			Where: "this project's own", Kind: Exact, Certainty: Derived, Command: "causalgrad fingerprint --check",
			Caveat: "builds other than this report's own were run once, where the table says; presets are shortened",
			Tables: []string{"determinism"}, judge: judgeDeterminism},
		{ID: "speed", Statement: "A training step of 1024 fresh sequences is at least " + text(evidence.TargetOfficial) + " times as fast as the official code's, in each of " + text(evidence.OfficialConfigurations) + " configurations, in processor time and on the clock.",
			Where: "this project's own", Kind: Observed, Certainty: Derived, Command: "make compare-official OFFICIAL=DIR ONLY=speed",
			Caveat: "measured once, both codes in alternating blocks on the machine that the table names, with its load",
			Tables: []string{"speed-official", "speed-steps", "speed-parts", "speed-scaling"}, judge: judgeSpeed},
		{ID: "official-training", Statement: "Trained side by side on the same four graphs, the official code and this one end at the " +
			"same loss, within " + text(evidence.OfficialLossMargin) + " nats, and the same mean attention on the parents, within " + text(evidence.OfficialAttentionMargin) + ", at level " + percent(evidence.OfficialLevel) + ": after 1024 and after 4096 steps.",
			Where: "the official code", Kind: Statistical, Certainty: Code, Command: "make compare-official OFFICIAL=DIR",
			Caveat: "the margins are this project's choice; the table says how many seeds there are",
			Tables: []string{"official-training"}, judge: judgeOfficialTraining},
		{ID: "sufficient-not-necessary", Group: Beyond,
			Statement: "The lower bound on the transitions is sufficient, not necessary: Dirichlet rows break it for every gamma, yet on at " +
				"least " + percent(foundShare) + " of random forests most official runs find every edge.",
			Where: "theorem 1's conditions", Kind: Statistical, Certainty: Derived,
			Command: "causalgrad check --prior dirichlet:0.1 && causalgrad reproduce many-graphs --full",
			Caveat:  percent(foundShare) + " is this project's choice; the forests are the published ones, drawn at random by the authors",
			Tables:  []string{"conditions", "edges"}, judge: judgeSufficient},
		{ID: "count-estimator-is-no-floor", Group: Beyond,
			Statement: "The count estimator, the official notebooks' line, is no lower bound: a trained model ends below it, by more than " +
				"chance explains, at level " + percent(floorLevel) + " over all the runs looked at.",
			Where: "the official notebooks", Kind: Observed, Certainty: Code, Command: "causalgrad reproduce --full",
			Tables: []string{"losses"}, judge: judgeFloor},
	}
}

func judgeLaws(e Evidence) Finding {
	if len(e.Laws) == 0 {
		return notRun("laws")
	}
	passed, draws := 0, 0
	var failing, untested []string
	for _, r := range e.Laws {
		switch r.Verdict {
		case outcome.Passed:
			passed, draws = passed+1, draws+r.Draws
		case outcome.Failed:
			failing = append(failing, r.Law.ID)
		default:
			untested = append(untested, r.Law.ID)
		}
	}
	if passed+len(failing) == 0 {
		return notRun("laws that could be tested")
	}
	f := decide(len(failing) == 0, "%d of %d laws pass, %d instances", passed, len(e.Laws), draws).short("%d of %d laws", passed, len(e.Laws))
	if len(failing) > 0 {
		f.Numbers += "; fail: " + strings.Join(failing, ", ")
	}
	if len(untested) > 0 {
		f.Numbers += "; not tested: " + strings.Join(untested, ", ")
		if f.Verdict == verdict.Holds {
			f.Verdict, f.Why = verdict.Partly, "some laws were not tested"
		}
	}
	return f
}

// judgeSensitivity counts the planted mistakes that a law caught.
func judgeSensitivity(e Evidence) Finding {
	if e.Planted == nil || len(e.Planted.Rows) == 0 {
		return notRun("planted mistakes")
	}
	var missed []string
	for _, row := range e.Planted.Missed() {
		missed = append(missed, row.Mistake.ID)
	}
	f := decide(len(missed) == 0, "%d of %d planted mistakes caught", len(e.Planted.Rows)-len(missed),
		len(e.Planted.Rows)).short("%d of %d mistakes caught", len(e.Planted.Rows)-len(missed), len(e.Planted.Rows))
	if len(missed) > 0 {
		f.Numbers += "; missed: " + strings.Join(missed, ", ")
	}
	return f
}

// foundShare is the share of forests that sufficient-not-necessary asks for.
const foundShare = 0.5

// judgeSufficient takes the published forests as the sample: a forest counts where
// more than half of its runs of the official size find every edge.
func judgeSufficient(e Evidence) Finding {
	found, of := map[string]int{}, map[string]int{} // by forest; only looked up
	var forests []string
	var judged []experiment.Record
	for _, r := range e.Records {
		if !strings.HasPrefix(r.Spec.ID, runs.ManyGraphs+"-") || scopeOf(r) != fullSize || r.Edges.PositionBlock == nil {
			continue
		}
		if of[r.Spec.ID] == 0 {
			forests = append(forests, r.Spec.ID)
		}
		of[r.Spec.ID]++
		judged = append(judged, r)
		if r.Edges.PositionBlock.Accuracy == 1 {
			found[r.Spec.ID]++
		}
	}
	most, whole := 0, 0
	for _, id := range forests {
		whole += found[id]
		if 2*found[id] > of[id] {
			most++
		}
	}
	f := mostOf(most, len(forests), foundShare, recoveredConfidence, "forests where most runs find every edge")
	if f.Verdict != verdict.NotRun {
		f.Numbers += fmt.Sprintf("; %d of %d runs of the official size", whole, len(judged))
	}
	f.Records = judged
	return f
}

// floorLevel is the probability of being misled by any of the runs.
const floorLevel = 0.001

// judgeFloor, over the paper's experiments, takes the run furthest below the count estimator in its standard
// errors, and asks for as many as a normal variable exceeds with floorLevel over
// the number of runs (Bonferroni).
func judgeFloor(e Evidence) Finding {
	all := e.ofThePaper()
	if len(all) == 0 {
		return notRun("records")
	}
	score := func(r experiment.Record) float64 { return r.Final.OverCount.Value / r.Final.OverCount.StdErr }
	lowest := all[0]
	for _, r := range all {
		if score(r) < score(lowest) {
			lowest = r
		}
	}
	d, need := lowest.Final.OverCount, distuv.UnitNormal.Quantile(1-floorLevel/float64(len(all)))
	f := Finding{Verdict: verdict.Undecided, Numbers: fmt.Sprintf("the furthest below of %s: loss - count estimator %.4f ± %.4f nats, "+
		"%.1f standard errors (%s, %d steps); %.1f are asked for",
		words.Counted(len(all), "run"), d.Value, d.StdErr, -score(lowest), lowest.Spec.ID, lowest.Spec.Steps, need)}
	f.Records = []experiment.Record{lowest}
	f = f.short("lowest run %.1f errors below", -score(lowest))
	f.Why = "none is shown below"
	switch {
	case score(lowest) < -need:
		f.Verdict = verdict.Holds
	case score(lowest) > need && !slices.ContainsFunc(all, func(r experiment.Record) bool { return scopeOf(r) != fullSize }):
		f.Verdict = verdict.Fails // all of them end above it, and no shorter run is among them
	}
	return f
}
