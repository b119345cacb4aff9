package props

import "slices"

// harnessLaws are the laws of all that is around the mathematics: descriptions
// of runs, runs, records, sweeps, files and fingerprints.
func harnessLaws() []Law {
	return slices.Concat(specLaws(), planLaws(), runLaws(), storeLaws(), obstacleLaws(), gridLaws(), sweepLaws(), submitLaws(), writeLaws(), fingerprintLaws())
}
