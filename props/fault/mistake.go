package fault

import (
	"slices"

	"causalgrad/props"
)

// Mistake is one planted mistake.
type Mistake struct {
	// ID is a slug, the mistake's name everywhere.
	ID string
	// Description says in one sentence what is done wrong.
	Description string
	// Expect lists the laws that should catch it.
	Expect []string

	in     []props.Capability // the answers that it changes
	rewire *rewire            // how it is made in a transformer; nil where plain makes it
}

// catalogue collects the mistakes as their declarations are carried out.
var catalogue []*Mistake

// mistake declares one that plain makes.
func mistake(in []props.Capability, id, description string, expect ...string) *Mistake {
	m := &Mistake{ID: id, Description: description, Expect: expect, in: in}
	catalogue = append(catalogue, m)
	return m
}

// The answers that a mistake changes: one made in a model or in an optimiser
// shows in training too.
var (
	inStationary  = []props.Capability{props.CanStationary}
	inInformation = []props.Capability{props.CanInform}
	inFirstStep   = []props.Capability{props.CanFirstStep}
	inSample      = []props.Capability{props.CanSample}
	inEstimate    = []props.Capability{props.CanEstimate}
	inMeasure     = []props.Capability{props.CanMeasure}
	inEvaluate    = []props.Capability{props.CanEvaluate}
	inModel       = []props.Capability{props.CanEvaluate, props.CanAttend, props.CanTrain}
	inOptimize    = []props.Capability{props.CanOptimize, props.CanTrain}
	inTrain       = []props.Capability{props.CanTrain}
)

// All lists every mistake, in the order of the capabilities.
func All() []*Mistake {
	all := slices.Clone(catalogue)
	slices.SortStableFunc(all, func(a, b *Mistake) int { return a.order() - b.order() })
	return all
}

func (m *Mistake) order() int { return slices.Index(props.Capabilities(), m.in[0]) }

// Find returns the mistake of that id.
func Find(id string) (*Mistake, bool) {
	for _, m := range catalogue {
		if m.ID == id {
			return m, true
		}
	}
	return nil, false
}

// Plant returns s with the mistake in it. Each call starts from clean memory, for
// the mistakes that keep some between requests.
func (m *Mistake) Plant(s props.Subject) props.Subject {
	p := &planted{Subject: s, mistake: m}
	if m.rewire != nil {
		p.wrong = &rewired{s, m.rewire}
	} else {
		p.wrong = &plain{makes: m}
	}
	return p
}

// expects reports whether the law is among those expected to catch the mistake.
func (m *Mistake) expects(law string) bool { return slices.Contains(m.Expect, law) }
