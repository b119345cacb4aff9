package props

import (
	"slices"
)

// theoryLaws are the exact facts of theory/README.md, section 3 and their relatives:
// about the stationary distribution, the chi-square information, the signal and the
// first-step gradient.
func theoryLaws() []Law {
	return slices.Concat(stationaryLaws(), informationLaws(), signalLaws(), marginLaws(), symmetryLaws(), firstStepLaws())
}

var (
	inform    = []Capability{CanInform}
	firstStep = []Capability{CanFirstStep}
)
