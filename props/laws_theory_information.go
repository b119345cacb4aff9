package props

import (
	"math"

	"causalgrad/props/oracle"
	"causalgrad/theory/graph"
	"pgregory.net/rapid"
)

func informationLaws() []Law {
	return []Law{
		{ID: "information-definition", Source: section("3, fact 1"), Needs: inform,
			Sentence: "I_chi2 of two positions is sum P(x,y)^2/(P(x)P(y)) - 1 of their joint distribution.",
			Check: informed(func(t *rapid.T, x instance) {
				x.pairs(func(i, k int) {
					x.expect(t, "information", x.Chi2, i, k, oracle.ChiSquare(oracle.Joint(x.Forest, x.Markov, k, i), x.Mu))
				})
			})},
		{ID: "information-of-itself", Source: section("3, fact 1"), Needs: inform,
			Sentence: "A token's information on itself is S - 1.",
			Check: informed(func(t *rapid.T, x instance) {
				for i := range x.Forest.Positions() {
					x.expect(t, "information", x.Chi2, i, i, float64(x.Markov.Tokens()-1))
				}
			})},
		{ID: "information-range", Source: section("3, fact 1"), Needs: inform,
			Sentence: "0 <= I_chi2 <= S - 1.",
			Check: informed(func(t *rapid.T, x instance) {
				x.pairs(func(i, k int) {
					atLeast(t, x.question, entryText("information", i, k), x.Chi2[i][k], 0, x.Slack)
					atMost(t, x.question, entryText("information", i, k), x.Chi2[i][k], float64(x.Markov.Tokens()-1), x.Slack)
				})
			})},
		{ID: "different-trees", Source: section("3, fact 3"), Needs: inform,
			Sentence: "Signal and information across trees are 0.",
			Check: informed(func(t *rapid.T, x instance) {
				x.pairs(func(i, k int) {
					if _, related := x.Forest.Distance(i, k); !related {
						x.expect(t, "signal", x.Signal, i, k, 0)
						x.expect(t, "information", x.Chi2, i, k, 0)
					}
				})
			})},
		{ID: "lower-triangular", Source: section("3"), Needs: inform,
			Sentence: "Signal and information are 0 above the diagonal.",
			Check: informed(func(t *rapid.T, x instance) {
				x.pairs(func(i, k int) {
					within(t, x.question, entryText("signal", k, i), x.Signal[k][i], 0, 0)
					within(t, x.question, entryText("information", k, i), x.Chi2[k][i], 0, 0)
				})
			})},
		{ID: "distances-alone", Source: section("3, fact 6"), Needs: inform,
			Sentence: "Signal and information of two positions depend on their distances below the nearest common ancestor alone.",
			Check:    informed(distancesAlone)},
		{ID: "line-of-descent", Source: section("3, fact 6"), Needs: inform,
			Sentence: "On one line of descent I_chi2 is ||D^(1/2) pi^b D^(-1/2)||_F^2 - 1.",
			Check:    informed(lineOfDescent)},
		{ID: "symmetric-information", Source: section("3, fact 7"), Needs: inform,
			Sentence: "I_chi2 is symmetric: distances (a, b) and (b, a) give the same.", Check: symmetricInformation},
		{ID: "correlation-bounds", Source: section("3, facts 4 and 5"), Needs: inform,
			Sentence: "rho^2 <= I_chi2 <= (S-1) rho^2, rho the maximal correlation.",
			Check: informed(func(t *rapid.T, x instance) {
				x.pairs(func(i, k int) {
					rho := oracle.MaximalCorrelation(oracle.Joint(x.Forest, x.Markov, k, i), x.Mu)
					atLeast(t, x.question, entryText("information", i, k), x.Chi2[i][k], rho*rho, x.Slack)
					atMost(t, x.question, entryText("information", i, k), x.Chi2[i][k], float64(x.Markov.Tokens()-1)*rho*rho, x.Slack)
				})
			})},
		{ID: "permutation-chain", Source: section("3, fact 1"), Needs: inform,
			Sentence: "Under a cyclic permutation chain every two positions of a tree have I_chi2 = S - 1, and the signal is S - 1 or -1.",
			Check:    permutationChain},
		{ID: "rank-one-no-signal", Source: section("4, A2"), Needs: inform,
			Sentence: "A rank-one chain carries no signal and no information between positions.", Check: rankOneNoSignal},
		{ID: "two-tokens", Source: section("3, fact 6"), Needs: inform,
			Sentence: "For S = 2 with second eigenvalue l, I_chi2 = l^(2(p+q)) and the signal is l^(1+p+q) at distances p, q.", Check: twoTokens},
	}
}

