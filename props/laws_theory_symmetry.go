package props

import (
	"pgregory.net/rapid"
)

func symmetryLaws() []Law {
	return []Law{
		{ID: "token-relabelling", Source: section("3, fact 8"), Needs: inform,
			Sentence: "Renaming the tokens changes neither signal nor information.", Check: tokenRelabelling},
		{ID: "forest-isomorphism", Source: section("3, fact 8"), Needs: inform,
			Sentence: "An isomorphism of forests permutes signal and information.", Check: forestIsomorphism},
		{ID: "time-reversal", Source: section("3, fact 7"), Needs: inform,
			Sentence: "On a line of descent the reversed chain has the same signal and information.", Check: timeReversal},
	}
}

func tokenRelabelling(t *rapid.T, s Subject) {
	f, c := drawForest(t, 3, 9).Forest, drawChain(t, 2, 4)
	order := drawOrder(t, c.Tokens())
	x, y := informedOn(t, s, f, c), informedOn(t, s, f, c.Relabelled(order))
	k := x.Where("and with tokens renamed by %v", order)
	withinMatrix(t, k, "signal", y.Signal, x.Signal, 2*x.Slack)
	withinMatrix(t, k, "information", y.Chi2, x.Chi2, 2*x.Slack)
}

func forestIsomorphism(t *rapid.T, s Subject) {
	f, c := drawForest(t, 3, 9).Forest, drawChain(t, 2, 4)
	again, order := drawReordering(t, f)
	x, y := informedOn(t, s, f, c), informedOn(t, s, again, c)
	k := x.Where("and %s", again)
	x.pairs(func(i, j int) {
		from, to := order[i], order[j]
		if from > to { // the order of the two is kept
			within(t, k, entryText("signal", from, to), y.Signal[from][to], x.Signal[i][j], 2*x.Slack)
		}
		within(t, k, entryText("information", max(from, to), min(from, to)),
			y.Chi2[max(from, to)][min(from, to)], x.Chi2[i][j], 2*x.Slack)
	})
}

func timeReversal(t *rapid.T, s Subject) {
	f, c := drawForest(t, 3, 9).Forest, drawChain(t, 2, 4)
	x, y := informedOn(t, s, f, c), informedOn(t, s, f, c.Reversed())
	k := x.Where("and the reversed chain")
	x.pairs(func(i, j int) {
		if node, _, _, related := f.CommonAncestor(i, j); related && node == j {
			within(t, k, entryText("signal", i, j), y.Signal[i][j], x.Signal[i][j], 3*x.Slack)
			within(t, k, entryText("information", i, j), y.Chi2[i][j], x.Chi2[i][j], 3*x.Slack)
		}
	})
}
