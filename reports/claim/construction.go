package claim

import (
	"fmt"
	"math"

	"causalgrad/golden/stat"
	"causalgrad/impl/construct"
	"causalgrad/impl/measure"
	"causalgrad/theory/verdict"
)

// constructionClaims are about expressivity (theory/README.md, section 6).
func constructionClaims() []Claim {
	return []Claim{
		{ID: "construction-forest", Statement: "Weights built by hand compute the empirical conditional frequencies: the distance to " +
			"their limit falls to below " + text(atLimit) + " as B grows, and L - L* falls with T.",
			Where: "expressivity, single parent (theory/README.md, section 6, C1)", Kind: Statistical, Certainty: Derived,
			Command: "causalgrad report",
			Tables:  []string{"constructions"},
			judge:   judgeForestConstruction},
		{ID: "construction-heads", Statement: "With one head for each parent the construction works on a graph with two parents: its " +
			"distance to the limit is below " + text(atLimit) + ".",
			Where: "expressivity, several parents (theory/README.md, section 6, C2)", Kind: Statistical, Certainty: Restated,
			Command: "causalgrad report",
			Tables:  []string{"constructions"},
			judge: func(e Evidence) Finding {
				if e.Constructions == nil {
					return notRun("constructions")
				}
				limit, count := e.Constructions.TwoParents.Limit.Mean, e.Constructions.TwoParents.Frequency.Mean
				return decide(limit.Value < atLimit, "to the limit %.3g ± %.2g, to the count estimator %.4g ± %.2g", limit.Value, limit.StdErr,
					count.Value, count.StdErr).short("%.2g from its limit", limit.Value)
			}},
		{ID: "single-head", Statement: "With two parents, a one-head model ends above a two-head model trained for as many steps: on " +
			"average over seeds with " + percent(stat.RateConfidence) + " confidence, and in one more seed by its prediction interval.",
			Where: "section 5; that one head cannot is no theorem", Kind: Statistical, Certainty: Restated, Command: "causalgrad heads",
			Caveat: "the number of steps was chosen after looking at runs of other lengths, as one after which two heads have left the " +
				"plateau; no bound on what one head can reach",
			Tables: []string{"single-head", "single-head-seeds"},
			judge:  judgeSingleHead},
	}
}

// atLimit is where a distance of probabilities counts as none.
const atLimit = 1e-6

// separate is the number of standard errors that tells two means apart: a
// normal variable is further off with probability 0.0013.
const separate = 3

func judgeForestConstruction(e Evidence) Finding {
	c := e.Constructions
	if c == nil || len(c.InB) < 2 || len(c.InT) < 2 {
		return notRun("ladders of the constructions")
	}
	limits := descending(c.InB, func(r construct.Row) measure.Mean { return r.Limit.Mean }, 0)
	gaps := descending(c.InT, func(r construct.Row) measure.Mean { return r.Gap }, separate)
	top, first, last := c.InB[len(c.InB)-1], c.InT[0], c.InT[len(c.InT)-1]
	return decide(limits && gaps && top.Limit.Mean.Value < atLimit,
		"to the limit %.3g ± %.2g at B = %.1f; L - L* from %.3f ± %.3f at T = %d to %.4f ± %.4f at T = %d",
		top.Limit.Mean.Value, top.Limit.Mean.StdErr, top.B, first.Gap.Value, first.Gap.StdErr, first.Length, last.Gap.Value, last.Gap.StdErr,
		last.Length).short("%.2g from its limit", top.Limit.Mean.Value)
}

// descending tells whether each row's value is below the one before, by so many
// standard errors of the difference.
func descending(rows []construct.Row, of func(construct.Row) measure.Mean, errors float64) bool {
	for i := 1; i < len(rows); i++ {
		if !above(of(rows[i-1]), of(rows[i]), errors) {
			return false
		}
	}
	return true
}

// above tells whether a exceeds b by so many standard errors of the difference.
func above(a, b measure.Mean, errors float64) bool {
	return a.Value-b.Value > errors*math.Hypot(a.StdErr, b.StdErr)
}

// judgeSingleHead fails where the mean over seeds is shown to be 0 or less. Of one seed
// the noise is that of its test sequences, and the most it can do is hold partly.
func judgeSingleHead(e Evidence) Finding {
	if len(e.SingleHeads) == 0 {
		return notRun("one-head and two-head runs")
	}
	gaps, first := e.SingleHeads.Gaps(), e.SingleHeads[0]
	f := Finding{Verdict: verdict.Undecided, Numbers: fmt.Sprintf("one head - two heads: %s nats after %d steps", predicted(gaps),
		first.One.Steps)}.short("one head %.3f nats above two", mean(gaps))
	one, two := first.One.Losses.Loss, first.Two.Losses.Loss
	m, err := stat.MeanInterval(gaps, stat.RateConfidence)
	switch {
	case err != nil && above(one, two, separate), err == nil && m.Interval.Lo > 0 && !outside(gaps, 0, math.Inf(1)):
		f.Verdict = verdict.Holds
	case err != nil && above(two, one, separate), err == nil && m.Interval.Hi <= 0:
		f.Verdict = verdict.Fails
	}
	return ofSeeds(f, len(gaps))
}
