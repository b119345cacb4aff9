package props

import "pgregory.net/rapid"

// Law is one property. Check draws a case from t, asks the subject and calls
// t.Fatalf (through Violation) when the property does not hold.
type Law struct {
	// ID is a slug, the law's name everywhere.
	ID string
	// Source is where the claim or formula stands: a section of theory.md.
	Source string
	// Sentence states the property.
	Sentence string
	// FalseAlarm bounds the probability that a right subject fails one Check;
	// 0 for laws without sampling.
	FalseAlarm float64
	// Draws is the number of draws in a run at DefaultDraws, fewer for a costly
	// law; 0 means DefaultDraws.
	Draws int
	// Needs lists the capabilities without which the law is not applicable.
	Needs []Capability
	// Check tests the property once, on one random case.
	Check func(t *rapid.T, s Subject)
}

// Applicable reports whether s has all that l needs, and the first capability
// that it lacks.
func (l Law) Applicable(s Subject) (missing Capability, ok bool) {
	for _, c := range l.Needs {
		if !c.Of(s) {
			return c, false
		}
	}
	return "", true
}
