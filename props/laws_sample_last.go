package props

import (
	"fmt"
	"math"
	"strconv"

	"causalgrad/props/gen"
	"causalgrad/props/oracle"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

func lastTokenLaws() []Law {
	return []Law{
		{ID: "sample-last-token", Source: section("1"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 6,
			Sentence: "The last token is uniform.", Check: sampleLastToken},
		{ID: "sample-last-token-alone", Source: section("1"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 6,
			Sentence: "The last token is independent of every prefix token.", Check: sampleLastTokenAlone},
		{ID: "sample-last-token-and-chain", Source: section("1"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 6,
			Sentence: "The last token is independent of the sequence's chain.", Check: sampleLastTokenAndChain},
		{ID: "sample-target", Source: section("1"), Needs: sampling, Draws: 20,
			Sentence: "The target is the whole row of the last token in the sequence's chain.", Check: sampleTarget},
	}
}

func sampleLastToken(t *rapid.T, s Subject) {
	k := sampleForest(t, s, drawForest(t, 3, 6).Forest, drawChain(t, 2, 6), 30000)
	uniform := make([]float64, k.S)
	for v := range uniform {
		uniform[v] = 1 / float64(k.S)
	}
	counts := k.tokenCounts(k.S, func(x []uint16) int { return int(x[k.T-1]) })
	counted(t, k.question, func(v int) string { return fmt.Sprintf("P(s_T = %d)", v) }, counts, k.N, uniform, sampleAlarm)
}

func sampleLastTokenAlone(t *rapid.T, s Subject) {
	k := sampleForest(t, s, drawForest(t, 3, 8).Forest, drawChain(t, 2, 4), 20000)
	joint := make([][]float64, k.S)
	for a, mu := range k.chain.Stationary() {
		for range k.S {
			joint[a] = append(joint[a], mu/float64(k.S))
		}
	}
	for i := range k.f.Positions() {
		k.pair(t, i, k.T-1, joint, sampleAlarm/float64(k.f.Positions()))
	}
}

// sampleLastTokenAndChain would see a last token that follows the chain, which
// is uniform too when the prior is symmetric.
func sampleLastTokenAndChain(t *rapid.T, s Subject) {
	k := sampleDirichlet(t, s, drawForest(t, 3, 5).Forest, drawTokens(t, 2, 4), gen.Alphas().Draw(t, "alpha"), 20000)
	mu, work := make([]float64, k.S), make([]float64, k.S*k.S)
	for v := range k.S {
		var follows balance
		even := 1 / float64(k.S)
		for n := range k.N {
			markov.Stationary(k.Chain(n), k.S, mu, work)
			if math.IsNaN(mu[v]) {
				continue // rounding to single precision made the chain reducible, which the theory excludes
			}
			w := mu[v] - even
			follows.add(w*(oracle.Indicator(int(k.Sequence(n)[k.T-1]) == v)-even), w*w*even*(1-even))
		}
		follows.zero(t, k.question, fmt.Sprintf("sum of (mu_%d - 1/S) (1[s_T=%d] - 1/S)", v, v), sampleAlarm/float64(k.S))
	}
}

func sampleTarget(t *rapid.T, s Subject) {
	k := sampleDirichlet(t, s, drawForest(t, 3, 6).Forest, drawTokens(t, 2, 4), gen.Alphas().Draw(t, "alpha"), 100)
	point := sampleForest(t, s, drawForest(t, 3, 6).Forest, drawChain(t, 2, 4), 100)
	for n := range k.N {
		row := int(k.Sequence(n)[k.T-1]) * k.S
		withinAll(t, k.question, "target "+strconv.Itoa(n), k.Target(n), k.Chain(n)[row:row+k.S], 2*s.Roundoff())
		distribution(t, k.question, "chain "+strconv.Itoa(n), k.Chain(n), k.S, 4*float64(k.S)*s.Roundoff())
	}
	for n := range point.N {
		last := int(point.Sequence(n)[point.T-1])
		withinAll(t, point.question, "target "+strconv.Itoa(n), point.Target(n), point.chain.Row(last), 4*float64(point.S)*s.Roundoff())
	}
}
