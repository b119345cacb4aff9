package props

import (
	"math"

	"pgregory.net/rapid"
)

func marginLaws() []Law {
	return []Law{
		{ID: "cauchy-schwarz", Source: "theory.md section 3, fact 4", Needs: inform,
			Sentence: "|g_ik| <= sqrt(I(s_p(i);s_i) I(s_k;s_i)).",
			Check: informed(func(t *rapid.T, x instance) {
				x.competitors(func(i, p, k int) {
					// The slack is that of two informations under a root: the product is
					// off by slack times the other, so the root by at most sqrt(S slack).
					product := math.Max(x.chi2[i][p], 0) * math.Max(x.chi2[i][k], 0)
					atMost(t, x.Case, "|"+at("signal", i, k)+"|", x.signal[i][k]*x.signal[i][k], product,
						2*float64(x.chain.Tokens())*x.slack)
				})
			})},
		{ID: "data-processing", Source: "theory.md section 3, fact 5", Needs: inform,
			Sentence: "No earlier position knows more of s_i than its parent does.",
			Check: informed(func(t *rapid.T, x instance) {
				x.competitors(func(i, p, k int) {
					Observe(t, "distant pair", k != p)
					atMost(t, x.Case, at("information", i, k), x.chi2[i][k], x.chi2[i][p], 2*x.slack)
				})
			})},
		{ID: "strong-data-processing", Source: "theory.md section 3, fact 5", Needs: inform,
			Sentence: "I(s_k;s_i) <= rho^2 I(s_p(i);s_i), rho the maximal correlation of s_p(i) and s_k.",
			Check: informed(func(t *rapid.T, x instance) {
				x.competitors(func(i, p, k int) {
					rho := x.correlation(p, k)
					atMost(t, x.Case, at("information", i, k), x.chi2[i][k], rho*rho*x.chi2[i][p], 2*x.slack)
				})
			})},
		{ID: "parent-margin", Source: "theory.md section 3, fact 5", Needs: inform,
			Sentence: "g_ip - g_ik >= (1 - rho_ik) I(s_p(i);s_i).",
			Check: informed(func(t *rapid.T, x instance) {
				x.competitors(func(i, p, k int) {
					atLeast(t, x.Case, at("signal", i, p)+" - "+at("signal", i, k), x.signal[i][p]-x.signal[i][k],
						(1-x.correlation(p, k))*x.chi2[i][p], 4*x.slack)
				})
			})},
		{ID: "parent-is-the-argmax", Source: "theory.md section 3, fact 5", Needs: inform,
			Sentence: "The largest signal among earlier positions is the parent's.",
			Check: informed(func(t *rapid.T, x instance) {
				x.competitors(func(i, p, k int) {
					atMost(t, x.Case, at("signal", i, k), x.signal[i][k], x.signal[i][p], 2*x.slack)
				})
			})},
		{ID: "margin-under-the-lower-bound", Source: "theorems.md L2", Needs: inform,
			Sentence: "If pi >= gamma/S, then g_ip - g_ik >= (1 - sqrt(1-gamma)) I >= (gamma/2) I for k other than i and p(i).",
			Check:    informed(marginUnderLowerBound)},
	}
}

// correlation is the maximal correlation of two positions, 1 of one with itself.
func (x instance) correlation(i, k int) float64 {
	if i == k {
		return 1
	}
	return maximalCorrelation(jointLaw(x.f, x.chain, min(i, k), max(i, k)), x.mu)
}

func marginUnderLowerBound(t *rapid.T, x instance) {
	low, _, _ := x.chain.Smallest()
	gamma := math.Min(low*float64(x.chain.Tokens()), 1)
	x.competitors(func(i, p, k int) {
		if k == p {
			return
		}
		margin := x.signal[i][p] - x.signal[i][k]
		what := at("signal", i, p) + " - " + at("signal", i, k)
		atLeast(t, x.Case, what, margin, (1-math.Sqrt(1-gamma))*x.chi2[i][p], 4*x.slack)
		atLeast(t, x.Case, what, margin, gamma/2*x.chi2[i][p], 4*x.slack)
	})
}
