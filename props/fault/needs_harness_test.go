package fault

import (
	"causalgrad/impl/fingerprint"
	"causalgrad/props"
)

// watchedHarness notes what is asked of the part around the mathematics.
func watchedHarness(note func(props.Capability)) harness {
	return harness{
		keeping: watchedKeeping(note),
		sweeps:  watchedSweeps(note),
		write: func(own props.Writer, name string, data []byte, fresh bool) error {
			note(props.CanWrite)
			return own.WriteWhole(name, data, fresh)
		},
		checked: func(own props.Writer, name string) error { note(props.CanWrite); return own.CheckWritable(name) },
		parts:   func(own []string) []string { note(props.CanFingerprint); return own },
		digest: func(own []fingerprint.Entry, _ int, _ string) []fingerprint.Entry {
			note(props.CanFingerprint)
			return own
		},
		training: func(own props.Fingerprinter, r digestRequest) (string, error) {
			note(props.CanFingerprint)
			return own.FingerprintRun(r.spec, r.workers, r.kernel)
		},
		compared: func(total string, differences []string, _, _ []fingerprint.Entry) (string, []string) {
			note(props.CanFingerprint)
			return total, differences
		},
	}
}
