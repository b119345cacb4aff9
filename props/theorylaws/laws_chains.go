package theorylaws

import (
	"fmt"
	"math"

	"causalgrad/props"
	"causalgrad/props/oracle"
	"causalgrad/theory/markov"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// chainLaws are about chains beside the laws that any implementation has.
func chainLaws() []props.Law {
	needs := []props.Capability{CanSolveChains}
	return []props.Law{
		{ID: "official-stationary", Source: "theory.md section 7", Needs: needs, Check: officialStationary,
			Sentence: "The stationary law by a singular vector in float32 sums to 1 and is off by float32's rounding over the second smallest singular value, no more."},
		{ID: "official-stationary-buffers", Source: "determinism", Needs: needs, Check: officialBuffers,
			Sentence: "A solver that has solved other chains gives the same bits as a new one."},
		{ID: "aperiodic-required", Source: "theory.md section 4", Needs: needs, Check: aperiodicRequired,
			Sentence: "A finite prior is refused exactly when one of its chains is periodic, with the prior and the period; one that is drawn from never is."},
	}
}

// solvedOfficially solves one chain with a solver.
func solvedOfficially(t *rapid.T, k props.Case, solve func(p, mu []float64), c *markov.Chain) []float64 {
	mu := make([]float64, c.Tokens())
	props.Ask(t, k, "official law", func() (struct{}, error) {
		solve(c.Flat(), mu)
		return struct{}{}, nil
	})
	props.Finite(t, k, "official law", mu, c.Tokens())
	return mu
}

func officialSolver(t *rapid.T, s props.Subject, tokens int) func(p, mu []float64) {
	return props.Ask(t, props.Case{}.With("--tokens %d", tokens), "solver", func() (func(p, mu []float64), error) {
		return s.(ChainSolver).Chains().OfficialLaw(tokens), nil
	})
}

func officialStationary(t *rapid.T, s props.Subject) {
	c := props.DrawChain(t, 2, 6)
	k, size := props.Case{Chain: c.Rows()}, c.Tokens()
	second := secondSingular(t, c)
	// Writing the matrix down rounds its entries by 2^-24 each; every one of some
	// 6 sweeps rotates each column S times and each rotation rounds 3 times. An
	// error E in the matrix turns the vector by at most E/(second - E), and
	// dividing a vector of length 1 by its sum, at least 1, enlarges nothing but
	// by what the sum itself is off: sqrt(S) of it.
	rounding := 32 * float64(size*size) * 0x1p-24
	if rounding > second/4 {
		return // the bound would allow anything
	}
	mu, sum := solvedOfficially(t, k, officialSolver(t, s, size), c), 0.0
	for _, m := range mu {
		sum += m
	}
	props.Within(t, k, "sum of the official law", sum, 1, float64(size+1)*0x1p-23)
	props.WithinAll(t, k, "official law", mu, c.Stationary(), math.Sqrt(float64(size)+1)*rounding/(second-rounding))
}

// secondSingular is the second smallest singular value of pi - I.
func secondSingular(t *rapid.T, c *markov.Chain) float64 {
	m := mat.NewDense(c.Tokens(), c.Tokens(), nil)
	for a := range c.Tokens() {
		for b := range c.Tokens() {
			m.Set(a, b, c.P(a, b)-oracle.Indicator(a == b))
		}
	}
	var svd mat.SVD
	if !svd.Factorize(m, mat.SVDNone) {
		t.Fatalf("no singular values of %v", c.Rows())
	}
	return svd.Values(nil)[c.Tokens()-2]
}

func officialBuffers(t *rapid.T, s props.Subject) {
	c := props.DrawChain(t, 2, 5)
	other := props.DrawChain(t, c.Tokens(), c.Tokens())
	k := props.Case{Chain: c.Rows()}.Where("after %v", other.Rows())
	used := officialSolver(t, s, c.Tokens())
	solvedOfficially(t, k, used, other)
	props.Equal(t, k, "official law", props.BitsOf(solvedOfficially(t, k, used, c)), props.BitsOf(solvedOfficially(t, k, officialSolver(t, s, c.Tokens()), c)))
}

func aperiodicRequired(t *rapid.T, s props.Subject) {
	size := rapid.IntRange(2, 4).Draw(t, "tokens")
	chains, period := make([]*markov.Chain, rapid.IntRange(1, 3).Draw(t, "chains")), 1
	for n := range chains {
		chains[n] = drawPeriodic(t, size)
		if period == 1 {
			period = periodOf(chains[n])
		}
	}
	prior := listed(chains)
	c := props.Case{}.Where("the prior of the chains %s", prior)
	require := func(p markov.Prior) func() (struct{}, error) {
		return func() (struct{}, error) { return struct{}{}, s.(ChainSolver).Chains().RequireAperiodic(p) }
	}
	if period > 1 {
		props.Refuses(t, c, "prior", require(prior), fmt.Sprintf("period %d", period), fmt.Sprintf("%q", prior))
	} else {
		props.Ask(t, c, "prior", require(prior))
	}
	props.Ask(t, c.Where("as a prior that is only drawn from"), "prior", require(unknown{prior}))
}
