package condition

import (
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
)

// inOrder is the evidence of chains with made-up numbers, as of a finite prior.
func inOrder(t require.TestingT, list ...measurement) *evidence {
	c := chain(t, []float64{0.75, 0.25}, []float64{0.25, 0.75})
	return &evidence{measurements: list, chains: chains{func(int) (*markov.Chain, error) { return c, nil }, len(list), true}}
}

func TestFirstOfTheSmallest(t *testing.T) {
	require.Equal(t, 1, smallest([]float64{3, 1, 2, 1}))
}

// TestQuantilesOfSeveralChains: one chain has a number and no quantiles.
func TestQuantilesOfSeveralChains(t *testing.T) {
	f := forest(t, "icl", 4)
	c := chain(t, []float64{0.75, 0.25}, []float64{0.25, 0.75})
	one := check(t, f, markov.Point{Chain: c}, Options{})
	two := check(t, f, several{c, c}, Options{})
	for _, id := range []string{LowerBound, NonDegeneracy, EffectiveLength, SpectralGap, MaximalCorrelation} {
		got, _ := one.Finding(id)
		require.Empty(t, got.Quantiles, id)
		got, _ = two.Finding(id)
		require.Len(t, got.Quantiles, len(quantileLevels), id)
		require.Equal(t, got.Number, got.Quantiles[0].Value, id) // equal chains
	}
}

// TestNoViolationByHand: log(100)/200 = 0.0230.
func TestNoViolationByHand(t *testing.T) {
	e := evidence{chains: chains{count: 200}, Options: Options{Seed: 4}}
	require.Equal(t, "no draw violates it: at confidence 0.99 a draw does with probability below 0.023 (200 draws, seed 4)", e.noViolation())
}

// TestStatementsNameTheConstants: where one is asked for, and only there.
func TestStatementsNameTheConstants(t *testing.T) {
	f, p := forest(t, "icl", 4), prior(t, "orbit:1,1", 2)
	a1, _ := Lookup(LowerBound)
	a2, _ := Lookup(NonDegeneracy)
	for _, c := range []struct {
		given        Constants
		lower, norms string
	}{
		{Constants{}, "", ""},
		{Constants{Gamma: 0.25}, " (gamma = 0.25 asked for)", " (gamma = 0.25 asked for)"},
		{Constants{NonDegeneracy: 0.125}, "", " (gamma = 0.125 asked for)"},
	} {
		r := check(t, f, p, Options{Constants: c.given})
		got, _ := r.Finding(LowerBound)
		require.Equal(t, a1.Text+c.lower, got.Statement)
		got, _ = r.Finding(NonDegeneracy)
		require.Equal(t, a2.Text+c.norms, got.Statement)
	}
}

// TestRateConstants: each of C and c alone leaves the other at 1, and the note
// says whose they are.
func TestRateConstants(t *testing.T) {
	const (
		given    = "C and c as given; 1 where not given"
		notGiven = "C and c are not recovered: 1 each, so the bound shows the shape only"
		none     = "no gamma > 0 satisfies A1 and A2, so the theorem gives no rate"
	)
	f := forest(t, "icl", 4)
	half := markov.Point{Chain: chain(t, []float64{0.75, 0.25}, []float64{0.25, 0.75})} // gamma = ||B||_F = 1/2
	periodic := markov.Point{Chain: chain(t, []float64{0, 1}, []float64{1, 0})}         // gamma = 0
	for _, c := range []struct {
		prior            markov.Prior
		given            Constants
		factor, exponent float64
		note             string
	}{
		{half, Constants{Gamma: 0.25}, 1, 0.25, notGiven},
		{half, Constants{Gamma: 0.25, RateFactor: 3}, 3, 0.25, given},
		{half, Constants{Gamma: 0.25, RateExponent: 2}, 1, 0.5, given},
		{periodic, Constants{}, 1, 0, none},
	} {
		r := check(t, f, c.prior, Options{Constants: c.given}).Rate
		require.Equal(t, c.factor, r.Factor)
		require.Equal(t, c.exponent, r.Exponent)
		require.Equal(t, c.note, r.Note)
	}
}

// TestRateTakesTheMeanLength: of two chains, not the smaller one's.
func TestRateTakesTheMeanLength(t *testing.T) {
	f := forest(t, "chain", 6)
	slow, fast := chain(t, []float64{0.875, 0.125}, []float64{0.125, 0.875}), chain(t, []float64{0.625, 0.375}, []float64{0.375, 0.625})
	of := func(chains ...*markov.Chain) float64 {
		return check(t, f, several(chains), Options{}).Rate.EffectiveLength
	}
	require.Less(t, of(slow), of(fast)-0.5)
	require.NoError(t, close.Within(of(slow, fast), (of(slow)+of(fast))/2, 1e-15, 0))
}
