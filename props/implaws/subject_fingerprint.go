package implaws

import (
	"causalgrad/impl/experiment"
	"causalgrad/impl/fingerprint"
	"causalgrad/props"
)

// CanFingerprint is the capability of a Fingerprinter, in-process only.
const CanFingerprint props.Capability = "fingerprint"

// Fingerprinter condenses all that must have the same bits everywhere.
type Fingerprinter interface {
	// FingerprintParts lists what a fingerprint consists of and the kernel
	// variants that this machine can run.
	FingerprintParts() (parts, kernels []string)
	// Build describes the running program.
	Build() fingerprint.Build
	// Fingerprint is the digests of some parts, in their order.
	Fingerprint(parts []string, workers int, kernel string) ([]fingerprint.Entry, error)
	// FingerprintRun is the digest of a training run, in hexadecimal.
	FingerprintRun(s experiment.Spec, workers int, kernel string) (string, error)
	// Compare condenses entries to one digest and names those of got that are
	// missing, different or unknown.
	Compare(golden, got []fingerprint.Entry) (total string, differences []string)
}
