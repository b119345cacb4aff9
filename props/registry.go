package props

import "slices"

// All lists the laws of any implementation, theory first: the order of the
// tables. Package catalogue also has those of this project's own parts.
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

// Find returns the law of any implementation of that id.
func Find(id string) (Law, bool) { return FindIn(All(), id) }

// FindIn returns the one of laws that has that id.
func FindIn(laws []Law, id string) (Law, bool) {
	for _, l := range laws {
		if l.ID == id {
			return l, true
		}
	}
	return Law{}, false
}
