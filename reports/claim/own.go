package claim

import (
	"fmt"
	"strings"

	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
	"causalgrad/props"
	"causalgrad/reports/table"
)

// ownClaims are about this implementation and about what follows from its runs
// beyond the paper.
func ownClaims() []Claim {
	return []Claim{
		{ID: "official-agreement", Statement: "Outputs, losses, gradients, first steps and training curves agree with the official implementation's.",
			Where: "the official code", Kind: Exact, Certainty: Code, Command: "causalgrad verify",
			Tables: []string{"agreement"}, judge: func(e Evidence) Finding { return agreement(e) }},
		{ID: "exact-gradient", Statement: "The exact first gradient at finite T, computed in polynomial time, is the enumeration over all prefixes, and the models' own gradient.",
			Where: "this project's own (theory.md section 3)", Kind: Exact, Certainty: Derived,
			Command: "causalgrad conform --law first-step-definition --law first-step-of-the-model", Tables: []string{"agreement", "conform"}, Figures: []string{"first-step"},
			judge: func(e Evidence) Finding {
				return combine(agreement(e, "gradient_examples"), e.laws("first-step-definition", "first-step-of-the-model"))
			}},
		{ID: "laws", Statement: "Every law that the tasks, models, optimisers and the theory obey holds on random instances.",
			Where: "this project's own", Kind: Statistical, Certainty: Derived, Command: "causalgrad conform",
			Tables: []string{"conform"}, judge: judgeLaws},
		{ID: "determinism", Statement: "The same specification and seed give the same bits, on every machine: the runs equal the golden runs.",
			Where: "this project's own", Kind: Exact, Certainty: Derived, Command: "causalgrad fingerprint --check",
			Tables: []string{"losses"}, judge: judgeDeterminism},
		{ID: "sufficient-not-necessary", Statement: "The lower bound on the transitions is sufficient, not necessary: Dirichlet rows break it for every gamma, yet training finds every edge.",
			Where: "theorem 1's conditions", Kind: Observed, Certainty: Derived, Command: "causalgrad check --prior dirichlet:0.1 && causalgrad reproduce",
			Tables: []string{"edges"}, judge: judgeSufficient},
		{ID: "count-estimator-is-no-floor", Statement: "The count estimator, the official notebooks' line, is no lower bound: a trained model ends below it by more than three standard errors.",
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
		case props.Passed:
			passed, draws = passed+1, draws+r.Draws
		case props.Failed:
			failing = append(failing, r.Law.ID)
		default:
			untested = append(untested, r.Law.ID)
		}
	}
	f := decide(len(failing) == 0, "%d of %d laws pass, %d instances", passed, len(e.Laws), draws)
	if len(failing) > 0 {
		f.Numbers += "; fail: " + strings.Join(failing, ", ")
	}
	if len(untested) > 0 {
		f.Numbers += "; not tested: " + strings.Join(untested, ", ")
		if f.Verdict == table.Holds {
			f.Verdict = table.Partly
		}
	}
	return f
}

// judgeDeterminism compares the records that have a golden run of their spec.
func judgeDeterminism(e Evidence) Finding {
	compared := 0
	var differ []string
	for _, r := range e.Records {
		golden, err := runs.Golden(r.Spec.ID)
		if err != nil || !sameSpec(golden.Spec, r.Spec) {
			continue // there is no golden run of it
		}
		compared++
		want, errWant := runs.Encode(golden)
		got, errGot := runs.Encode(r)
		if errWant != nil || errGot != nil || string(want) != string(got) {
			differ = append(differ, r.Spec.ID)
		}
	}
	if compared == 0 {
		return notRun("records of golden runs")
	}
	f := decide(len(differ) == 0, "%d of %d runs equal their golden runs bit for bit, trained parameters included", compared-len(differ), compared)
	if len(differ) > 0 {
		f.Numbers += "; different: " + strings.Join(differ, ", ")
	}
	return f
}

func sameSpec(a, b experiment.Spec) bool {
	x, errX := a.Hash()
	y, errY := b.Hash()
	return errX == nil && errY == nil && x == y
}

func judgeSufficient(e Evidence) Finding {
	runs, all := 0, 0
	least := 1.0
	for _, r := range e.longest() {
		if !strings.HasPrefix(r.Spec.Prior, "dirichlet:") || r.Edges.PositionBlock == nil {
			continue
		}
		runs++
		accuracy := r.Edges.PositionBlock.Accuracy
		least = min(least, accuracy)
		if accuracy == 1 {
			all++
		}
	}
	if runs == 0 {
		return notRun("records with a Dirichlet prior")
	}
	f := decide(all > 0, "every edge is its row's argmax in %d of %d runs; the smallest share in a run is %.3f", all, runs, least)
	if all == 0 {
		f.Verdict = table.Undecided // shorter runs than the claim needs
	}
	return f
}

func judgeFloor(e Evidence) Finding {
	if len(e.Records) == 0 {
		return notRun("records")
	}
	lowest := e.Records[0]
	for _, r := range e.Records {
		if r.Final.OverCount.Value < lowest.Final.OverCount.Value {
			lowest = r
		}
	}
	d := lowest.Final.OverCount
	f := Finding{table.Undecided, fmt.Sprintf("lowest loss - count estimator of %s: %.4f ± %.4f nats (%s, %d steps)", plural(len(e.Records), "run"), d.Value, d.StdErr, lowest.Spec.ID, lowest.Spec.Steps)}
	if d.Value < -separate*d.StdErr {
		f.Verdict = table.Holds
	}
	return f
}
