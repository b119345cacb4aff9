package necessity

import (
	"fmt"
	"slices"

	"causalgrad/theory/condition"
	"causalgrad/theory/suggest"
)

// The hypotheses that can be dropped, by the identifiers of package condition,
// and the control.
const (
	LowerBound      = condition.LowerBound      // A1: entries below gamma/S, 0 among them
	NonDegeneracy   = condition.NonDegeneracy   // A2: (nearly) equal rows
	Symmetry        = condition.Symmetry        // A3: a prior that relabelling changes
	ConstantMean    = condition.ConstantMean    // A4: one chain
	StationaryRoots = condition.StationaryRoots // A0: roots of any other distribution
	EffectiveLength = condition.EffectiveLength // any T >= 3 and any T_eff; all hypotheses on the prior kept
	None            = "none"                    // nothing dropped
)

// Conditions lists what Search takes.
func Conditions() []string {
	return []string{ConstantMean, Symmetry, LowerBound, NonDegeneracy, EffectiveLength, StationaryRoots, None}
}

// Construction is how a chain becomes a finite prior.
type Construction string

// The constructions. All but Point have the mean 1/S exactly.
const (
	Point      Construction = "point"      // the chain alone
	Columns    Construction = "columns"    // its columns in every order: an orbit, up to relabelling
	Shifts     Construction = "shifts"     // its columns shifted cyclically, S >= 3
	Complement Construction = "complement" // the chain pi and 2/S - pi, S >= 3
)

// text describes the prior of a construction on a chain.
func (c Construction) text() string {
	switch c {
	case Columns:
		return "uniform over all orders of the chain's columns (up to relabelling the prior orbit:FILE)"
	case Shifts:
		return "uniform over the cyclic shifts of the chain's columns"
	case Complement:
		return "uniform over the chain pi and 2/S - pi"
	}
	return "the chain alone (the prior point:FILE)"
}

// space is the set of priors that a question ranges over.
type space struct {
	gamma         float64 // constant of the kept A1 and A2
	constructions []Construction
	lowerBound    bool    // every chain's S min pi[a][b] >= gamma
	nonDegenerate bool    // every chain's ||B||_F >= gamma
	degenerate    bool    // draws the base chain with equal or nearly equal rows
	rooted        bool    // draws the distribution of the roots' tokens
	zeros         bool    // draws base chains with entries 0 and near it
	effective     float64 // every chain's T_eff on the forest is at least this
	strict        bool    // a tie is no failure
}

// Check refuses a question that Search does not know, and one that stands twice, before
// a search of seconds.
func Check(questions []string) error {
	for i, question := range questions {
		if !slices.Contains(Conditions(), question) {
			return fmt.Errorf("necessity: condition %q, want one of %v%s", question, Conditions(), suggest.Meant(question, Conditions()...))
		}
		if slices.Contains(questions[:i], question) {
			return fmt.Errorf("necessity: condition %q: listed twice", question)
		}
	}
	return nil
}

func newSpace(question string, o Options) (space, error) {
	if err := Check([]string{question}); err != nil {
		return space{}, err
	}
	s := space{
		gamma: o.Gamma, effective: o.EffectiveLength, strict: o.Strict, lowerBound: true, nonDegenerate: true,
		constructions: []Construction{Columns, Shifts, Complement},
	}
	switch question {
	case ConstantMean:
		s.constructions = []Construction{Point}
	case Symmetry:
		s.constructions = []Construction{Shifts, Complement}
	case StationaryRoots:
		s.rooted = true
	case LowerBound:
		s.lowerBound, s.zeros = false, true
	case NonDegeneracy:
		s.nonDegenerate, s.degenerate = false, true
	case EffectiveLength:
		s.effective = 0
	}
	for _, c := range o.Constructions {
		if !slices.Contains(s.constructions, c) {
			return space{}, fmt.Errorf("necessity: construction %q without %s, want some of %v", c, question, s.constructions)
		}
	}
	if o.Constructions != nil {
		s.constructions = o.Constructions
	}
	return s, nil
}

// available lists the constructions for a number of tokens: with two, shifts
// are all orders and a complement is an order.
func (s space) available(tokens int) []Construction {
	var list []Construction
	for _, c := range s.constructions {
		if tokens > 2 || c == Point || c == Columns {
			list = append(list, c)
		}
	}
	return slices.Clip(list)
}

// kept names the hypotheses in force, for the outcome's description.
func (s space) kept(question string) string {
	text := ""
	if s.lowerBound {
		text += fmt.Sprintf("A1 (gamma = %g), ", s.gamma)
	}
	if s.nonDegenerate {
		text += fmt.Sprintf("A2 (gamma = %g), ", s.gamma)
	}
	switch question {
	case ConstantMean:
		text += "A3 (with the relabelled copies)"
	case Symmetry:
		text += "A4"
	default:
		text += "A3 (with the relabelled copies), A4"
	}
	if s.effective > 0 {
		text += fmt.Sprintf(", T_eff >= %g", s.effective)
	}
	return text
}
