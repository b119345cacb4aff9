package condition

import (
	"math"
	"math/big"
	"testing"

	"causalgrad/theory/chisq"
	"causalgrad/theory/close"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
)

// TestTwoTokens: the formula against the signal of the chain itself, and its
// finite-T consequence in rational arithmetic.
func TestTwoTokens(t *testing.T) {
	f := forest(t, "chain", 9)
	for _, a := range []*big.Rat{big.NewRat(1, 8), big.NewRat(1, 4), big.NewRat(3, 4)} {
		self, parent := TwoTokenSignal(a)
		value, _ := a.Float64() // dyadic: exact
		c, err := TwoTokenChain(value)
		require.NoError(t, err)
		g := chisq.Compute(f, c).Signal
		want, _ := self.Float64()
		// A handful of roundings, the square roots of the kernel among them.
		require.NoError(t, close.Within(g[4][4], want, 1e-14, 0))
		want, _ = parent.Float64()
		require.NoError(t, close.Within(g[4][3], want, 1e-14, 0))

		exact, err := firststep.Rational(f, rationalRows(c), nil)
		require.NoError(t, err)
		least := new(big.Rat).SetInt64(1)
		for _, e := range f.Edges() {
			if lead := new(big.Rat).Sub(exact[e.Child][e.Parent], exact[e.Child][e.Child]); lead.Cmp(least) < 0 {
				least = lead
			}
		}
		want, _ = least.Float64()
		margin, err := SelfMargin(f, value)
		require.NoError(t, err)
		require.NoError(t, close.Within(margin, want, 1e-11, 0))
		require.Equal(t, self.Cmp(parent) > 0, least.Sign() < 0)
	}
}

// TestSelfMarginCrossesNearOneHalf: the a at which the parent catches up with
// the child itself tends to 1/2 as T grows.
func TestSelfMarginCrossesNearOneHalf(t *testing.T) {
	crossing := func(length int) float64 {
		low, high := 0.05, 0.5
		for range 30 {
			middle := (low + high) / 2
			margin, err := SelfMargin(forest(t, "chain", length), middle)
			require.NoError(t, err)
			if margin < 0 {
				low = middle
			} else {
				high = middle
			}
		}
		return high
	}
	last := 0.0
	for _, c := range []struct {
		length int
		want   float64
	}{{6, 0.394}, {12, 0.450}, {24, 0.478}, {48, 0.4895}} {
		got := crossing(c.length)
		require.NoError(t, close.Within(got, c.want, 0, 2e-3), "T = %d", c.length)
		require.Greater(t, got, last)
		last = got
	}
}

// TestSmallestMarginRatio: for two tokens the ratio to (gamma/2) I is
// (a+b)/min(a,b) where 1-a-b > 0, so its infimum is 2.
func TestSmallestMarginRatio(t *testing.T) {
	f := forest(t, "chain", 6)
	c := chain(t, []float64{0.75, 0.25}, []float64{0.125, 0.875})
	ratio, sharp, err := MarginRatio(f, c)
	require.NoError(t, err)
	require.NoError(t, close.Within(ratio, 3, 1e-13, 0))
	require.GreaterOrEqual(t, sharp, 1.0)
	two, at, err := LeastMarginRatio(f, 2, 4000, 1)
	require.NoError(t, err)
	require.Less(t, two, 2.001)
	require.GreaterOrEqual(t, two, 2-1e-9)
	again, _, err := MarginRatio(f, at)
	require.NoError(t, err)
	require.Equal(t, two, again)
	for _, text := range []string{"parents:-1,0", "parents:-1,-1"} {
		_, _, err = MarginRatio(forest(t, text, 0), c)
		require.ErrorContains(t, err, "nothing to compare")
	}
	_, _, err = LeastMarginRatio(forest(t, "parents:-1,0", 0), 2, 10, 1)
	require.ErrorContains(t, err, "no chain with 2 tokens")
}

// TestSecondHalfOfASearchMovesTheBest: of two evaluations the second mixes the
// first chain with a new one, which has at most half of the weight.
func TestSecondHalfOfASearchMovesTheBest(t *testing.T) {
	f := forest(t, "parents:-1,0,1", 0)
	moved := 0
	const searches = 40
	for seed := range uint64(searches) {
		first, from, err := LeastMarginRatio(f, 2, 1, seed)
		require.NoError(t, err)
		second, to, err := LeastMarginRatio(f, 2, 2, seed)
		require.NoError(t, err)
		require.LessOrEqual(t, second, first)
		if second < first {
			moved++
		}
		for a := range 2 {
			for b := range 2 {
				require.GreaterOrEqual(t, to.P(a, b), from.P(a, b)*(0.5-1e-15), "seed %d", seed) // a rounding or two
			}
		}
	}
	// About half of the directions lead down.
	require.Greater(t, moved, searches/5)
}

