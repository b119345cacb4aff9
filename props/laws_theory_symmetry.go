package props

import (
	"pgregory.net/rapid"
)

func symmetryLaws() []Law {
	return []Law{
		{ID: "token-relabelling", Source: "theory.md section 3, fact 8", Needs: inform,
			Sentence: "Renaming the tokens changes neither signal nor information.", Check: tokenRelabelling},
		{ID: "forest-isomorphism", Source: "theory.md section 3, fact 8", Needs: inform,
			Sentence: "An isomorphism of forests permutes signal and information.", Check: forestIsomorphism},
		{ID: "time-reversal", Source: "theory.md section 3, fact 7", Needs: inform,
			Sentence: "On a line of descent the reversed chain has the same signal and information.", Check: timeReversal},
	}
}

func tokenRelabelling(t *rapid.T, s Subject) {
	f, c := drawForest(t, 3, 9).Forest, drawChain(t, 2, 4)
	order := drawOrder(t, c.Tokens())
	x, y := informedOn(t, s, f, c), informedOn(t, s, f, c.Relabelled(order))
	k := x.where("and with tokens renamed by %v", order)
	withinMatrix(t, k, "signal", y.signal, x.signal, 2*x.slack)
	withinMatrix(t, k, "information", y.chi2, x.chi2, 2*x.slack)
}

func forestIsomorphism(t *rapid.T, s Subject) {
	f, c := drawForest(t, 3, 9).Forest, drawChain(t, 2, 4)
	again, order := drawReordering(t, f)
	x, y := informedOn(t, s, f, c), informedOn(t, s, again, c)
	k := x.where("and %s", again)
	x.pairs(func(i, j int) {
		from, to := order[i], order[j]
		if from > to { // the order of the two is kept
			within(t, k, at("signal", from, to), y.signal[from][to], x.signal[i][j], 2*x.slack)
		}
		within(t, k, at("information", max(from, to), min(from, to)),
			y.chi2[max(from, to)][min(from, to)], x.chi2[i][j], 2*x.slack)
	})
}

func timeReversal(t *rapid.T, s Subject) {
	f, c := drawForest(t, 3, 9).Forest, drawChain(t, 2, 4)
	x, y := informedOn(t, s, f, c), informedOn(t, s, f, c.Reversed())
	k := x.where("and the reversed chain")
	x.pairs(func(i, j int) {
		if node, _, _, related := f.CommonAncestor(i, j); related && node == j {
			within(t, k, at("signal", i, j), y.signal[i][j], x.signal[i][j], 3*x.slack)
			within(t, k, at("information", i, j), y.chi2[i][j], x.chi2[i][j], 3*x.slack)
		}
	})
}
