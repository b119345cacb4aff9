package condition

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"causalgrad/theory/embedding"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// ErrorRate is the probability at which all statistical comparisons of one
// table together may be wrong: the tests of one condition, the rows of
// Predicted, the rows of Observed, each.
const ErrorRate = 0.01

// Constants overrides what the statements leave open or what we only recall.
// Zero values mean "not given".
type Constants struct {
	// Gamma is A1's constant, in (0, 1]; not given: any positive one will do.
	Gamma float64
	// NonDegeneracy is A2's constant; not given: Gamma, or any positive one.
	NonDegeneracy float64
	// EffectiveLength is the smallest T_eff that T1 needs; not given: unknown.
	EffectiveLength float64
	// RateFactor and RateExponent are T1's C and c; not given: 1 each, so that
	// the bound shows its shape only.
	RateFactor, RateExponent float64
}

// Options says how to check. The report depends on all but Workers.
type Options struct {
	// Draws is the number of chains drawn from a prior that is not finite; 0
	// chooses DefaultDraws.
	Draws   int
	Seed    uint64
	Eps     float64 // of the first-step gradient, 0 to firststep.MaxEps
	Workers int     // goroutines; 0: one for each processor
	// Embedding is what positions are to the scores; nil for orthogonal vectors.
	Embedding *embedding.Embedding
	Constants
}

// The number of draws that is chosen when none is given.
const (
	minDraws, maxDraws = 64, 2000
	drawBudget         = 6e8  // operations, about 2 s on one core
	largestWork        = 1e10 // operations of one gradient, about 30 s
)

// work estimates the operations of one exact gradient (see
// firststep.Gradient), about 3 ns each.
func work(length, tokens int) float64 {
	t, s := float64(length), float64(tokens)
	pairs := s * s * t * t
	messages := s * s * s * s * t * float64(bits.Len(uint(length)))
	return math.Sqrt(t) * (float64(pairs) + float64(messages))
}

// DefaultDraws is the number of chains drawn for a forest of length T and S
// tokens: what some 2 s allow, between 64 and 2000.
func DefaultDraws(length, tokens int) int {
	return int(min(max(drawBudget/work(length, tokens), minDraws), maxDraws))
}

func (o Options) validate(f graph.Forest, prior markov.Prior) error {
	if prior == nil {
		return errors.New("check: no prior")
	}
	if t := f.SequenceLength(); t < graph.MinSequenceLength {
		return fmt.Errorf("check: sequence length %d, want at least %d", t, graph.MinSequenceLength)
	}
	if w := work(f.SequenceLength(), prior.Tokens()); w > largestWork {
		return fmt.Errorf("check: length %d with %d tokens needs about %.0e operations a chain, want at most %.0e: shorten or use fewer tokens",
			f.SequenceLength(), prior.Tokens(), w, float64(largestWork))
	}
	if o.Draws != 0 && o.Draws < minDraws {
		return fmt.Errorf("check: draws = %d, want at least %d", o.Draws, minDraws)
	}
	if !(o.Eps >= 0 && o.Eps <= firststep.MaxEps) {
		return fmt.Errorf("check: eps = %v, want 0 to %g", o.Eps, float64(firststep.MaxEps))
	}
	if e := o.Embedding; e != nil && e.Positions() != f.SequenceLength() {
		return fmt.Errorf("check: embedding %v: %d positions, want T = %d", e, e.Positions(), f.SequenceLength())
	}
	return o.Constants.validate()
}

func (c Constants) validate() error {
	if !(c.Gamma >= 0 && c.Gamma <= 1) {
		return fmt.Errorf("check: gamma = %v, want a number above 0 and at most 1", c.Gamma)
	}
	for _, v := range []struct {
		name  string
		value float64
	}{
		{"non-degeneracy", c.NonDegeneracy}, {"effective length", c.EffectiveLength},
		{"rate factor", c.RateFactor}, {"rate exponent", c.RateExponent},
	} {
		if !(v.value >= 0) || math.IsInf(v.value, 0) {
			return fmt.Errorf("check: %s = %v, want a finite number above 0", v.name, v.value)
		}
	}
	return nil
}

// nonDegeneracy is A2's constant, or 0 for any.
func (c Constants) nonDegeneracy() float64 {
	if c.NonDegeneracy > 0 {
		return c.NonDegeneracy
	}
	return c.Gamma
}