// TestMarginRatioBelowTwo: with three tokens the ratio goes below 2, which
// random chains do not show; proved in rational arithmetic on one chain.
func TestMarginRatioBelowTwo(t *testing.T) {
	const s, denominator = 3, 20
	numerators := [s][s]int64{{12, 4, 4}, {4, 5, 11}, {4, 4, 12}}
	var pi [s][s]*big.Rat
	rows := make([][]float64, s)
	for a := range s {
		for b := range s {
			pi[a][b] = big.NewRat(numerators[a][b], denominator)
			v, _ := pi[a][b].Float64()
			rows[a] = append(rows[a], v)
		}
	}
	mu := [s]*big.Rat{big.NewRat(1, 3), big.NewRat(4, 19), big.NewRat(26, 57)}
	times := func(v ...*big.Rat) *big.Rat {
		product := big.NewRat(1, 1)
		for _, x := range v {
			product.Mul(product, x)
		}
		return product
	}
	total := big.NewRat(-1, 1)
	information, grandparent := big.NewRat(-1, 1), big.NewRat(-1, 1)
	for b := range s {
		in := new(big.Rat)
		for a := range s {
			in.Add(in, times(mu[a], pi[a][b]))
			two := new(big.Rat) // pi squared
			for c := range s {
				two.Add(two, times(pi[a][c], pi[c][b]))
			}
			weight := new(big.Rat).Quo(times(pi[a][b], mu[a]), mu[b])
			information.Add(information, times(weight, pi[a][b]))
			grandparent.Add(grandparent, times(weight, two))
		}
		require.Zero(t, in.Cmp(mu[b]), "stationary")
		total.Add(total, mu[b])
	}
	require.Zero(t, total.Sign())
	half := big.NewRat(3*4, 2*denominator) // gamma/2
	exact := new(big.Rat).Sub(information, grandparent)
	exact.Quo(exact, times(half, information))
	require.Negative(t, exact.Cmp(big.NewRat(2, 1)))
	want, _ := exact.Float64()
	got, _, err := MarginRatio(forest(t, "parents:-1,0,1", 0), chain(t, rows...))
	require.NoError(t, err)
	require.NoError(t, close.Within(got, want, 1e-12, 0))
	require.NoError(t, close.Within(got, 1.99876, 0, 5e-6))
}

// TestSlopesDependOnThePrior: 1.45, 1.19, 1.03 at T = 20, 40, 80 is one
// prior's ladder, no constant of the theory: others start on either side of 1,
// and nearly equal rows far above.
func TestSlopesDependOnThePrior(t *testing.T) {
	var priors []markov.Prior
	for _, base := range []*markov.Chain{
		chain(t, []float64{0.98, 0.01, 0.01}, []float64{0.01, 0.98, 0.01}, []float64{0.3, 0.5, 0.2}),
		chain(t, []float64{0.5, 0.3, 0.2}, []float64{0.1, 0.2, 0.7}, []float64{0.3, 0.3, 0.4}),
		chain(t, []float64{0.2, 0.3, 0.5}, []float64{0.2, 0.35, 0.45}, []float64{0.25, 0.25, 0.5}),
	} {
		orbit, err := markov.NewOrbit(base, "base")
		require.NoError(t, err)
		priors = append(priors, orbit)
	}
	slopes, err := Slopes(priors, []int{20, 80}, []uint64{1, 2, 3})
	require.NoError(t, err)
	for n, want := range []float64{0.963, 0.970, 1.336, 1.072, 8.028, 2.470} {
		// The digits quoted in reports: half of the last one.
		require.NoError(t, close.Within(slopes[n].Mean, want, 0, 5e-4), "%+v", slopes[n])
		require.Positive(t, slopes[n].Deviation)
	}
	// The mean is that of firststep's own ladder over the whole orbit.
	var of moment
	for seed := range uint64(3) {
		ladder, err := firststep.Ladder(func(int) (graph.Forest, error) {
			g, err := graph.Parse("random", 20, seed)
			return g.(graph.Forest), err
		}, priors[1], []int{20}, firststep.Options{})
		require.NoError(t, err)
		of.add(ladder[0].Slope)
	}
	three, err := Slopes(priors[1:2], []int{20}, []uint64{0, 1, 2})
	require.NoError(t, err)
	require.NoError(t, close.Within(three[0].Mean, of.mean, 1e-9, 0)) // 6 chains for 36: another order of sums
	// A deviation is its standard error times sqrt(3); the slopes' 1e-9 are less
	// than 1e-6 of what they differ by.
	require.NoError(t, close.Within(three[0].Deviation, of.standardError()*math.Sqrt(3), 1e-6, 0))
	require.Greater(t, three[0].Deviation, 1e-3*of.mean)
	_, err = Slopes(priors[:1], []int{20}, []uint64{1})
	require.ErrorContains(t, err, "1 forests")
	_, err = Slopes([]markov.Prior{markov.Dirichlet{Size: 3, Alpha: 1}}, []int{20}, []uint64{1, 2})
	require.ErrorContains(t, err, "want a finite one")
}
