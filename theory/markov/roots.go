package markov

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"causalgrad/theory/suggest"
)

// RootsGrammar is what ParseRoots reads.
const RootsGrammar = "stationary | uniform | a list of S probabilities above 0, [0.2,0.3,0.5]"

// Roots says which distribution the tokens of roots have. Its zero value is the
// paper's, the stationary distribution of the sequence's own chain; the others
// break a condition that the theorem needs (A0; theory/README.md, section 11).
type Roots struct {
	uniform bool
	listed  []float64
}

// ParseRoots reads RootsGrammar. Errors name the text, and the entry where one is
// wrong.
func ParseRoots(text string) (Roots, error) {
	switch text {
	case "", "stationary":
		return Roots{}, nil
	case "uniform":
		return Roots{uniform: true}, nil
	}
	var listed []*float64
	if err := json.Unmarshal([]byte(text), &listed); err != nil || len(listed) == 0 {
		return Roots{}, fmt.Errorf("roots %q: want %s%s", text, RootsGrammar, suggest.Meant(text, "stationary", "uniform"))
	}
	r := Roots{}
	sum := 0.0
	for a, p := range listed {
		if p == nil || !(*p > 0 && *p <= 1) {
			return Roots{}, fmt.Errorf("roots %q: entry %d is no probability above 0", text, a)
		}
		r.listed = append(r.listed, *p)
		sum += *p
	}
	if math.Abs(sum-1) > rowSumTolerance {
		return Roots{}, fmt.Errorf("roots %q: sums to %.12g, want 1", text, sum)
	}
	renormalise(r.listed)
	return r, nil
}

// Stationary reports whether roots have the stationary distribution.
func (r Roots) Stationary() bool { return !r.uniform && r.listed == nil }

// String is the distribution in the grammar of ParseRoots.
func (r Roots) String() string {
	switch {
	case r.uniform:
		return "uniform"
	case r.listed != nil:
		text, _ := json.Marshal(r.listed) // finite numbers always marshal
		return string(text)
	}
	return "stationary"
}

// of is the distribution over s tokens; nil where it is the stationary one.
func (r Roots) of(s int) ([]float64, error) {
	switch {
	case r.uniform:
		p := make([]float64, s)
		for a := range p {
			p[a] = 1 / float64(s)
		}
		return p, nil
	case r.listed != nil && len(r.listed) != s:
		return nil, fmt.Errorf("roots %v: %d probabilities, want S = %d", r, len(r.listed), s)
	}
	return r.listed, nil
}

// WithRoots is the prior whose chains have roots of that distribution, itself
// where that is the stationary one. It is an error where the numbers of tokens
// differ, or where the prior already has roots of its own.
func WithRoots(p Prior, r Roots) (Prior, error) {
	if p == nil {
		return nil, errors.New("roots: no prior")
	}
	distribution, err := r.of(p.Tokens())
	if err != nil || distribution == nil {
		return p, err
	}
	if RootDistribution(p) != nil {
		return nil, fmt.Errorf("prior %q: already has roots of its own", p)
	}
	own := rooted{p, r, distribution}
	finite, ok := p.(Finite)
	if !ok {
		return own, nil
	}
	all := rootedFinite{rooted: own}
	for _, c := range finite.Support() {
		all.support = append(all.support, c.withRoots(distribution))
	}
	return all, nil
}

// RootDistribution is the distribution of the roots of a prior, which must not be
// changed; nil where it is each chain's stationary one.
func RootDistribution(p Prior) []float64 {
	if own, ok := p.(interface{ rootDistribution() []float64 }); ok {
		return own.rootDistribution()
	}
	return nil
}

// Base is the prior that WithRoots was given, p itself where it was not.
func Base(p Prior) Prior {
	switch p := p.(type) {
	case rooted:
		return p.Prior
	case rootedFinite:
		return p.Prior
	}
	return p
}

type rooted struct {
	Prior
	roots        Roots
	distribution []float64
}

func (p rooted) rootDistribution() []float64 { return p.distribution }

func (p rooted) String() string { return fmt.Sprintf("%v, roots %v", p.Prior, p.roots) }

type rootedFinite struct {
	rooted
	support []*Chain
}

func (p rootedFinite) Support() []*Chain { return p.support }

// WithRoots is the chain with roots of that distribution: S probabilities above 0
// that sum to 1 up to 1e-9.
func (c *Chain) WithRoots(distribution []float64) (*Chain, error) {
	if len(distribution) != c.tokens {
		return nil, fmt.Errorf("roots: %d probabilities, want S = %d", len(distribution), c.tokens)
	}
	sum := 0.0
	for a, p := range distribution {
		if !(p > 0 && p <= 1) {
			return nil, fmt.Errorf("roots[%d] = %v, want a probability above 0", a, p)
		}
		sum += p
	}
	if math.Abs(sum-1) > rowSumTolerance {
		return nil, fmt.Errorf("roots: sums to %.12g, want 1", sum)
	}
	return c.withRoots(distribution), nil
}

// withRoots is WithRoots for a distribution that was checked.
func (c *Chain) withRoots(distribution []float64) *Chain {
	own := *c
	own.roots = slices.Clone(distribution)
	return &own
}

// Roots is the distribution of the tokens of roots, the stationary one unless the
// chain comes from WithRoots. It must not be changed.
func (c *Chain) Roots() []float64 {
	if c.roots != nil {
		return c.roots
	}
	return c.stationary
}

// StationaryRoots reports whether the tokens of roots have the stationary
// distribution, which the closed forms of package chisq need.
func (c *Chain) StationaryRoots() bool { return c.roots == nil }
