package claim

import (
	"fmt"
	"strings"

	"causalgrad/reports/evidence"
	"causalgrad/theory/necessity"
	"causalgrad/theory/verdict"
)

// The bound of limit-rate: the local exponent at the longest length of a ladder
// must have passed it. It is this project's choice; the limit is -1.
const limitExponent = -0.9

// limitClaims are about what the paper takes for granted: the estimator in the
// limit, the roots' distribution, positions that are one-hot vectors
// (theory/README.md, sections 10 to 12).
func limitClaims() []Claim {
	return []Claim{
		{ID: "stationary-roots", Statement: "That roots are drawn from the stationary distribution carries the conclusion too: with roots of another distribution, and everything else that the theorem asks for, an earlier position can beat the parent.",
			Where: "a hypothesis that nobody lists (theory/README.md, section 11)", Kind: Certified, Certainty: Derived,
			Command: "causalgrad necessity A0", Tables: []string{"necessity"},
			judge: func(e Evidence) Finding { return counterexample(e, necessity.StationaryRoots) }},
		{ID: "limit-rate", Statement: fmt.Sprintf("On the chain the count estimator's exact loss falls to L*: at every doubling of T the gap's local exponent is steeper than before, short of -1, and at the longest T beyond %v.", limitExponent),
			Where: "this project's own (theory/README.md, section 10)", Kind: Exact, Certainty: Derived,
			Caveat:  "two orbits of three tokens, one pseudo-count",
			Command: "causalgrad loss --graph chain --prior orbit:1,7 --alpha 1 --lengths 16,32,64,128,256,512,1024", Tables: []string{"count-rate"},
			judge: judgeLimitRate},
		{ID: "embedding-width", Statement: fmt.Sprintf("Positions need not be orthogonal: the exact first step on the chain finds %.0f%% of the edges where positions are random vectors that are wide enough, and training with such vectors frozen takes the same first step.", 100*evidence.WidthShare),
			Where: "this project's own (theory/README.md, section 12)", Kind: Exact, Certainty: Derived,
			Caveat:  "up to T = 40; the width needed is interpolated between powers of two",
			Command: "causalgrad gradient --graph chain --prior orbit:1,7 --embedding gaussian:1024,1", Tables: []string{"embedding-width", "embedding-runs"}, Figures: []string{"embedding-width"},
			judge: judgeWidths},
	}
}

func judgeLimitRate(e Evidence) Finding {
	holds, any, steepest := true, false, 0.0
	var words []string
	for _, l := range e.CountRates {
		n := len(l.Points)
		if !l.Exact || n < 3 {
			continue
		}
		any = true
		for i, p := range l.Points[1:] {
			holds = holds && p.Exponent > -1 && (i == 0 || p.Exponent < l.Points[i].Exponent)
		}
		first, last := l.Points[1], l.Points[n-1]
		holds, steepest = holds && last.Exponent < limitExponent, last.Exponent
		words = append(words, fmt.Sprintf("%s: %.3f at T = %d, %.3f at T = %d, where the gap is %.5f", l.Prior, first.Exponent, first.Length, last.Exponent, last.Length, last.Gap.Value))
	}
	if !any {
		return notRun("ladder of exact losses with three lengths")
	}
	return decide(holds, "local exponents %s", strings.Join(words, "; ")).short("local exponent %.3f at the longest length", steepest)
}

func judgeWidths(e Evidence) Finding {
	if e.Widths == nil || len(e.Widths.Ladder) == 0 {
		return notRun("ladder of widths")
	}
	var words []string
	f := Finding{Verdict: verdict.Holds}
	for _, l := range e.Widths.Ladder {
		widest := l.Points[len(l.Points)-1]
		switch {
		case widest.Share >= evidence.WidthShare:
			words = append(words, fmt.Sprintf("T = %d: width %.0f, 95%% interval [%.0f, %.0f]", l.Length, l.Needed, l.Low, l.High))
		case widest.Share+2*widest.StdErr >= evidence.WidthShare:
			f.Verdict = verdict.Undecided // a wider ladder decides
			words = append(words, fmt.Sprintf("T = %d: %.3f ± %.3f at width %d", l.Length, widest.Share, widest.StdErr, widest.Width))
		default:
			return Finding{Verdict: verdict.Fails, Numbers: fmt.Sprintf("T = %d: only %.3f of the edges at width %d", l.Length, widest.Share, widest.Width)}
		}
	}
	for _, r := range e.Widths.Runs {
		words = append(words, fmt.Sprintf("trained at width %d: %.3f of the edges, %.3f by the exact step", r.Width, r.Learnt, r.Predicted))
		if r.Predicted == 1 && r.Learnt < evidence.WidthShare {
			f.Verdict = verdict.Fails
		}
	}
	f.Numbers = strings.Join(words, "; ")
	longest := e.Widths.Ladder[len(e.Widths.Ladder)-1]
	return f.short("width %.0f at the longest length", longest.Needed)
}
