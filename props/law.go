package props

import (
	"slices"

	"pgregory.net/rapid"
)

// Law is one property. Check draws a case from t, asks the subject and fails t
// when the property does not hold.
type Law struct {
	// ID is a slug, the law's name everywhere.
	ID string `json:"id"`
	// Source is where the claim or formula stands: a section of theory/README.md.
	Source string `json:"source"`
	// Sentence states the property.
	Sentence string `json:"sentence"`
	// Needs lists the capabilities without which the law is not applicable.
	Needs []Capability `json:"needs"`
	// FalseAlarm bounds the probability that a right subject fails one Check;
	// 0 for laws without sampling.
	FalseAlarm float64 `json:"-"`
	// Draws is the number of draws in a run at DefaultDraws, fewer for a costly
	// law; 0 means DefaultDraws.
	Draws int `json:"-"`
	// Small tells that the law enumerates sequences or the like: its sizes are
	// not raised to those that a subject's scope begins with.
	Small bool `json:"-"`
	// Check tests the property once, on one random case.
	Check func(t *rapid.T, s Subject) `json:"-"`
}

// section is the source of most laws.
func section(where string) string { return "theory/README.md, section " + where }

// All lists the laws, theory first: the order of the tables.
func All() []Law {
	return slices.Concat(
		theoryLaws(),
		sampleLaws(),
		estimateLaws(),
		modelLaws(),
		optimLaws(),
		trainLaws(),
		measureLaws(),
	)
}

// Find returns the law of that id.
func Find(id string) (Law, bool) {
	laws := All()
	i := slices.IndexFunc(laws, func(l Law) bool { return l.ID == id })
	if i < 0 {
		return Law{}, false
	}
	return laws[i], true
}

// missing is the first capability that s lacks of those that l needs.
func (l Law) missing(s Subject) (c Capability, lacks bool) {
	for _, c := range l.Needs {
		if !c.Of(s) {
			return c, true
		}
	}
	return "", false
}
