package implaws

import (
	"slices"

	"causalgrad/props"
)

// practiceLaws are about what surrounds a model in practice: a second
// implementation, kernels, files of weights, constructions, what is measured of
// parameters, resumed runs and validation. Their capabilities are in-process only.
func practiceLaws() []props.Law {
	return slices.Concat(denseLaws(), kernelLaws(), weightsLaws(),
		constructLaws(), compareLaws(), lossesLaws(), summaryAttentionLaws(),
		resumeLaws(), validateLaws(), transferLaws())
}
