package props

import (
	"math"

	"causalgrad/props/oracle"
	"pgregory.net/rapid"
)

func marginLaws() []Law {
	return []Law{
		{ID: "cauchy-schwarz", Source: section("3, fact 4"), Needs: inform,
			Sentence: "|g_ik| <= sqrt(I(s_p(i);s_i) I(s_k;s_i)).",
			Check: informed(func(t *rapid.T, x instance) {
				x.competitors(func(i, p, k int) {
					// The slack is that of two informations under a root: the product is
					// off by slack times the other, so the root by at most sqrt(S slack).
					product := math.Max(x.Chi2[i][p], 0) * math.Max(x.Chi2[i][k], 0)
					atMost(t, x.question, "|"+entryText("signal", i, k)+"|", x.Signal[i][k]*x.Signal[i][k], product,
						2*float64(x.Markov.Tokens())*x.Slack)
				})
			})},
		{ID: "data-processing", Source: section("3, fact 5"), Needs: inform,
			Sentence: "No earlier position knows more of s_i than its parent does.",
			Check: informed(func(t *rapid.T, x instance) {
				x.competitors(func(i, p, k int) {
					observe(t, "distant pair", k != p)
					atMost(t, x.question, entryText("information", i, k), x.Chi2[i][k], x.Chi2[i][p], 2*x.Slack)
				})
			})},
		{ID: "strong-data-processing", Source: section("3, fact 5"), Needs: inform,
			Sentence: "I(s_k;s_i) <= rho^2 I(s_p(i);s_i), rho the maximal correlation of s_p(i) and s_k.",
			Check: informed(func(t *rapid.T, x instance) {
				x.competitors(func(i, p, k int) {
					rho := x.correlation(p, k)
					atMost(t, x.question, entryText("information", i, k), x.Chi2[i][k], rho*rho*x.Chi2[i][p], 2*x.Slack)
				})
			})},
		{ID: "parent-margin", Source: section("3, fact 5"), Needs: inform,
			Sentence: "g_ip - g_ik >= (1 - rho_ik) I(s_p(i);s_i).",
			Check: informed(func(t *rapid.T, x instance) {
				x.competitors(func(i, p, k int) {
					atLeast(t, x.question, entryText("signal", i, p)+" - "+entryText("signal", i, k), x.Signal[i][p]-x.Signal[i][k],
						(1-x.correlation(p, k))*x.Chi2[i][p], 4*x.Slack)
				})
			})},
		{ID: "parent-is-the-argmax", Source: section("3, fact 5"), Needs: inform,
			Sentence: "The largest signal among earlier positions is the parent's.",
			Check: informed(func(t *rapid.T, x instance) {
				x.competitors(func(i, p, k int) {
					atMost(t, x.question, entryText("signal", i, k), x.Signal[i][k], x.Signal[i][p], 2*x.Slack)
				})
			})},
		{ID: "margin-under-the-lower-bound", Source: section("5, L2"), Needs: inform,
			Sentence: "If pi >= gamma/S, then g_ip - g_ik >= (1 - sqrt(1-gamma)) I >= (gamma/2) I for k other than i and p(i).",
			Check:    informed(marginUnderLowerBound)},
	}
}

// correlation is the maximal correlation of two positions, 1 of one with itself.
func (x instance) correlation(i, k int) float64 {
	if i == k {
		return 1
	}
	return oracle.MaximalCorrelation(oracle.Joint(x.Forest, x.Markov, min(i, k), max(i, k)), x.Mu)
}

func marginUnderLowerBound(t *rapid.T, x instance) {
	low, _, _ := x.Markov.Smallest()
	gamma := math.Min(low*float64(x.Markov.Tokens()), 1)
	x.competitors(func(i, p, k int) {
		if k == p {
			return
		}
		margin := x.Signal[i][p] - x.Signal[i][k]
		what := entryText("signal", i, p) + " - " + entryText("signal", i, k)
		atLeast(t, x.question, what, margin, (1-math.Sqrt(1-gamma))*x.Chi2[i][p], 4*x.Slack)
		atLeast(t, x.question, what, margin, gamma/2*x.Chi2[i][p], 4*x.Slack)
	})
}
