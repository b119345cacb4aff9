package claim

import (
	"math"

	"causalgrad/reports/table"
)

// constructionClaims are about expressivity (theory.md section 6; theorems.md
// C1, C2).
func constructionClaims() []Claim {
	return []Claim{
		{ID: "construction-forest", Statement: "Weights built by hand compute the empirical conditional frequencies: the distance to their limit falls to below 1e-6 as B grows, and L - L* falls with T.",
			Where: "expressivity, single parent (theorems.md C1)", Kind: Statistical, Certainty: Derived, Command: "causalgrad report",
			Tables: []string{"constructions"},
			judge:  judgeForestConstruction},
		{ID: "construction-heads", Statement: "With one head for each parent the construction works on a graph with two parents: its distance to the limit is below 1e-6.",
			Where: "expressivity, several parents (theorems.md C2)", Kind: Statistical, Certainty: Restated, Command: "causalgrad report",
			Tables: []string{"constructions"},
			judge: func(e Evidence) Finding {
				g, ok := e.grid("constructions")
				rows := g.where("graph", "trigram-half")
				if !ok || len(rows) == 0 {
					return notRun("constructions")
				}
				limit, limitErr := g.value(rows[0], "to its limit")
				count, countErr := g.value(rows[0], "to the count")
				return decide(limit < atLimit, "to the limit %.3g ± %.2g, to the count estimator %.4g ± %.2g", limit, limitErr, count, countErr)
			}},
		{ID: "single-head", Statement: "With two parents, a one-head model ends above a two-head model trained for as many steps, by more than three standard errors.",
			Where: "section 5; that one head cannot is no theorem", Kind: Observed, Certainty: Restated, Command: "causalgrad report",
			Caveat: "one seed each, and the number of steps was chosen after looking at runs of other lengths, as one after which two heads have left the plateau; no bound on what one head can reach",
			Tables: []string{"single-head"},
			judge:  judgeSingleHead},
	}
}

// atLimit is where a distance of probabilities counts as none.
const atLimit = 1e-6

// separate is the number of standard errors that tells two means apart: a
// normal variable is further off with probability 0.0013.
const separate = 3

func judgeForestConstruction(e Evidence) Finding {
	g, ok := e.grid("constructions")
	if !ok {
		return notRun("constructions")
	}
	ladder := g.where("model", "disentangled", "graph", "chain", "beta", "20.00")
	lengths := g.where("model", "reduced", "graph", "chain")
	if len(ladder) < 2 || len(lengths) < 2 {
		return notRun("ladders of the constructions")
	}
	limits := falling(g, ladder, "to its limit", 0)
	gaps := falling(g, lengths, "L - L*", separate)
	last, lastErr := g.value(ladder[len(ladder)-1], "to its limit")
	first, firstErr := g.value(lengths[0], "L - L*")
	final, finalErr := g.value(lengths[len(lengths)-1], "L - L*")
	return decide(limits && gaps && last < atLimit, "to the limit %.3g ± %.2g at B = %s; L - L* from %.3f ± %.3f at T = %s to %.4f ± %.4f at T = %s",
		last, lastErr, g.text(ladder[len(ladder)-1], "B"), first, firstErr, g.text(lengths[0], "T"), final, finalErr, g.text(lengths[len(lengths)-1], "T"))
}

// falling tells whether each row's value is below the one before, by so many
// standard errors of the difference.
func falling(g grid, rows [][]table.Cell, column string, errors float64) bool {
	for i := 1; i < len(rows); i++ {
		a, aErr := g.value(rows[i-1], column)
		b, bErr := g.value(rows[i], column)
		if !(a-b > errors*math.Hypot(aErr, bErr)) {
			return false
		}
	}
	return true
}

func judgeSingleHead(e Evidence) Finding {
	g, ok := e.grid("single-head")
	one, two := g.where("predictor", "trained", "heads", "1,1"), g.where("predictor", "trained", "heads", "2,1")
	if !ok || len(one) == 0 || len(two) == 0 {
		return notRun("one-head and two-head runs")
	}
	a, aErr := g.value(one[0], "loss")
	b, bErr := g.value(two[0], "loss")
	f := decide(a-b > separate*math.Hypot(aErr, bErr), "one head %.4f ± %.4f, two heads %.4f ± %.4f nats after %s steps", a, aErr, b, bErr, g.text(one[0], "steps"))
	if f.Verdict == table.Fails && !(b-a > separate*math.Hypot(aErr, bErr)) {
		f.Verdict = table.Undecided // these steps do not tell them apart
	}
	return f
}
