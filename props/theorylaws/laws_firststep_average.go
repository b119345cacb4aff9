package theorylaws

import (
	"fmt"
	"math"

	"causalgrad/props"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

func firstStepAverageLaws() []props.Law {
	both := []props.Capability{props.CanFirstStep, CanFirstStepMethods}
	return []props.Law{
		{ID: "first-step-average-finite", Source: "theory.md section 3", Needs: both, Draws: 40, Check: averageFinite,
			Sentence: "The average over a finite prior is the mean over its chains, exact and without a standard error."},
		{ID: "first-step-average-sampled", Source: "theory.md section 3", Needs: both, Draws: 25, Check: averageSampled,
			Sentence: "A sampled average and its standard error are those of the chains drawn; the workers change no bit."},
		{ID: "first-step-average-error", Source: "theory.md section 3", Needs: both, Draws: 25, Check: averageError, FalseAlarm: props.SampleAlarm,
			Sentence: "A sampled average is off the exact one by no more than its variance allows (Bernstein)."},
		{ID: "first-step-average-refusals", Source: "theory.md section 3", Needs: firstStepMethods, Draws: 30, Check: averageRefusals,
			Sentence: "An average without a prior, with fewer than two draws or with a draw that is no chain is refused with the value."},
	}
}

// askAverage demands matrices of the forest's size.
func askAverage(t *rapid.T, s props.Subject, c props.Case, f graph.Forest, prior markov.Prior, eps float64, o firststep.Options) firststep.Estimate {
	e := props.Ask(t, c, "average gradient", func() (firststep.Estimate, error) {
		return s.(FirstStepMethods).AverageFirstStep(f, prior, eps, o)
	})
	props.FiniteSquare(t, c, "average gradient", e.Mean, f.SequenceLength())
	if e.StdErr != nil {
		props.FiniteSquare(t, c, "standard error", e.StdErr, f.SequenceLength())
	}
	return e
}

// spreadOf is the mean of matrices and the sum of the squared deviations from it.
func spreadOf(matrices [][][]float64) (mean, squares [][]float64) {
	n := len(matrices[0])
	mean, squares = make([][]float64, n), make([][]float64, n)
	for i := range mean {
		mean[i], squares[i] = make([]float64, n), make([]float64, n)
		for k := range n {
			for _, m := range matrices {
				mean[i][k] += m[i][k] / float64(len(matrices))
			}
			for _, m := range matrices {
				squares[i][k] += (m[i][k] - mean[i][k]) * (m[i][k] - mean[i][k])
			}
		}
	}
	return mean, squares
}

// steps are the subject's gradients of several chains, and the largest of their slacks.
func steps(t *rapid.T, s props.Subject, f graph.Forest, chains []*markov.Chain, eps float64) (all [][][]float64, slack float64) {
	for _, c := range chains {
		k := props.ForestCase(f, c).With("--eps %v", eps)
		all = append(all, props.AskFirstStep(t, s, k, f, c, eps))
		slack = math.Max(slack, props.StepSlack(s, f, c))
	}
	return all, slack
}

func averageFinite(t *rapid.T, s props.Subject) {
	f, orbit, eps := props.DrawForest(t, 3, 8).Forest, props.DrawOrbit(t, 2, 3), props.DrawEps(t)
	c := props.ForestCase(f, orbit.Support()[0]).With("--eps %v", eps).Where("the whole orbit of the chain")
	// A seed and a number of draws mean nothing here.
	e := askAverage(t, s, c, f, orbit, eps, firststep.Options{Draws: rapid.IntRange(0, 9).Draw(t, "draws"), Seed: rapid.Uint64().Draw(t, "seed")})
	n := len(orbit.Support())
	props.Demand(t, c, e.Exact && e.StdErr == nil && e.Draws == n, "estimate", fmt.Sprintf("exact, of %d chains", n), fmt.Sprintf("exact %v, of %d", e.Exact, e.Draws))
	all, slack := steps(t, s, f, orbit.Support(), eps)
	mean, _ := spreadOf(all)
	props.WithinMatrix(t, c, "average gradient", e.Mean, mean, 2*slack)
}

func drawRowPrior(t *rapid.T) markov.Prior {
	size := rapid.IntRange(2, 3).Draw(t, "tokens")
	if rapid.Bool().Draw(t, "floor") {
		return markov.Floor{Size: size, Alpha: 0.5, Gamma: 0.2}
	}
	return markov.Dirichlet{Size: size, Alpha: rapid.SampledFrom([]float64{1, 3}).Draw(t, "alpha")}
}

// averageSampled: the standard error is the square root of squares/(n (n-1)).
// An error x of the squares, at most n times 8 slack in all (a deviation is at
// most 2), makes at most sqrt(x/(n (n-1))) in it.
func averageSampled(t *rapid.T, s props.Subject) {
	f, prior, eps := props.DrawForest(t, 3, 7).Forest, drawRowPrior(t), props.DrawEps(t)
	n, seed := rapid.SampledFrom([]int{2, 3, 16, 17, 40}).Draw(t, "draws"), rapid.Uint64().Draw(t, "seed")
	c := props.Case{Graph: f.String()}.With("--prior %s --draws %d --seed %d --eps %v", prior, n, seed, eps)
	e := askAverage(t, s, c, f, prior, eps, firststep.Options{Draws: n, Seed: seed, Workers: 1})
	props.Demand(t, c, !e.Exact && e.StdErr != nil && e.Draws == n, "estimate", fmt.Sprintf("sampled, of %d chains", n), fmt.Sprintf("exact %v, of %d", e.Exact, e.Draws))
	var chains []*markov.Chain
	for d := range n {
		chain, err := markov.DrawChain(prior, stream.Key{Seed: seed, Purpose: stream.Prior, Step: uint64(d)})
		props.Demand(t, c, err == nil, "draw", "a chain", "an error")
		chains = append(chains, chain)
	}
	all, slack := steps(t, s, f, chains, eps)
	mean, squares := spreadOf(all)
	props.WithinMatrix(t, c, "average gradient", e.Mean, mean, 2*slack)
	freedom := float64(n) * float64(n-1)
	for i, row := range squares {
		for k, v := range row {
			props.Within(t, c, props.At("squared standard error", i, k), e.StdErr[i][k]*e.StdErr[i][k], v/freedom, 8*slack/float64(n-1))
		}
	}
	again := askAverage(t, s, c, f, prior, eps, firststep.Options{Draws: n, Seed: seed, Workers: rapid.IntRange(2, 4).Draw(t, "workers")})
	for i := range e.Mean {
		props.Equal(t, c, fmt.Sprintf("average gradient[%d] with more workers", i), again.Mean[i], e.Mean[i])
		props.Equal(t, c, fmt.Sprintf("standard error[%d] with more workers", i), again.StdErr[i], e.StdErr[i])
	}
}

// lottery is a prior that draws one of some chains, and does not say so.
type lottery struct{ chains [][]float64 }

func (l lottery) Tokens() int    { return int(math.Sqrt(float64(len(l.chains[0])))) }
func (l lottery) String() string { return fmt.Sprintf("one of %v", l.chains) }
func (l lottery) Draw(from *stream.Stream, to []float64) {
	copy(to, l.chains[from.IntN(len(l.chains))])
}

func averageError(t *rapid.T, s props.Subject) {
	f, size, eps := props.DrawForest(t, 4, 6).Forest, rapid.IntRange(2, 3).Draw(t, "tokens"), props.DrawEps(t)
	chains := []*markov.Chain{props.DrawChain(t, size, size), props.DrawChain(t, size, size), props.DrawChain(t, size, size)}
	var prior lottery
	for _, chain := range chains {
		prior.chains = append(prior.chains, chain.Flat())
	}
	const n = 150
	seed := rapid.Uint64().Draw(t, "seed")
	c := props.Case{Graph: f.String()}.With("--draws %d --seed %d --eps %v", n, seed, eps).Where("prior: %v", prior)
	e := askAverage(t, s, c, f, prior, eps, firststep.Options{Draws: n, Seed: seed, Workers: 1})
	all, slack := steps(t, s, f, chains, eps)
	mean, squares := spreadOf(all)
	i := rapid.IntRange(1, f.SequenceLength()-1).Draw(t, "row")
	k := rapid.IntRange(0, i).Draw(t, "column")
	largest := 64 * slack // below it there is nothing to tell apart
	for _, g := range all {
		largest = math.Max(largest, math.Abs(g[i][k]-mean[i][k])+slack)
	}
	variance := squares[i][k]/float64(len(chains)) + slack
	props.Balance{Sum: n * (e.Mean[i][k] - mean[i][k]) / largest, Variance: n * variance / (largest * largest)}.Zero(t, c, props.At("average gradient", i, k)+", centred and scaled", props.SampleAlarm)
}

func averageRefusals(t *rapid.T, s props.Subject) {
	f := props.DrawForest(t, 3, 6).Forest
	average := func(prior markov.Prior, eps float64, draws int) error {
		_, err := props.Guarded(func() (firststep.Estimate, error) {
			return s.(FirstStepMethods).AverageFirstStep(f, prior, eps, firststep.Options{Draws: draws, Seed: 1})
		})
		return err
	}
	c, prior := props.Case{Graph: f.String()}, drawRowPrior(t)
	props.Refused(t, c, "average", average(nil, 0, 2), "no prior")
	draws := rapid.SampledFrom([]int{-1, 0, 1}).Draw(t, "draws")
	props.Refused(t, c, "average", average(prior, 0, draws), fmt.Sprintf("draws = %d", draws))
	props.Refused(t, c, "average", average(prior, -1, 2), "eps = -1")
	props.Refused(t, c, "average", average(lottery{[][]float64{{1, 0, 0, 1}}}, 0, 20), "draw 0", "one of [[1 0 0 1]]")
}
