package condition

import (
	"fmt"

	"causalgrad/theory/verdict"
)

// irreducible holds for every chain that exists here: markov.NewChain accepts
// no other.
func (e *evidence) irreducible() Finding {
	f := finding(Irreducible)
	f.Number, f.Unit, f.Verdict = 1, "communicating classes", verdict.Holds
	f.Certainty = e.almostSurely("no other chain is accepted")
	if !e.chains.exact && !e.known {
		f.Verdict = verdict.Undecided
	}
	return f
}

// almostSurely is the certainty of a property of all chains.
func (e *evidence) almostSurely(why string) string {
	switch {
	case e.chains.exact:
		return exactly(why)
	case e.known:
		return exactly("entries are positive almost surely")
	}
	return e.noViolation()
}

// aperiodic reports the largest period.
func (e *evidence) aperiodic() Finding {
	f := finding(Aperiodic)
	f.Unit = "largest period"
	values := e.column(func(n measurement) float64 { return -float64(n.period) })
	f = e.almostSure(f, values, -1, func(n measurement) bool { return n.period == 1 }, "the positive entries decide")
	f.Quantiles = nil // a period says all
	return f
}

// spectralGap is positive exactly for a chain of period 1.
func (e *evidence) spectralGap() Finding {
	f := finding(SpectralGap)
	f.Unit = "smallest gap over the chains"
	values := e.column(func(n measurement) float64 { return n.gap })
	return e.almostSure(f, values, 1, func(n measurement) bool { return n.period == 1 }, "period 1 decides whether there is a gap")
}

// maximalCorrelation reports the largest rho.
func (e *evidence) maximalCorrelation() Finding {
	f := finding(MaximalCorrelation)
	f.Unit = "largest rho over the chains"
	values := e.column(func(n measurement) float64 { return -n.rho })
	return e.almostSure(f, values, -1, func(n measurement) bool { return n.contracts }, "the positive entries decide whether rho < 1")
}

// almostSure fills a finding that a yes-or-no property holds for every chain,
// with the smallest of values (times sign, to report a largest) as its number:
// of those of the chains that violate it, if any does.
func (e *evidence) almostSure(f Finding, values []float64, sign float64, property func(measurement) bool, why string) Finding {
	at, broken := smallest(values), false
	for n, v := range e.measurements {
		if !property(v) && (!broken || values[n] < values[at]) {
			at, broken = n, true
		}
	}
	f.Number, f.Witness, f.Certainty = sign*values[at], e.witness(at), e.almostSurely(why)
	switch {
	case broken:
		f.Verdict, f.Certainty = verdict.Fails, exactly(why)
	case e.chains.exact || e.known:
		f.Verdict = verdict.Holds
	default:
		f.Verdict = verdict.Undecided
	}
	if e.chains.count > 1 {
		for n := range values {
			values[n] *= sign
		}
		f.Quantiles = quantiles(values)
	}
	return f
}

// roundingOfRho covers the singular value decomposition, whose values are off
// by some S units of 2^-53 of the largest, 1.
const roundingOfRho = 1e-12

// contraction is the chain of inequalities from rho to gamma.
func (e *evidence) contraction() Finding {
	f := finding(Contraction)
	f.Unit = "smallest of delta - rho^2 and 1 - gamma - delta over the chains"
	values := e.column(func(n measurement) float64 {
		return min(n.dobrushin-float64(n.rho*n.rho), 1-n.gamma-n.dobrushin)
	})
	at := smallest(values)
	f.Number, f.Witness = values[at], e.witness(at)
	f.Verdict, f.Certainty = decided(f.Number >= -roundingOfRho), e.derived(len(values))
	return f
}

// margin is L2 on every chain.
func (e *evidence) margin() Finding {
	f := finding(Margin)
	f.Unit = "smallest margin over (gamma/2) I"
	at, broken, compared := -1, false, 0
	for n, v := range e.measurements {
		if v.law.slack < -roundingOfMargin(v.norm) {
			at, broken = n, true
			break
		}
		if v.law.child >= 0 {
			compared++
			if at < 0 || v.law.ratio < e.measurements[at].law.ratio {
				at = n
			}
		}
	}
	f.Verdict, f.Certainty = decided(!broken), e.derived(compared)
	if at < 0 {
		f.Unit += ": no child has a third, earlier position to compare, or no chain a signal and gamma > 0"
		return f
	}
	law := e.measurements[at].law
	if law.child >= 0 {
		f.Number = law.ratio
		f.Witness = fmt.Sprintf("child %d, position %d, chain %s", law.child, law.k, e.witness(at))
	} else {
		f.Number, f.Witness = law.slack, e.witness(at)
	}
	return f
}

// derived is the certainty of a law: proved, and checked on the chains at hand.
func (e *evidence) derived(checked int) string {
	return fmt.Sprintf("proved for every chain; checked on %d (%s)", checked, e.overChains())
}
