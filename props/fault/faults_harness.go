package fault

import (
	"slices"

	"causalgrad/impl/fingerprint"
	"causalgrad/props"
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
	checked  func(own props.Writer, name string) error
	parts    func(own []string) []string
	digest   func(own []fingerprint.Entry, workers int, kernel string) []fingerprint.Entry
	training func(own props.Fingerprinter, r digestRequest) (string, error)
	compared func(total string, differences []string, golden, got []fingerprint.Entry) (string, []string)
}

func (h harness) replacements() []replacement {
	return []replacement{
		{props.CanSpecify, h.readSpec != nil || h.hashSpec != nil},
		{props.CanPlan, h.plan != nil},
		{props.CanRun, h.runSpecs != nil || h.measured != nil},
		{props.CanStore, h.keep != nil || h.find != nil || h.findAll != nil || h.failure != nil},
		{props.CanGrid, h.expandGrid != nil || h.dealCells != nil},
		{props.CanSweep, h.sweepGrid != nil || h.surveyed != nil},
		{props.CanSubmit, h.submitGrid != nil || h.taskCells != nil || h.queued != nil},
		{props.CanWrite, h.write != nil || h.checked != nil},
		{props.CanFingerprint, h.parts != nil || h.digest != nil || h.training != nil || h.compared != nil},
	}
}
