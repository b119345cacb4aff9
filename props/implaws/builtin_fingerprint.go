package implaws

import (
	"causalgrad/impl/experiment"
	"causalgrad/impl/fingerprint"
)

var _ Fingerprinter = builtin{}

func (builtin) FingerprintParts() (parts, kernels []string) {
	return fingerprint.Parts(), fingerprint.Kernels()
}

func (builtin) Build() fingerprint.Build { return fingerprint.ThisBuild() }

func (builtin) Fingerprint(parts []string, workers int, kernel string) ([]fingerprint.Entry, error) {
	r, err := fingerprint.ComputeParts(workers, kernel, parts)
	return r.Entries, err
}

func (builtin) FingerprintRun(s experiment.Spec, workers int, kernel string) (string, error) {
	e, err := fingerprint.Training(s, workers, kernel)
	return e.Digest, err
}

func (builtin) Compare(golden, got []fingerprint.Entry) (total string, differences []string) {
	return fingerprint.Total(got), fingerprint.Differences(golden, got)
}
