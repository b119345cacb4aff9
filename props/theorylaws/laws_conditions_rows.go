package theorylaws

import (
	"fmt"
	"math"
	"strconv"

	"causalgrad/props"
	"causalgrad/props/oracle"
	"causalgrad/theory/condition"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

func conditionRowLaws() []props.Law {
	source := "theory.md sections 3 and 4"
	return []props.Law{
		{ID: "condition-rows", Source: source, Needs: checking, Draws: 25, Check: conditionRows,
			Sentence: "The observed rows are those of the gradient by enumeration, the predicted ones those of the signal by the joint laws, averaged over the chains."},
		{ID: "condition-ties", Source: source, Needs: checking, Draws: 20, Check: conditionTies,
			Sentence: "With equal rows nothing is a parent's: no row is decided by rounding."},
		{ID: "condition-sampled-rows", Source: source, Needs: checking, Draws: 6, Check: conditionSampledRows,
			Sentence: "A sampled row is the mean over the chains of the stated streams, with the standard error of the difference, and decided only beyond the limit."},
		{ID: "condition-limit", Source: "Student's law; Bonferroni", Needs: checking, Draws: 20, Check: conditionLimit,
			Sentence: "The limit of standard errors is Student's two-sided quantile at 1% over all comparisons of the table."},
	}
}

// matrixOf evaluates a matrix of one chain.
type matrixOf func(f graph.Forest, c *markov.Chain) [][]float64

func signalMatrix(f graph.Forest, c *markov.Chain) [][]float64 {
	rows := make([][]float64, f.Positions())
	for i := range rows {
		rows[i] = make([]float64, i+1)
		for k := range rows[i] {
			rows[i][k] = oracle.Signal(oracle.JointLaw(f, c, k, i), c)
			if i == k { // a position with itself
				rows[i][k] = c.Trace() - 1
			}
		}
	}
	return rows
}

func gradientMatrix(eps float64) matrixOf {
	return func(f graph.Forest, c *markov.Chain) [][]float64 { return oracle.FirstStep(f, c, eps) }
}

// comparedRows demands the rows of a table: margins and standard errors are
// those of the leads over the chains, and the verdicts follow beyond slack. A
// standard error of 73 draws at most has 1e-13 of itself in roundings beside what
// the leads are off by.
func comparedRows(t *rapid.T, c props.Case, what string, rows []condition.Row, f graph.Forest, chains []*markov.Chain, limit float64, matrix matrixOf, slack float64) {
	edges := f.Edges()
	props.Demand(t, c, len(rows) == len(edges), what, fmt.Sprintf("%d rows", len(edges)), fmt.Sprintf("%d rows", len(rows)))
	matrices := make([][][]float64, len(chains))
	for n, chain := range chains {
		matrices[n] = matrix(f, chain)
	}
	for n, e := range edges {
		r, name := rows[n], fmt.Sprintf("%s, child %d: ", what, e.Child)
		props.Demand(t, c, r.Child == e.Child && r.Parent == e.Parent, name+"edge", fmt.Sprint(e), fmt.Sprint(r))
		least, clear, wrong := math.Inf(1), true, false
		for k := range e.Child + 1 {
			if k == e.Parent {
				continue
			}
			mean, stdErr := leadOver(matrices, e, k)
			least = math.Min(least, mean)
			clear = clear && mean > limit*stdErr+2*slack
			wrong = wrong || mean < -limit*stdErr-2*slack
			if k == r.Competitor {
				props.Within(t, c, name+"margin", r.Margin, mean, slack)
				if limit > 0 {
					props.Within(t, c, name+"standard error", r.StdErr, stdErr, slack+1e-9*stdErr)
				} else {
					props.Equal(t, c, name+"standard error", []float64{r.StdErr}, []float64{0})
				}
			}
		}
		props.Within(t, c, name+"smallest lead", r.Margin, least, slack)
		if clear {
			props.Demand(t, c, r.Verdict == condition.Holds && r.Argmax == r.Parent, name+"verdict", "holds", string(r.Verdict))
		}
		if wrong {
			props.Demand(t, c, r.Verdict == condition.Fails, name+"verdict", "fails", string(r.Verdict))
		}
		if r.Margin > 0 {
			props.Demand(t, c, r.Argmax == r.Parent, name+"argmax", "the parent", strconv.Itoa(r.Argmax))
		} else if r.Margin < 0 {
			props.Demand(t, c, r.Argmax == r.Competitor, name+"argmax", "the competitor", strconv.Itoa(r.Argmax))
		}
	}
}

// leadOver is the mean over the chains of the parent's entry minus entry k, and
// its standard error.
func leadOver(matrices [][][]float64, e graph.Edge, k int) (mean, stdErr float64) {
	n := float64(len(matrices))
	for _, m := range matrices {
		mean += (m[e.Child][e.Parent] - m[e.Child][k]) / n
	}
	squares := 0.0
	for _, m := range matrices {
		d := m[e.Child][e.Parent] - m[e.Child][k] - mean
		squares += d * d
	}
	return mean, math.Sqrt(squares / (n * (n - 1)))
}

// gradientSlack bounds the rounding of a gradient's entry by enumeration: up to
// 4^4 sequences with as many roundings each as StepSlack allows for.
func (x checked) gradientSlack() float64 {
	worst := 0.0
	for _, c := range x.support {
		worst = math.Max(worst, 2*props.StepSlack(x.s, x.f, c))
	}
	return worst
}

func conditionRows(t *rapid.T, s props.Subject) {
	eps := props.DrawEps(t)
	x := checkedOn(t, s, props.DrawForest(t, 3, 5).Forest, drawSupport(t, 3, 2), condition.Options{Eps: eps})
	comparedRows(t, x.Case, "predicted", x.Predicted, x.f, x.support, 0, signalMatrix, x.slack())
	comparedRows(t, x.Case, "observed", x.Observed, x.f, x.support, 0, gradientMatrix(eps), x.gradientSlack())
	chance := 0.0
	for _, e := range x.f.Edges() {
		chance += 1 / float64(e.Child+1)
	}
	props.Within(t, x.Case, "chance", x.Chance, chance, 1e-14) // sums of at most 4 numbers below 1
}

func conditionTies(t *rapid.T, s props.Subject) {
	x := checkedOn(t, s, props.DrawConnected(t, 3, 6).Forest, []*markov.Chain{props.DrawKind(t, "rank one", 2, 3)}, condition.Options{})
	for n, row := range x.Observed {
		props.Demand(t, x.Case, x.Predicted[n].Verdict == condition.Undecided, "predicted verdict", "undecided", string(x.Predicted[n].Verdict))
		if row.Child > 1 { // child 1 has no third position to tie with
			props.Demand(t, x.Case, row.Verdict != condition.Holds, "observed verdict", "not that the parent leads", string(row.Verdict))
		}
	}
}

// unknown is a prior of which nothing is known but its draws.
type unknown struct{ markov.Prior }

// families are the parametric priors, with weights on both sides of 1/S.
func drawFamily(t *rapid.T, tokens int) markov.Prior {
	alpha := rapid.SampledFrom([]float64{1, 0.5, 3}).Draw(t, "alpha")
	weight := rapid.SampledFrom([]float64{0.2, 0.6, 0.8}).Draw(t, "weight")
	return rapid.SampledFrom([]markov.Prior{
		markov.Dirichlet{Size: tokens, Alpha: alpha}, markov.Floor{Size: tokens, Alpha: alpha, Gamma: weight},
		markov.Sticky{Size: tokens, Weight: weight, Alpha: alpha}, markov.Cyclic{Size: tokens, Weight: weight, Alpha: alpha},
		markov.NearDeterministic{Size: tokens, Weight: weight, Alpha: alpha}, markov.RankOne{Size: tokens, Alpha: alpha},
		markov.Reversible{Size: tokens, Alpha: alpha},
	}).Draw(t, "prior")
}

// sampledCase is a report on a prior that is drawn from.
func sampledCase(f graph.Forest, prior markov.Prior, o condition.Options) props.Case {
	return props.Case{Graph: f.String()}.With("--tokens %d --prior %s --draws %d --seed %d", prior.Tokens(), prior, o.Draws, o.Seed)
}

// drawnChains are the chains of the streams that theory.md's averages use.
func drawnChains(t *rapid.T, c props.Case, prior markov.Prior, o condition.Options) []*markov.Chain {
	chains := make([]*markov.Chain, o.Draws)
	for n := range chains {
		chains[n] = props.Ask(t, c, "draw", func() (*markov.Chain, error) {
			return markov.DrawChain(prior, stream.Key{Seed: o.Seed, Purpose: stream.Prior, Step: uint64(n)})
		})
	}
	return chains
}

func drawDraws(t *rapid.T) condition.Options {
	// An odd number, so that the degrees of freedom are even: see studentBothTails.
	return condition.Options{Draws: 2*rapid.IntRange(32, 36).Draw(t, "half of the draws") + 1, Seed: props.DrawSeed(t)}
}

func conditionSampledRows(t *rapid.T, s props.Subject) {
	f, prior, o := props.DrawConnected(t, 3, 4).Forest, drawFamily(t, 2), drawDraws(t)
	c := sampledCase(f, prior, o)
	r := askCheck(t, s, c, f, prior, o)
	chains := drawnChains(t, c, prior, o)
	// Chains over two tokens and a few positions: 1e-10 is four digits more than
	// enumeration loses at a stationary probability of 1e-4.
	comparedRows(t, c, "predicted", r.Predicted, f, chains, r.StandardErrors, signalMatrix, 1e-10)
	comparedRows(t, c, "observed", r.Observed, f, chains, r.StandardErrors, gradientMatrix(0), 1e-10)
	props.Demand(t, c, !r.Exact && r.Chains == o.Draws, "report", fmt.Sprintf("sampled from %d draws", o.Draws), fmt.Sprintf("exact %v, %d chains", r.Exact, r.Chains))
}

// studentBothTails is P(|X| > x) of Student's law with an even number of degrees of
// freedom: 1 - sin(u) sum_j (1 3 ... (2j-1))/(2 4 ... 2j) cos(u)^2j over the j
// below half of them, for tan(u) = x/sqrt(degrees).
func studentBothTails(x float64, degrees int) float64 {
	u := math.Atan(x / math.Sqrt(float64(degrees)))
	sum, term := 0.0, 1.0
	for j := range degrees / 2 {
		if j > 0 {
			term *= float64(2*j-1) / float64(2*j) * math.Cos(u) * math.Cos(u)
		}
		sum += term
	}
	return 1 - math.Sin(u)*sum
}

func conditionLimit(t *rapid.T, s props.Subject) {
	f, prior, o := props.DrawConnected(t, 3, 6).Forest, drawFamily(t, 2), drawDraws(t)
	c := sampledCase(f, prior, o)
	r := askCheck(t, s, c, f, prior, o)
	comparisons := 0
	for _, e := range f.Edges() {
		comparisons += e.Child
	}
	// Both tails are sums of at most 40 numbers below 1.
	props.Within(t, c, "probability beyond the limit, times comparisons", studentBothTails(r.StandardErrors, o.Draws-1)*float64(comparisons), condition.ErrorRate, 1e-10)
}
