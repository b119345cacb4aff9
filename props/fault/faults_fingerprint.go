package fault

import (
	"fmt"
	"slices"

	"causalgrad/impl/fingerprint"
	"causalgrad/props/implaws"
)

// fingerprintFaults are mistakes in condensing results to digests.
func fingerprintFaults() []Fault {
	return []Fault{
		patch("fingerprint-of-workers", "the number of workers is digested too", func(v *variant) {
			v.digest = func(own []fingerprint.Entry, workers int, _ string) []fingerprint.Entry {
				for i := range own {
					own[i].Digest = fmt.Sprintf("%02d%s", workers, own[i].Digest[2:])
				}
				return own
			}
		}, "fingerprint-machine"),
		patch("fingerprint-of-kernel", "one kernel's runs have other bits", func(v *variant) {
			v.training = func(own implaws.Fingerprinter, r digestRequest) (string, error) {
				if r.kernel != "portable" || r.workers > 1 {
					r.spec.TestSequences++
				}
				return own.FingerprintRun(r.spec, r.workers, r.kernel)
			}
		}, "fingerprint-run"),
		patch("fingerprint-single-precision", "the rate is rounded to fewer bits before it is used", func(v *variant) {
			v.training = func(own implaws.Fingerprinter, r digestRequest) (string, error) {
				r.spec.LR = float64(int(r.spec.LR*1000)+1) / 1000
				return own.FingerprintRun(r.spec, r.workers, r.kernel)
			}
		}, "fingerprint-sees-a-bit"),
		patch("fingerprint-without-tests", "what is measured on other priors is not digested", func(v *variant) {
			v.training = func(own implaws.Fingerprinter, r digestRequest) (string, error) {
				r.spec.Shifted = nil
				return own.FingerprintRun(r.spec, r.workers, r.kernel)
			}
		}, "fingerprint-sees-a-bit"),
		patch("fingerprint-forgets-a-preset", "the run of mlp-chain is left out", func(v *variant) {
			v.parts = func(own []string) []string {
				return slices.DeleteFunc(own, func(id string) bool { return id == "train/mlp-chain" })
			}
		}, "fingerprint-presets"),
		patch("fingerprint-ignores-missing", "parts that are missing are no difference", func(v *variant) {
			v.compared = func(total string, differences []string, golden, got []fingerprint.Entry) (string, []string) {
				if len(got) < len(golden) {
					return total, nil
				}
				return total, differences
			}
		}, "fingerprint-compare"),
	}
}
