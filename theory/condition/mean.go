package condition

import (
	"fmt"
	"math"

	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"
)

// fileRounding is how far a number of a chain may be from what was meant: files
// carry decimals, and markov accepts rows that miss 1 by this much.
const fileRounding = 1e-9

// constantMean is A4. Its number is the largest |E pi[a][b] - 1/S|.
func (e *evidence) constantMean() (Finding, error) {
	f := finding(ConstantMean)
	f.Unit = "largest |E pi[a][b] - 1/S|"
	s := e.prior.Tokens()
	finite, isFinite := e.prior.(markov.Finite)
	_, isOrbit := e.prior.(*markov.Orbit)
	switch {
	case isOrbit:
		f.Verdict, f.Certainty = verdict.Holds, exactly("every column order of the base chain has the same weight")
	case isFinite:
		mean := meanOf(finite.Support())
		at := 0
		for n, v := range mean {
			if math.Abs(v-1/float64(s)) > math.Abs(mean[at]-1/float64(s)) {
				at = n
			}
		}
		f.Number = math.Abs(mean[at] - 1/float64(s))
		f.Witness = fmt.Sprintf("E pi[%d][%d] = %s", at/s, at%s, decimal(mean[at]))
		f.Verdict, f.Certainty = decided(f.Number <= fileRounding), exactly("a finite sum over "+counted(len(finite.Support()), "chain"))
	case e.known:
		f.Number = max(math.Abs(e.family.diagonal), math.Abs(e.family.successor))
		f.Verdict, f.Certainty = decided(f.Number == 0), exactly(e.family.meanWhy)
		if f.Number > 0 {
			f.Witness = fmt.Sprintf("E pi[0][0] = %.6g, E pi[0][1] = %.6g", e.family.diagonal+1/float64(s), e.meanOfSuccessor(s))
		}
	default:
		return e.testConstantMean(f)
	}
	return f, nil
}

// meanOfSuccessor is E pi[0][1] of a family: what the diagonal (and, for a
// family without one, the successor) leaves to the other tokens.
func (e *evidence) meanOfSuccessor(s int) float64 {
	if e.family.successor != 0 {
		return 1/float64(s) + e.family.successor
	}
	return (1 - 1/float64(s) - e.family.diagonal) / float64(s-1)
}

// constantTrace is the consequence of A4 that the self entry needs.
func (e *evidence) constantTrace() (Finding, error) {
	f := finding(ConstantTrace)
	f.Unit = "E tr(pi) - 1, the mean signal of a position on itself"
	finite, isFinite := e.prior.(markov.Finite)
	_, isOrbit := e.prior.(*markov.Orbit)
	switch {
	case isOrbit:
		f.Verdict, f.Certainty = verdict.Holds, exactly("every column order of the base chain has the same weight")
	case isFinite:
		mean, s := meanOf(finite.Support()), e.prior.Tokens()
		f.Number = -1
		for a := range s {
			f.Number += mean[a*s+a]
		}
		f.Verdict = decided(math.Abs(f.Number) <= float64(s)*fileRounding)
		f.Certainty = exactly("a finite sum over " + counted(len(finite.Support()), "chain"))
	case e.known:
		f.Number = e.family.traceExcess(e.prior.Tokens())
		f.Verdict, f.Certainty = decided(f.Number == 0), exactly(e.family.meanWhy)
	default:
		return e.testConstantTrace(f)
	}
	return f, nil
}

// meanOf is the mean of equally weighted chains, row-major.
func meanOf(support []*markov.Chain) []float64 {
	mean := make([]float64, len(support[0].Flat()))
	for n, c := range support {
		for i, v := range c.Flat() {
			mean[i] += (v - mean[i]) / float64(n+1)
		}
	}
	return mean
}
