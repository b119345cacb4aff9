package claim

import (
	"fmt"
	"math"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/reports/evidence"
	"causalgrad/reports/table"
)

// theoremClaims are the theorems' conclusions on concrete runs of Algorithm 1
// (theorems.md T1, T1a, T2): asymptotic statements with unnamed constants are
// not verified, their conclusions and rates are measured.
func theoremClaims() []Claim {
	const command = "causalgrad report"
	return []Claim{
		{ID: "theorem-1", Statement: "Algorithm 1's loss approaches the optimum as a power of the length: the fitted exponent of L - L* in T is below 0 with 95% confidence.",
			Where: "theorem 1 (its constants are not tested)", Kind: Statistical, Certainty: Restated, Command: command,
			Caveat: "one seed, one task (the chain, S = 3, Dirichlet(1) rows, which the theorem's lower bound excludes); the interval is of a straight line through the lengths run",
			Tables: []string{"algorithm-1", "rates"}, Figures: []string{"rate"},
			judge: func(e Evidence) Finding {
				if e.Algorithm1 == nil {
					return notRun("ladder of Algorithm 1")
				}
				return fallingRates(e.Algorithm1.Gap)
			}},
		{ID: "theorem-1-stages", Statement: "After stage 1 every non-root row of A1 gives its parent at least 0.9 of the attention; after stage 2 A2 is within 10% of a multiple of the identity, up to a constant, that has grown.",
			Where: "theorem 1's proof (the two stages)", Kind: Observed, Certainty: Recalled, Command: command,
			Caveat: "one seed; the thresholds 0.9 and 10% were set after seeing the runs up to T = 128, so only the longer ones test them",
			Tables: []string{"algorithm-1"},
			judge:  judgeStages},
		{ID: "theorem-2", Statement: "On chains outside the training prior the sup-norm error of Algorithm 1's model falls as a power of T: each fitted exponent is below 0 with 95% confidence.",
			Where: "theorem 2, out of distribution", Kind: Statistical, Certainty: Recalled, Command: command,
			Caveat: "one seed, three test priors",
			Tables: []string{"algorithm-1-shifted", "rates"},
			judge: func(e Evidence) Finding {
				if e.Algorithm1 == nil {
					return notRun("ladder of Algorithm 1")
				}
				return fallingRates(e.Algorithm1.SupErrors...)
			}},
		{ID: "out-of-distribution", Statement: "Trained transformers keep computing in-context counts on chains outside the training prior: the loss stays within 0.1 nats of the count estimator with the training pseudo-count.",
			Where: "the experiments' reading of theorem 2", Kind: Observed, Certainty: Recalled, Command: "causalgrad reproduce",
			Caveat: "0.1 nats is this project's choice, and so are the test priors",
			Tables: []string{"shifted", "shifted-errors", "transfer-relabelling", "transfer-spectra"}, Figures: []string{"shifted-chain", "shifted-icl", "shifted-random", "shifted-multi-parent"},
			judge: judgeShifted},
	}
}

func fallingRates(rates ...evidence.NamedRate) Finding {
	all, numbers := falls(rates)
	return decide(all, "%s", numbers)
}

// Thresholds of theorem-1-stages.
const (
	leastAttention = 0.9
	mostResidual   = 0.1
)

func judgeStages(e Evidence) Finding {
	if e.Algorithm1 == nil {
		return notRun("ladder of Algorithm 1")
	}
	all := true
	var words []string
	for _, p := range e.Algorithm1.Points {
		all = all && p.First.Accuracy == 1 && p.First.Min >= leastAttention && p.Residual <= mostResidual && p.Diagonal > p.Beta0
		words = append(words, fmt.Sprintf("T = %d: smallest attention %.4f, A2 = %.3g I with residual %.2g", p.Length, p.First.Min, p.Diagonal, p.Residual))
	}
	return decide(all, "%s", strings.Join(words, "; "))
}

// imitation is how near, in nats, a model must come to the count estimator.
const imitation = 0.1

// judgeShifted counts the pairs of run and test prior that come near enough.
func judgeShifted(e Evidence) Finding {
	near, of, worst, where, full := 0, 0, math.Inf(-1), "", true
	var judged []experiment.Record
	for _, r := range e.longest() {
		full = full && fullSize(r)
		if len(r.Shifted) > 0 {
			judged = append(judged, r)
		}
		for _, l := range r.Shifted {
			of++
			if l.OverTraining.Value <= imitation {
				near++
			}
			if l.OverTraining.Value > worst {
				worst, where = l.OverTraining.Value, fmt.Sprintf("%s on %s, standard error %.2g", r.Spec.ID, l.Prior, l.OverTraining.StdErr)
			}
		}
	}
	if of == 0 {
		return notRun("records with out-of-distribution losses")
	}
	f := decide(near == of, "%d of %d pairs of run and test prior are within; the furthest above is %.3f nats (%s)", near, of, worst, where)
	f.Records = judged
	if near > 0 && near < of {
		f.Verdict = table.Partly
	}
	return sized(f, full)
}
