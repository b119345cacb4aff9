package theorylaws

import (
	"slices"

	"causalgrad/props"
)

// All lists the laws of the packages under theory, in the order of the tables.
func All() []props.Law {
	return slices.Concat(
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
	)
}