// expect demands one entry of an answer, within the instance's slack.
func (x instance) expect(t *rapid.T, what string, matrix [][]float64, i, k int, want float64) {
	within(t, x.question, entryText(what, i, k), matrix[i][k], want, x.Slack)
}

func distancesAlone(t *rapid.T, x instance) {
	type distances struct{ p, q int }
	first := map[distances][2]int{}
	for i := range x.Forest.Positions() {
		for k := range i + 1 {
			_, q, p, related := x.Forest.CommonAncestor(i, k)
			observe(t, "distant pair", related && p+q > 1)
			if !related {
				continue
			}
			d := distances{p, q}
			if same, seen := first[d]; seen {
				x.expect(t, "signal", x.Signal, i, k, x.Signal[same[0]][same[1]])
				x.expect(t, "information", x.Chi2, i, k, x.Chi2[same[0]][same[1]])
			} else {
				first[d] = [2]int{i, k}
			}
		}
	}
}

func lineOfDescent(t *rapid.T, x instance) {
	x.pairs(func(i, k int) {
		node, b, _, related := x.Forest.CommonAncestor(i, k)
		if !related || node != k {
			return
		}
		norm := -1.0
		for u, row := range oracle.MatrixPower(x.Markov.Rows(), b) {
			for v, p := range row {
				norm += p * p * x.Mu[u] / x.Mu[v]
			}
		}
		x.expect(t, "information", x.Chi2, i, k, norm)
	})
}

// symmetricInformation looks at a root with two arms that grow in turn, where
// both orders of every two distances occur.
func symmetricInformation(t *rapid.T, s Subject) {
	arm := rapid.IntRange(1, 4).Draw(t, "arm")
	parents := []int{graph.Root}
	for i := 1; i <= 2*arm; i++ {
		parents = append(parents, max(i-2, 0))
	}
	f := forestOf(parents)
	x := informedOn(t, s, f, drawChain(t, 2, 4))
	left := func(a int) int { return 2*a - 1 }
	right := func(a int) int { return 2 * a }
	for a := 1; a <= arm; a++ {
		for b := 1; b < a; b++ {
			x.expect(t, "information", x.Chi2, right(a), left(b), x.Chi2[left(a)][right(b)])
			same := oracle.ChiSquare(oracle.Joint(f, x.Markov, right(a), left(b)), x.Mu) // the transposed joint
			x.expect(t, "information", x.Chi2, right(a), left(b), same)
		}
	}
}

func permutationChain(t *rapid.T, s Subject) {
	f := drawForest(t, 3, 9).Forest
	size := drawTokens(t, 2, 5)
	rows := make([][]float64, size)
	for a := range rows {
		rows[a] = make([]float64, size)
		rows[a][(a+1)%size] = 1
	}
	x := informedOn(t, s, f, chainOf(rows))
	observeChain(t, "permutation", x.Markov)
	x.pairs(func(i, k int) {
		_, q, p, related := f.CommonAncestor(i, k)
		if !related {
			return
		}
		x.expect(t, "information", x.Chi2, i, k, float64(size-1))
		want := -1.0 // s_i is a shift of s_k by q - p, and the signal asks for a shift by 1
		if (q-p-1)%size == 0 {
			want = float64(size - 1)
		}
		x.expect(t, "signal", x.Signal, i, k, want)
	})
}

func rankOneNoSignal(t *rapid.T, s Subject) {
	x := informedOn(t, s, drawForest(t, 3, 9).Forest, drawKind(t, "rank one", 2, 5))
	x.pairs(func(i, k int) {
		x.expect(t, "signal", x.Signal, i, k, 0)
		x.expect(t, "information", x.Chi2, i, k, 0)
	})
}

func twoTokens(t *rapid.T, s Subject) {
	a := float64(rapid.IntRange(1, 99).Draw(t, "a")) / 100
	b := float64(rapid.IntRange(1, 99).Draw(t, "b")) / 100
	x := informedOn(t, s, drawForest(t, 3, 9).Forest, chainOf([][]float64{{1 - a, a}, {b, 1 - b}}))
	observeChain(t, "two tokens", x.Markov)
	l := 1 - a - b
	for i := range x.Forest.Positions() {
		for k := range i + 1 {
			if _, q, p, related := x.Forest.CommonAncestor(i, k); related {
				x.expect(t, "information", x.Chi2, i, k, math.Pow(l*l, float64(p+q)))
				x.expect(t, "signal", x.Signal, i, k, math.Pow(l, float64(1+p+q)))
			}
		}
	}
}
