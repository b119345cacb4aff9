package props

import (
	"math"
	"strconv"

	"causalgrad/props/oracle"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

func firstStepLaws() []Law {
	return append(firstStepLimitLaws(), []Law{
		{ID: "first-step-definition", Small: true, Source: section("3"), Needs: firstStep, Draws: 60,
			Sentence: "The first-step gradient is the expectation over all prefixes, term by term.", Check: firstStepDefinition},
		{ID: "first-step-row-sums", Source: section("3"), Needs: firstStep,
			Sentence: "Every row of the first-step gradient sums to 0: a softmax does not feel a shift.",
			Check: stepped(func(t *rapid.T, x stepInstance) {
				for i, row := range x.Gradient {
					sum := 0.0
					for _, v := range row {
						sum += v
					}
					within(t, x.question, "sum of gradient["+strconv.Itoa(i)+"]", sum, 0, float64(i+1)*x.Slack)
				}
			})},
		{ID: "first-step-triangular", Source: section("3"), Needs: firstStep,
			Sentence: "The first-step gradient is 0 above the diagonal and in its first row.",
			Check: stepped(func(t *rapid.T, x stepInstance) {
				for i, row := range x.Gradient {
					for k := i + 1; k < len(row); k++ {
						within(t, x.question, entryText("gradient", i, k), row[k], 0, 0)
					}
				}
				within(t, x.question, entryText("gradient", 0, 0), x.Gradient[0][0], 0, x.Slack)
			})},
		{ID: "first-step-relabelling", Source: section("3, fact 8"), Needs: firstStep,
			Sentence: "Renaming the tokens does not change the first-step gradient.", Check: firstStepRelabelling},
		{ID: "first-step-isomorphism", Source: section("3, fact 8"), Needs: firstStep,
			Sentence: "i (G_ik - G_il) is the same in every isomorphic forest.", Check: firstStepIsomorphism},
		{ID: "first-step-exchangeable", Source: section("3"), Needs: firstStep,
			Sentence: "Without edges all earlier positions have the same gradient.", Check: firstStepExchangeable},
		{ID: "first-step-finds-the-edges", Small: true, Source: section("4, which conditions carry the conclusion"), Needs: firstStep, Draws: 25,
			Sentence: "With a constant mean and I_chi2 >= 0.05, the gradient's row argmax is the parent from T = 6 on.", Check: firstStepFindsEdges},
		{ID: "first-step-of-the-model", Small: true, Source: "theory/README.md, sections 2 and 3", Needs: []Capability{CanFirstStep, CanEvaluate}, Draws: 20,
			Sentence: "The first-step gradient is -d2L/(dA1 dbeta0) of the reduced model over all sequences.", Check: firstStepOfModel},
	}...)
}

// stepInstance is one forest, one chain, one eps and the subject's gradient.
type stepInstance struct {
	question
	Forest   graph.Forest
	Markov   *markov.Chain
	Eps      float64
	Gradient [][]float64
	Slack    float64
}

func stepped(check func(t *rapid.T, x stepInstance)) func(*rapid.T, Subject) {
	return func(t *rapid.T, s Subject) {
		check(t, steppedOn(t, s, drawForest(t, 3, 9).Forest, drawChain(t, 2, 4), drawEps(t)))
	}
}

// steppedOn asks the subject about a forest, a chain and an eps.
func steppedOn(t *rapid.T, s Subject, f graph.Forest, c *markov.Chain, eps float64) stepInstance {
	k := forestQuestion(f, c).With("--eps %v", eps)
	observePair(t, f, c)
	observe(t, "eps", eps > 0)
	slack := tellable(t, stepSlack(s, f, c))
	return stepInstance{k, f, c, eps, askFirstStep(t, s, k, f, c, eps), slack}
}

// drawEps draws the eps inside the loss's logarithm.
func drawEps(t *rapid.T) float64 {
	return rapid.SampledFrom([]float64{0, 0.001, 0.1, 1}).Draw(t, "eps")
}

// stepSlack bounds the rounding error of an entry of the first-step gradient.
//
// c_i(q) is at most 1/muhat <= T, summed over S values of q and divided by
// S T i: an expectation of something at most 1. Its distribution is off by S u condition
// (the stationary distribution's error) plus T roundings a prefix, and the sums over s
// and q add S^2. 32 is for what an implementation does in other ways.
func stepSlack(s Subject, f graph.Forest, c *markov.Chain) float64 {
	size, length := float64(c.Tokens()), float64(f.SequenceLength())
	return 32 * s.Roundoff() * (size*oracle.ConditionNumber(c) + length + size*size)
}

func firstStepDefinition(t *rapid.T, s Subject) {
	tokens := drawTokens(t, 2, 3)
	f := drawForest(t, 3, 10-2*tokens)
	x := steppedOn(t, s, f.Forest, drawChain(t, tokens, tokens), drawEps(t))
	withinMatrix(t, x.question, "gradient", x.Gradient, oracle.FirstStep(x.Forest, x.Markov, x.Eps), x.Slack)
}

func firstStepRelabelling(t *rapid.T, s Subject) {
	f, c, eps := drawForest(t, 3, 9).Forest, drawChain(t, 2, 4), drawEps(t)
	order := drawOrder(t, c.Tokens())
	x, y := steppedOn(t, s, f, c, eps), steppedOn(t, s, f, c.Relabelled(order), eps)
	withinMatrix(t, x.Where("and with tokens renamed by %v", order), "gradient", y.Gradient, x.Gradient, 2*x.Slack)
}

func firstStepIsomorphism(t *rapid.T, s Subject) {
	f, c, eps := drawForest(t, 3, 9).Forest, drawChain(t, 2, 4), drawEps(t)
	again, order := drawReordering(t, f)
	x, y := steppedOn(t, s, f, c, eps), steppedOn(t, s, again, c, eps)
	k := x.Where("and %s", again)
	for i := range f.Positions() {
		for j := range i {
			if order[j] < order[i] {
				got := float64(order[i]+1) * (y.Gradient[order[i]][order[i]] - y.Gradient[order[i]][order[j]])
				want := float64(i+1) * (x.Gradient[i][i] - x.Gradient[i][j])
				within(t, k, entryText("i (G_ii - G_ik)", i, j), got, want, 4*float64(len(x.Gradient))*x.Slack)
			}
		}
	}
}

func firstStepExchangeable(t *rapid.T, s Subject) {
	parents := make([]int, drawLength(t, 3, 12)-1)
	for i := range parents {
		parents[i] = graph.Root
	}
	x := steppedOn(t, s, forestOf(parents), drawChain(t, 2, 4), drawEps(t))
	for i, row := range x.Gradient {
		for k := 1; k < i; k++ {
			within(t, x.question, entryText("gradient", i, k), row[k], row[0], 2*x.Slack)
		}
	}
}

// firstStepFindsEdges averages over an orbit, exactly. It is an observation,
// not a theorem: below I_chi2 = 0.002 siblings can overtake the parent where
// all rows put nearly all their mass on one token.
func firstStepFindsEdges(t *rapid.T, s Subject) {
	f := drawConnected(t, 6, 9)
	orbit := drawOrbit(t, 2, 3)
	base := orbit.Support()[0]
	information := 0.0
	for _, c := range orbit.Support() {
		information += oracle.ChiSquare(oracle.EdgeJoint(c, c.Stationary()), c.Stationary()) / float64(len(orbit.Support()))
	}
	if information < 0.05 {
		return // nothing is claimed; "non-degenerate" counts how often
	}
	mean, slack := make([][]float64, f.SequenceLength()), 0.0
	for i := range mean {
		mean[i] = make([]float64, len(mean))
	}
	for _, c := range orbit.Support() {
		x := steppedOn(t, s, f.Forest, c, 0)
		slack = math.Max(slack, x.Slack)
		for i, row := range x.Gradient {
			for k, v := range row {
				mean[i][k] += v / float64(len(orbit.Support()))
			}
		}
	}
	k := forestQuestion(f.Forest, base).Where("and the whole orbit of the chain")
	for _, e := range f.Edges() {
		for j := range e.Child + 1 {
			if j != e.Parent {
				atMost(t, k, entryText("mean gradient", e.Child, j), mean[e.Child][j], mean[e.Child][e.Parent], 2*slack)
			}
		}
	}
}
