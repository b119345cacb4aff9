package fault

import (
	"slices"

	"causalgrad/impl/fingerprint"
	"causalgrad/props/implaws"
)

// harnessFaults are mistakes in all that is around the mathematics.
func harnessFaults() []Fault {
	return slices.Concat(specFaults(), planFaults(), runFaults(), storeFaults(), obstacleFaults(), gridFaults(), sweepFaults(), submitFaults(),
		writeFaults(), fingerprintFaults())
}

// harness is the part of a variant around the mathematics.
type harness struct {
	keeping
	sweeps
	write    writing
	checked  func(own implaws.Writer, name string) error
	parts    func(own []string) []string
	digest   func(own []fingerprint.Entry, workers int, kernel string) []fingerprint.Entry
	training func(own implaws.Fingerprinter, r digestRequest) (string, error)
	compared func(total string, differences []string, golden, got []fingerprint.Entry) (string, []string)
}

func (h harness) replacements() []replacement {
	return []replacement{
		{implaws.CanSpecify, h.readSpec != nil || h.hashSpec != nil},
		{implaws.CanPlan, h.plan != nil},
		{implaws.CanRun, h.runSpecs != nil || h.measured != nil},
		{implaws.CanStore, h.keep != nil || h.find != nil || h.findAll != nil || h.failure != nil},
		{implaws.CanGrid, h.expandGrid != nil || h.dealCells != nil},
		{implaws.CanSweep, h.sweepGrid != nil || h.surveyed != nil},
		{implaws.CanSubmit, h.submitGrid != nil || h.taskCells != nil || h.queued != nil},
		{implaws.CanWrite, h.write != nil || h.checked != nil},
		{implaws.CanFingerprint, h.parts != nil || h.digest != nil || h.training != nil || h.compared != nil},
	}
}
