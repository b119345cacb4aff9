package implaws

import (
	"slices"

	"causalgrad/props"
)

// harnessLaws are the laws of all that is around the mathematics: descriptions
// of runs, runs, records, sweeps, files and fingerprints.
func harnessLaws() []props.Law {
	return slices.Concat(specLaws(), planLaws(), runLaws(), storeLaws(), obstacleLaws(), gridLaws(), sweepLaws(), submitLaws(), writeLaws(), fingerprintLaws())
}
