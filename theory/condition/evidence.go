package condition

import (
	"fmt"
	"math"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// evidence is what the findings are made from.
type evidence struct {
	forest graph.Forest
	prior  markov.Prior
	Options
	chains  chains
	numbers []numbers // of each chain
	family  family
	known   bool // family is filled
}

// column extracts one number of every chain.
func (e *evidence) column(of func(numbers) float64) []float64 {
	values := make([]float64, len(e.numbers))
	for n, v := range e.numbers {
		values[n] = of(v)
	}
	return values
}

// witness is chain number n as text.
func (e *evidence) witness(n int) string {
	c, err := e.chains.at(n)
	if err != nil {
		return err.Error() // it was there a moment ago
	}
	return Text(c)
}

// exactly is the certainty of a finding that no draw decides.
func exactly(why string) string { return "exact: " + why }

// overChains is the certainty of a number that is exact for a finite prior.
func (e *evidence) overChains() string {
	switch {
	case e.chains.count == 1:
		return exactly("one chain")
	case e.chains.exact:
		return exactly(fmt.Sprintf("all %d chains of the prior, up to relabelling", e.chains.count))
	}
	return fmt.Sprintf("%d draws, seed %d", e.chains.count, e.Seed)
}

// noViolation is the certainty where no draw of an unknown prior violates a
// condition that is to hold almost surely: with n of n draws in order, the
// probability of a violation is below -log(ErrorRate)/n at this confidence,
// since (1-p)^n <= exp(-n p).
func (e *evidence) noViolation() string {
	return fmt.Sprintf("no draw violates it: at confidence %g a draw does with probability below %.2g (%s)",
		1-ErrorRate, -math.Log(ErrorRate)/float64(e.chains.count), e.overChains())
}

// bounded fills a finding that a number of every chain, with a known infimum
// for a family, is at least a constant (0: is above 0).
func (e *evidence) bounded(f Finding, values []float64, infimum float64, why string, constant float64) Finding {
	at := smallest(values)
	f.Number, f.Witness = values[at], e.witness(at)
	if e.chains.count > 1 {
		f.Quantiles = quantiles(values)
	}
	enough := func(v float64) bool { return v > 0 && v >= constant }
	switch {
	case e.chains.exact:
		f.Verdict, f.Certainty = verdict(enough(f.Number)), e.overChains()
	case e.known:
		f.Number, f.Verdict, f.Certainty = infimum, verdict(enough(infimum)), exactly(why)
	case !enough(f.Number):
		f.Verdict, f.Certainty = Fails, "exact: a drawn chain violates it"
	default:
		f.Verdict, f.Certainty = Undecided, e.noViolation()
	}
	return f
}
