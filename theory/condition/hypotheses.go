package condition

import (
	"fmt"
	"strconv"

	"causalgrad/theory/detmath"
	"causalgrad/theory/verdict"
)

// forestFinding checks the graph: a graph.Forest is valid by construction, but
// may have no edge.
func (e *evidence) forestFinding() Finding {
	f := finding(Graph)
	edges := len(e.forest.Edges())
	f.Verdict, f.Number, f.Unit = decided(edges > 0), float64(edges), "edges"
	f.Witness, f.Certainty = e.forest.String(), "exact"
	return f
}

// lowerBound is A1. Its number is the largest gamma that holds.
func (e *evidence) lowerBound() Finding {
	f := finding(LowerBound)
	f.Unit = "largest gamma that holds: S min pi[a][b]"
	if e.Gamma > 0 {
		f.Statement += fmt.Sprintf(" (gamma = %s asked for)", decimal(e.Gamma))
	}
	return e.bounded(f, e.column(func(n measurement) float64 { return n.gamma }), e.family.gamma, e.family.gammaWhy, e.Gamma)
}

// nonDegeneracyFinding is A2. Its number is the largest constant that holds.
func (e *evidence) nonDegeneracyFinding() Finding {
	f := finding(NonDegeneracy)
	f.Unit = "smallest ||B||_F, the root of the chi-square information of parent and child"
	constant := e.nonDegeneracy()
	if constant > 0 {
		f.Statement += fmt.Sprintf(" (gamma = %s asked for)", decimal(constant))
	}
	return e.bounded(f, e.column(func(n measurement) float64 { return n.norm }), e.family.norm, e.family.normWhy, constant)
}

// effectiveLength is T1's requirement, which only a given constant can decide.
func (e *evidence) effectiveLength() Finding {
	f := finding(EffectiveLength)
	values := e.column(func(n measurement) float64 { return n.effective })
	at := smallest(values)
	f.Number, f.Unit, f.Witness = values[at], "smallest T_eff over the chains", e.witness(at)
	f.Certainty = e.overChains()
	if e.chains.count > 1 {
		f.Quantiles = quantiles(values)
	}
	switch required := e.EffectiveLength; {
	case required == 0:
		f.Verdict = verdict.Undecided
		f.Certainty += "; the theorem's polynomial is not known, so no number decides"
	case f.Number < required:
		f.Statement += fmt.Sprintf(" (%s asked for)", decimal(required))
		f.Verdict = verdict.Fails
	case e.chains.exact:
		f.Statement += fmt.Sprintf(" (%s asked for)", decimal(required))
		f.Verdict = verdict.Holds
	default:
		f.Statement += fmt.Sprintf(" (%s asked for)", decimal(required))
		f.Verdict, f.Certainty = verdict.Undecided, e.noViolation()
	}
	return f
}

// Rate is what T1 says of this forest and prior.
type Rate struct {
	// Gamma is the constant that A1 and A2 both allow: the smaller of the largest
	// ones, or the user's. 0: no rate follows.
	Gamma float64 `json:"gamma"`
	// EffectiveLength is the mean of T_eff over the chains.
	EffectiveLength float64 `json:"effective_length"`
	// Factor and Exponent are T1's C and c gamma, and Bound is
	// C log T / T_eff^(c gamma).
	Factor   float64 `json:"factor"`
	Exponent float64 `json:"exponent"`
	Bound    float64 `json:"bound"`
	// Note says which constants are not the paper's.
	Note string `json:"note"`
}

// rate evaluates T1 with the given or assumed constants. lower and norm are
// the findings of A1 and A2.
func (e *evidence) rate(lower, norm Finding) Rate {
	r := Rate{Gamma: min(lower.Number, norm.Number, 1), Factor: 1, Note: "C and c are not recovered: 1 each, so the bound shows the shape only"}
	if e.Gamma > 0 {
		r.Gamma = e.Gamma
	}
	exponent := 1.0
	if e.RateFactor > 0 || e.RateExponent > 0 {
		r.Note = "C and c as given; 1 where not given"
		if e.RateFactor > 0 {
			r.Factor = e.RateFactor
		}
		if e.RateExponent > 0 {
			exponent = e.RateExponent
		}
	}
	for n, v := range e.measurements {
		r.EffectiveLength += (v.effective - r.EffectiveLength) / float64(n+1)
	}
	r.Exponent = exponent * r.Gamma
	r.Bound = r.Factor * detmath.Log(float64(e.forest.SequenceLength())) * detmath.Exp(-r.Exponent*detmath.Log(r.EffectiveLength))
	if r.Gamma == 0 {
		r.Note = "no gamma > 0 satisfies A1 and A2, so the theorem gives no rate"
	}
	return r
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
