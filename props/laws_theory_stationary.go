package props

import (
	"math"
	"strconv"

	"causalgrad/props/gen"
	"causalgrad/props/oracle"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

func stationaryLaws() []Law {
	needs := []Capability{CanStationary}
	return []Law{
		{ID: "stationary-balance", Source: section("1"), Needs: needs,
			Sentence: "The stationary distribution is a probability vector with mu pi = mu.", Check: stationaryBalance},
		{ID: "stationary-exact", Source: section("1"), Needs: needs,
			Sentence: "The stationary distribution is the one of exact rational arithmetic, within the chain's condition.", Check: stationaryExact},
		{ID: "stationary-componentwise", Source: section("1"), Needs: needs,
			Sentence: "Every stationary probability keeps its relative accuracy, however rarely the chain moves.", Check: stationaryComponentwise},
		{ID: "stationary-relabelling", Source: section("3, fact 8"), Needs: needs,
			Sentence: "Renaming the tokens permutes the stationary distribution.", Check: stationaryRelabelling},
		{ID: "stationary-reversal", Source: section("3, fact 7"), Needs: needs,
			Sentence: "The reversed chain has the same stationary distribution.", Check: stationaryReversal},
		{ID: "stationary-doubly-stochastic", Source: section("1"), Needs: needs,
			Sentence: "A doubly stochastic chain has the uniform stationary distribution.", Check: stationaryUniform},
		{ID: "token-covariance", Source: section("5, effective length"), Needs: needs,
			Sentence: "|Cov(1[s_i=s], 1[s_j=s])| <= rho^d mu_s (1-mu_s), d the distance and rho the second singular value.", Check: tokenCovariance},
	}
}

// stationarySlack bounds the error of a solver that is backward stable: its
// answer is that of a chain with entries off by S units, so it is off by that
// times the condition in sum.
func stationarySlack(t *rapid.T, s Subject, c *markov.Chain) float64 {
	return tellable(t, 8*float64(c.Tokens())*s.Roundoff()*oracle.ConditionNumber(c))
}

func askMu(t *rapid.T, s Subject, c *markov.Chain) (question, []float64) {
	k := question{Chain: c.Rows()}
	return k, askStationary(t, s, k, c)
}

func stationaryBalance(t *rapid.T, s Subject) {
	c := drawChain(t, 2, 6)
	k, mu := askMu(t, s, c)
	slack := stationarySlack(t, s, c)
	distribution(t, k, "mu", mu, len(mu), slack)
	moved := make([]float64, len(mu))
	for a, m := range mu {
		for b, p := range c.Row(a) {
			moved[b] += m * p
		}
	}
	withinAll(t, k, "mu pi", moved, mu, slack)
}

func stationaryExact(t *rapid.T, s Subject) {
	c := drawChain(t, 2, 4)
	k, mu := askMu(t, s, c)
	want := make([]float64, len(mu))
	for a, m := range oracle.ExactStationary(c.Rows()) {
		want[a], _ = m.Float64()
	}
	withinAll(t, k, "mu", mu, want, stationarySlack(t, s, c))
}

func stationaryComponentwise(t *rapid.T, s Subject) {
	rows := gen.RareMoves(tokenRange(t, 2, 4)).Draw(t, "chain")
	c, err := markov.NewChain(rows)
	if err != nil {
		t.Fatalf("the generator drew no chain: %v", err)
	}
	k, mu := askMu(t, s, c)
	// Elimination without a subtraction rounds each of its S^3 products and
	// sums once, and every one of them is of positive numbers; a row whose
	// entries are themselves normalised anew adds S.
	relative := 8 * math.Pow(float64(len(mu)), 3) * s.Roundoff()
	for a, m := range oracle.ExactStationary(rows) {
		want, _ := m.Float64()
		within(t, k, "mu["+strconv.Itoa(a)+"]", mu[a], want, relative*want)
	}
}

func stationaryRelabelling(t *rapid.T, s Subject) {
	c := drawChain(t, 2, 5)
	order := drawOrder(t, c.Tokens())
	k, mu := askMu(t, s, c)
	_, renamed := askMu(t, s, c.Relabelled(order))
	want := make([]float64, len(mu))
	for a, m := range mu {
		want[order[a]] = m
	}
	withinAll(t, k.Where("and with tokens renamed by %v", order), "mu", renamed, want, 2*stationarySlack(t, s, c))
}

func stationaryReversal(t *rapid.T, s Subject) {
	c := drawChain(t, 2, 5)
	k, mu := askMu(t, s, c)
	// The reversed chain is rounded when it is written down: S units relative.
	withinAll(t, k.Where("and its reversal"), "mu", askStationary(t, s, k, c.Reversed()), mu, 3*stationarySlack(t, s, c))
}

func stationaryUniform(t *rapid.T, s Subject) {
	c := drawKind(t, "doubly stochastic", 2, 6)
	k, mu := askMu(t, s, c)
	uniform := make([]float64, len(mu))
	for a := range uniform {
		uniform[a] = 1 / float64(len(mu))
	}
	withinAll(t, k, "mu", mu, uniform, stationarySlack(t, s, c))
}

// tokenCovariance checks the bound that the effective length rests on, with
// the subject's stationary distribution in every place of the formula.
func tokenCovariance(t *rapid.T, s Subject) {
	f, c := drawForest(t, 3, 9).Forest, drawChain(t, 2, 4)
	k := forestQuestion(f, c)
	mu := askStationary(t, s, k, c)
	rho := oracle.MaximalCorrelation(oracle.EdgeJoint(c, mu), mu)
	for i := range f.Positions() {
		for j := range i {
			d, related := f.Distance(i, j)
			bound := math.Pow(rho, float64(d))
			if !related {
				bound = 0
			}
			observe(t, "distant pair", d > 1)
			joint := oracle.Joint(f, c, j, i)
			for v, m := range mu {
				// The distribution is off by the solver's slack and the covariance by three of these.
				atMost(t, k, "|covariance| of token "+strconv.Itoa(v)+" at "+strconv.Itoa(i)+" and "+strconv.Itoa(j),
					math.Abs(joint[v][v]-m*m), bound*m*(1-m), 8*stationarySlack(t, s, c)+signalSlack(s, f, c)*m)
			}
		}
	}
}

// drawOrder draws a renaming of n tokens: token a becomes order[a].
func drawOrder(t *rapid.T, n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return rapid.Permutation(order).Draw(t, "order")
}

// drawReordering draws an isomorphic forest and the places of f's positions in it.
func drawReordering(t *rapid.T, f graph.Forest) (graph.Forest, []int) {
	order := gen.Reorderings(f).Draw(t, "places")
	return gen.Reordered(f, order), order
}
