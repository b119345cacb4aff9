package fault

import (
	"causalgrad/impl/fingerprint"
	"causalgrad/props"
	"causalgrad/props/implaws"
)

// watchedHarness notes what is asked of the part around the mathematics.
func watchedHarness(note func(props.Capability)) harness {
	return harness{
		keeping: watchedKeeping(note),
		sweeps:  watchedSweeps(note),
		write: func(own implaws.Writer, name string, data []byte, fresh bool) error {
			note(implaws.CanWrite)
			return own.WriteWhole(name, data, fresh)
		},
		checked: func(own implaws.Writer, name string) error { note(implaws.CanWrite); return own.CheckWritable(name) },
		parts:   func(own []string) []string { note(implaws.CanFingerprint); return own },
		digest: func(own []fingerprint.Entry, _ int, _ string) []fingerprint.Entry {
			note(implaws.CanFingerprint)
			return own
		},
		training: func(own implaws.Fingerprinter, r digestRequest) (string, error) {
			note(implaws.CanFingerprint)
			return own.FingerprintRun(r.spec, r.workers, r.kernel)
		},
		compared: func(total string, differences []string, _, _ []fingerprint.Entry) (string, []string) {
			note(implaws.CanFingerprint)
			return total, differences
		},
	}
}
