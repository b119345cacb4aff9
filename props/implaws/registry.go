package implaws

import (
	"slices"

	"causalgrad/props"
)

// All lists the laws of the packages under impl, in the order of the tables.
func All() []props.Law { return slices.Concat(practiceLaws(), harnessLaws()) }
