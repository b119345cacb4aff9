package theorylaws

import (
	"math"
	"slices"

	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/theory/condition"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

// What the conditions say of the chains' spectra and periods.

func conditionSpectrum(x checked) {
	gaps := x.each(func(c *markov.Chain) float64 { return 1 - secondModulus(c) })
	// A double eigenvalue moves by the root of the rounding in what it is found from.
	x.number(condition.SpectralGap, slices.Min(gaps), 16*math.Sqrt(x.s.Roundoff()))
	rhos := x.each(correlationOf)
	x.number(condition.MaximalCorrelation, slices.Max(rhos), x.slack())
	x.number(condition.Irreducible, 1, 0)
	x.verdict(condition.Irreducible, condition.Holds)
	// Chains with entries of at least 1e-6 contract by at least some 1e-4, those
	// that do not have correlation 1.
	x.decided(condition.MaximalCorrelation, slices.Max(rhos) < 1-1e-9)
}

// secondModulus is the second largest modulus of an eigenvalue, from the trace
// and, for three tokens, the determinant: the eigenvalues multiply to it, add up
// to the trace, and one is 1.
func secondModulus(c *markov.Chain) float64 {
	sum := c.P(0, 0) + c.P(1, 1) - 1
	if c.Tokens() == 2 {
		return math.Abs(sum)
	}
	sum += c.P(2, 2)
	product := 0.0
	for b := range 3 {
		p, q := (b+1)%3, (b+2)%3
		product += c.P(0, b) * (c.P(1, p)*c.P(2, q) - c.P(1, q)*c.P(2, p))
	}
	if discriminant := sum*sum - 4*product; discriminant >= 0 {
		return (math.Abs(sum) + math.Sqrt(discriminant)) / 2
	}
	return math.Sqrt(product) // a pair of conjugates
}

func conditionPeriod(t *rapid.T, s props.Subject) {
	size := rapid.IntRange(2, 4).Draw(t, "tokens")
	support := make([]*markov.Chain, rapid.IntRange(1, 3).Draw(t, "chains"))
	for n := range support {
		support[n] = drawPeriodic(t, size)
	}
	x := checkedOn(t, s, props.ForestOf([]int{-1, 0, 0}), support, condition.Options{})
	largest := slices.Max(x.each(func(c *markov.Chain) float64 { return float64(periodOf(c)) }))
	x.number(condition.Aperiodic, largest, 0)
	x.decided(condition.Aperiodic, largest == 1)
	x.decided(condition.SpectralGap, largest == 1)
	props.Observe(t, "aperiodic", largest == 1)
}

// drawPeriodic draws a chain of some period up to size: tokens in as many
// classes, each of which moves to the next; or any chain with zeros.
func drawPeriodic(t *rapid.T, size int) *markov.Chain {
	if rapid.IntRange(0, 2).Draw(t, "any zeros") == 2 {
		return gen.ChainsOf("with zeros", size, size).Draw(t, "chain").Chain
	}
	period := rapid.IntRange(1, size).Draw(t, "period")
	rows := make([][]float64, size)
	for a := range rows {
		rows[a] = make([]float64, size)
		total := 0
		for b := range rows[a] {
			if b%period == (a+1)%period {
				w := rapid.IntRange(1, 4).Draw(t, "weight")
				rows[a][b] = float64(w)
				total += w
			}
		}
		for b := range rows[a] {
			rows[a][b] /= float64(total)
		}
	}
	return props.ChainOf(rows)
}

// periodOf is the greatest common divisor of the lengths of closed walks at
// token 0. Those of up to three times as many steps as tokens decide: there and
// back, once around any cycle on the way and once past it.
func periodOf(c *markov.Chain) int {
	reached := map[int]bool{0: true}
	period := 0
	for length := 1; length <= 3*c.Tokens(); length++ {
		next := map[int]bool{}
		for a := range c.Tokens() {
			for b := range c.Tokens() {
				if reached[a] && c.P(a, b) > 0 {
					next[b] = true
				}
			}
		}
		reached = next
		if reached[0] {
			for a, b := length, period; ; a, b = b, a%b {
				if b == 0 {
					period = a
					break
				}
			}
		}
	}
	return period
}
