package props

import "slices"

// All lists every law, theory first: the order of the tables.
func All() []Law {
	return slices.Concat(
		theoryLaws(),
		sampleLaws(),
		estimateLaws(),
		modelLaws(),
		optimLaws(),
		trainLaws(),
		measureLaws(),
		intervalLaws(),
		certifyLaws(),
		refuteLaws(),
		graphLaws(),
		firstStepMethodLaws(),
		inferLaws(),
		conditionLaws(),
		factLaws(),
		notationLaws(),
		chainLaws(),
		arrayLaws(),
		functionLaws(),
		comparisonLaws(),
		streamLaws(),
		practiceLaws(),
		harnessLaws(),
	)
}

// Find returns the law of that id.
func Find(id string) (Law, bool) {
	for _, l := range All() {
		if l.ID == id {
			return l, true
		}
	}
	return Law{}, false
}
