package theorylaws

import (
	"fmt"
	"math"
	"math/big"

	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/props/oracle"
	"causalgrad/theory/condition"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

// factLaws are about the known numbers behind the statements.
func factLaws() []props.Law {
	needs, source := []props.Capability{CanStateFacts}, "theorems.md, known facts"
	return []props.Law{
		{ID: "fact-effective-length", Source: "theorems.md, effective length", Needs: needs, Check: factEffectiveLength,
			Sentence: "T_eff is T for independent tokens, does not fall when an edge is cut, and is the sum over pairs of powers of the correlation."},
		{ID: "fact-inequalities", Source: source, Needs: needs, Check: factInequalities,
			Sentence: "rho^2, delta and 1 - gamma are the joint law's correlation, the rows' largest distance and the smallest entry, in that order."},
		{ID: "fact-margin-ratio", Source: "theorems.md, L2", Needs: needs, Draws: 50, Check: factMarginRatio,
			Sentence: "The margin ratio is the least that the joint laws give, at least 1, and refused where there is nothing to compare."},
		{ID: "fact-least-margin-ratio", Source: "theorems.md, L2", Needs: needs, Draws: 10, Check: factLeastMarginRatio,
			Sentence: "A search for the least margin ratio ends at a chain that has it, from 1 up, from 2 up for two tokens, and repeats itself."},
		{ID: "fact-two-tokens", Source: source, Needs: needs, Check: factTwoTokens,
			Sentence: "The signal of [[1-a, a], [a, 1-a]] is 1-2a on the child itself and its square on the parent, exactly."},
		{ID: "fact-self-margin", Source: source, Needs: needs, Draws: 30, Check: factSelfMargin,
			Sentence: "The self margin is the least lead of a parent over its child in the gradient by enumeration; a above 1 is refused."},
		{ID: "fact-slopes", Source: source, Needs: needs, Draws: 20, Check: factSlopes,
			Sentence: "A slope is the mean over random forests of the regression of the gradient by enumeration on the leading order."},
		{ID: "prior-average", Source: "theory.md section 3", Needs: needs, Draws: 40, Check: priorAverage,
			Sentence: "The mean signal and information of a prior are those of the joint laws over its chains, or over the stated draws."},
		{ID: "margins-definition", Source: "theory.md section 3", Needs: needs, Check: marginsDefinition,
			Sentence: "A margin is the parent's entry minus the largest other one of the row, the child's own if that counts, ties included."},
	}
}

func factsOf(s props.Subject) Facts { return s.(FactStater).Facts() }

func factEffectiveLength(t *rapid.T, s props.Subject) {
	f, c := props.DrawForest(t, 3, 8).Forest, props.DrawChain(t, 2, 3)
	k := props.ForestCase(f, c)
	of := func(f graph.Forest) float64 {
		return props.Ask(t, k, "effective length", func() (float64, error) { return factsOf(s).EffectiveLength(f, c) })
	}
	got, rho, sum := of(f), correlationOf(c), 1.0
	for i := range f.Positions() {
		for j := range f.Positions() {
			if d, related := f.Distance(i, j); related {
				sum += math.Pow(rho, float64(d))
			}
		}
	}
	length := float64(f.SequenceLength())
	slack := length * length * props.SignalSlack(s, f, c) // see conditionEffectiveLength
	props.Within(t, k, "effective length", got, length*length/sum, slack)
	parents := f.Parents()
	if edges := f.Edges(); len(edges) > 0 {
		parents[rapid.SampledFrom(edges).Draw(t, "cut").Child] = graph.Root
		props.AtLeast(t, k.Where("and with the parents %v", parents), "effective length with an edge cut", of(props.ForestOf(parents)), got, slack)
	}
	for i := range parents {
		parents[i] = graph.Root
	}
	props.Within(t, k, "effective length without edges", of(props.ForestOf(parents)), length, 0)
}

func factInequalities(t *rapid.T, s props.Subject) {
	c := props.DrawChain(t, 2, 4)
	k := props.Case{Chain: c.Rows()}
	got := props.Ask(t, k, "inequalities", func() (condition.Inequalities, error) { return factsOf(s).Inequalities(c) })
	slack := props.SignalSlack(s, props.ForestOf([]int{-1, 0}), c)
	rho := correlationOf(c)
	props.Within(t, k, "rho^2", got.SquaredCorrelation, rho*rho, 2*slack)
	props.Within(t, k, "delta", got.Dobrushin, totalVariation(c), 8*s.Roundoff()) // up to 8 terms below 1
	props.Within(t, k, "1 - gamma", got.Complement, 1-smallestEntry(c), 2*s.Roundoff())
	props.AtMost(t, k, "rho^2", got.SquaredCorrelation, got.Dobrushin, 2*slack)
	props.AtMost(t, k, "delta", got.Dobrushin, got.Complement, 16*s.Roundoff())
}

// marginRatios are the answer about margins of one chain.
type marginRatios struct{ ratio, sharp float64 }

func factMarginRatio(t *rapid.T, s props.Subject) {
	f, c := props.DrawForest(t, 3, 7).Forest, props.DrawChain(t, 2, 3)
	k := props.ForestCase(f, c)
	call := func() (marginRatios, error) {
		ratio, sharp, err := factsOf(s).MarginRatio(f, c)
		return marginRatios{ratio, sharp}, err
	}
	gamma, information := math.Min(smallestEntry(c), 1), informationOf(c)
	least, third := math.Inf(1), false
	for _, e := range f.Edges() {
		for p := range e.Child {
			if p != e.Parent {
				third = true
				least = math.Min(least, oracle.Signal(oracle.JointLaw(f, c, e.Parent, e.Child), c)-oracle.Signal(oracle.JointLaw(f, c, p, e.Child), c))
			}
		}
	}
	if !third || gamma == 0 || information == 0 {
		props.Refuses(t, k, "margin ratio", call, "nothing to compare")
		return
	}
	got := props.Ask(t, k, "margin ratio", call)
	want := least / (gamma / 2 * information)
	sharper := least / (gamma / (1 + math.Sqrt(1-gamma)) * information)
	// Two signals and the information are off by the slack each.
	slack := (2 + math.Abs(want)) * props.SignalSlack(s, f, c) / (gamma / 2 * information)
	if !(slack < 0.1) {
		return // of nearly equal rows nothing is known that well
	}
	props.Within(t, k, "margin ratio", got.ratio, want, slack)
	props.Within(t, k, "sharper margin ratio", got.sharp, sharper, slack)
	props.AtLeast(t, k, "sharper margin ratio", got.sharp, 1, slack)
	props.AtLeast(t, k, "margin ratio", got.ratio, got.sharp, 16*s.Roundoff()*got.ratio)
}

// found is the answer of a search.
type found struct {
	ratio float64
	at    *markov.Chain
}

func factLeastMarginRatio(t *rapid.T, s props.Subject) {
	f, tokens, seed := props.DrawForest(t, 3, 6).Forest, rapid.IntRange(2, 3).Draw(t, "tokens"), props.DrawSeed(t)
	evaluations := rapid.IntRange(20, 60).Draw(t, "evaluations")
	c := props.Case{Graph: f.String()}.With("--tokens %d --seed %d", tokens, seed).Where("%d evaluations", evaluations)
	call := func() (found, error) {
		ratio, at, err := factsOf(s).LeastMarginRatio(f, tokens, evaluations, seed)
		return found{ratio, at}, err
	}
	third := false
	for _, e := range f.Edges() {
		third = third || e.Child > 1
	}
	if !third {
		props.Refuses(t, c, "least margin ratio", call, "no chain")
		return
	}
	got := props.Ask(t, c, "least margin ratio", call)
	props.Demand(t, c, got.at != nil && got.at.Tokens() == tokens, "chain", fmt.Sprintf("one over %d tokens", tokens), fmt.Sprint(got.at))
	again := props.Ask(t, c, "margin ratio", func() (marginRatios, error) {
		ratio, sharp, err := factsOf(s).MarginRatio(f, got.at)
		return marginRatios{ratio, sharp}, err
	})
	props.Equal(t, c, "margin ratio of the chain", []float64{again.ratio}, []float64{got.ratio})
	// The ratio is off by the slack of two signals over what it divides by.
	slack := (2 + got.ratio) * props.SignalSlack(s, f, got.at) / (smallestEntry(got.at) / 2 * informationOf(got.at))
	props.AtLeast(t, c, "least margin ratio", got.ratio, float64(4-tokens), slack)
	repeat := props.Ask(t, c, "least margin ratio", call)
	props.Equal(t, c, "least margin ratio, once more", []float64{repeat.ratio}, []float64{got.ratio})
}

func factTwoTokens(t *rapid.T, s props.Subject) {
	a := big.NewRat(rapid.Int64Range(1, 99).Draw(t, "numerator"), 100)
	c := props.Case{}.Where("a = %s", a)
	type answer struct{ self, parent *big.Rat }
	got := props.Ask(t, c, "signal", func() (answer, error) {
		self, parent := factsOf(s).TwoTokenSignal(a)
		return answer{self, parent}, nil
	})
	// sum pi[a][b]/mu[b] (J[a][b] - mu[a] mu[b]) with mu = 1/2: J is mu on the
	// diagonal for the child itself, mu pi for its parent.
	half, quarter := big.NewRat(1, 2), big.NewRat(1, 4)
	self, parent := new(big.Rat), new(big.Rat)
	for x := range 2 {
		for y := range 2 {
			pi, own := new(big.Rat).Set(a), new(big.Rat)
			if x == y {
				pi.Sub(big.NewRat(1, 1), a)
				own.Set(half)
			}
			joint := new(big.Rat).Mul(half, pi)
			weight := new(big.Rat).Quo(pi, half)
			self.Add(self, own.Mul(weight, own.Sub(own, quarter)))
			parent.Add(parent, joint.Mul(weight, joint.Sub(joint, quarter)))
		}
	}
	props.Equal(t, c, "signal on itself and on the parent", []string{got.self.String(), got.parent.String()}, []string{self.String(), parent.String()})
}

func factSelfMargin(t *rapid.T, s props.Subject) {
	f, a := props.DrawConnected(t, 3, 7).Forest, rapid.Float64Range(0.01, 0.99).Draw(t, "a")
	c := props.Case{Graph: f.String()}.Where("a = %v", a)
	margin := func(a float64) (float64, error) { return factsOf(s).SelfMargin(f, a) }
	got := props.Ask(t, c, "self margin", func() (float64, error) { return margin(a) })
	chain := props.ChainOf([][]float64{{1 - a, a}, {a, 1 - a}})
	g, least := oracle.FirstStep(f, chain, 0), math.Inf(1)
	for _, e := range f.Edges() {
		least = math.Min(least, g[e.Child][e.Parent]-g[e.Child][e.Child])
	}
	props.Within(t, c, "self margin", got, least, 2*props.StepSlack(s, f, chain))
	props.Refuses(t, c, "self margin of a above 1", func() (float64, error) { return margin(1 + a) }, "chain")
}

// factSlopes regresses over all prefix rows of each forest, for orbits over two
// tokens.
func factSlopes(t *rapid.T, s props.Subject) {
	orbit := gen.Orbits(2, 2).Draw(t, "orbit")
	props.ObservePrior(t)
	length := rapid.IntRange(4, 6).Draw(t, "length")
	var seeds []uint64
	var slopes []float64
	for seed := props.DrawSeed(t); len(seeds) < 2; seed++ {
		f, err := graph.Random(length, graph.DefaultRootProbability, stream.New(stream.Key{Seed: seed, Purpose: stream.Graph}))
		if err == nil && len(f.Edges()) > 0 {
			seeds = append(seeds, seed)
			slopes = append(slopes, slopeOf(f, orbit.Support()))
		}
	}
	c := props.Case{Chain: orbit.Support()[0].Rows()}.Where("the chain's orbit, forests of length %d with seeds %v", length, seeds)
	priors, lengths := []markov.Prior{orbit}, []int{length}
	if informationOf(orbit.Support()[0]) < 1e-3 {
		return // the leading order is 0, or near it
	}
	got := props.Ask(t, c, "slopes", func() ([]condition.Slope, error) { return factsOf(s).Slopes(priors, lengths, seeds) })
	props.Demand(t, c, len(got) == 1 && got[0].Length == length && got[0].Prior == orbit.String(), "slopes", "one", fmt.Sprint(got))
	mean := (slopes[0] + slopes[1]) / 2
	props.Within(t, c, "mean slope", got[0].Mean, mean, 1e-8) // 1e-12 of entries whose signal is above 1e-3, squared
	props.Within(t, c, "deviation", got[0].Deviation, math.Abs(slopes[0]-slopes[1])/math.Sqrt2, 1e-8)
	props.Refuses(t, c, "slopes of one forest", func() ([]condition.Slope, error) { return factsOf(s).Slopes(priors, lengths, seeds[:1]) }, "1 forests")
	props.Refuses(t, c, "slopes of a prior to draw from", func() ([]condition.Slope, error) {
		return factsOf(s).Slopes([]markov.Prior{markov.Dirichlet{Size: 2, Alpha: 1}}, lengths, seeds)
	}, "finite", "dirichlet:1")
}

// slopeOf is the regression through the origin of the mean gradient on its
// leading order: row i (from 1) is 1/(S T i) times the signal minus its row mean.
func slopeOf(f graph.Forest, support []*markov.Chain) float64 {
	n, size := f.Positions(), float64(support[0].Tokens())
	gradient, leading := make([][]float64, n), make([][]float64, n)
	for i := range n {
		gradient[i], leading[i] = make([]float64, i+1), make([]float64, i+1)
	}
	for _, c := range support {
		g, signal := oracle.FirstStep(f, c, 0), signalMatrix(f, c)
		for i, row := range signal {
			mean := 0.0
			for _, v := range row {
				mean += v / float64(i+1)
			}
			for k, v := range row {
				gradient[i][k] += g[i][k]
				leading[i][k] += (v - mean) / (size * float64(f.SequenceLength()*(i+1)))
			}
		}
	}
	xx, xy := 0.0, 0.0
	for i, row := range leading {
		for k, x := range row {
			xx += x * x
			xy += x * gradient[i][k]
		}
	}
	return xy / xx
}
