package fault

import (
	"causalgrad/impl/experiment"
	"causalgrad/impl/fingerprint"
	"causalgrad/props/implaws"
)

// digestRequest is the arguments of FingerprintRun.
type digestRequest struct {
	spec    experiment.Spec
	workers int
	kernel  string
}

// FingerprintParts implements implaws.Fingerprinter.
func (v *variant) FingerprintParts() (parts, kernels []string) {
	s, err := capable[implaws.Fingerprinter](v)
	if err != nil {
		return nil, nil
	}
	parts, kernels = s.FingerprintParts()
	if v.parts != nil {
		parts = v.parts(parts)
	}
	return parts, kernels
}

// Build implements implaws.Fingerprinter.
func (v *variant) Build() fingerprint.Build {
	s, err := capable[implaws.Fingerprinter](v)
	if err != nil {
		return fingerprint.Build{}
	}
	return s.Build()
}

// Fingerprint implements implaws.Fingerprinter.
func (v *variant) Fingerprint(parts []string, workers int, kernel string) ([]fingerprint.Entry, error) {
	s, err := capable[implaws.Fingerprinter](v)
	if err != nil {
		return nil, err
	}
	own, err := s.Fingerprint(parts, workers, kernel)
	if err != nil || v.digest == nil {
		return own, err
	}
	return v.digest(own, workers, kernel), nil
}

// FingerprintRun implements implaws.Fingerprinter.
func (v *variant) FingerprintRun(spec experiment.Spec, workers int, kernel string) (string, error) {
	s, err := capable[implaws.Fingerprinter](v)
	if err != nil {
		return "", err
	}
	if v.training == nil {
		return s.FingerprintRun(spec, workers, kernel)
	}
	return v.training(s, digestRequest{spec, workers, kernel})
}

// Compare implements implaws.Fingerprinter.
func (v *variant) Compare(golden, got []fingerprint.Entry) (total string, differences []string) {
	s, err := capable[implaws.Fingerprinter](v)
	if err != nil {
		return "", nil
	}
	total, differences = s.Compare(golden, got)
	if v.compared != nil {
		return v.compared(total, differences, golden, got)
	}
	return total, differences
}
