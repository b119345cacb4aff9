package fault

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"

	"causalgrad/impl/experiment"
	"causalgrad/props/implaws"

	"go.yaml.in/yaml/v3"
)

// specFaults are mistakes in reading and naming specs.
func specFaults() []Fault {
	return []Fault{
		patch("spec-hash-without-seed", "the hash leaves the seed out", func(v *variant) {
			v.hashSpec = func(own implaws.Specifier, s experiment.Spec) (string, error) {
				s.Seed = 1
				return own.HashSpec(s)
			}
		}, "spec-change"),
		patch("spec-without-checks", "specs are hashed unchecked", func(v *variant) {
			v.hashSpec = func(_ implaws.Specifier, s experiment.Spec) (string, error) { return s.Hash() }
		}, "spec-bounds"),
		patch("spec-hash-of-file-names", "the hash sees the names of a prior's files, not what they contain", func(v *variant) {
			v.hashSpec = func(own implaws.Specifier, s experiment.Spec) (string, error) {
				text, err := json.Marshal(s)
				sum := sha256.Sum256(text)
				return hex.EncodeToString(sum[:]), err
			}
		}, "spec-files-by-content"),
		readSpecs("spec-seed-through-float", "the seed is read as a floating-point number", func(s experiment.Spec, _ []byte) experiment.Spec {
			s.Seed = uint64(float64(s.Seed>>1)) << 1 // no overflow
			return s
		}, "spec-round-trip"),
		readSpecs("spec-from-zero", "numbers that a file leaves out are zero", func(s experiment.Spec, text []byte) experiment.Spec {
			var zero experiment.Spec
			if yaml.Unmarshal(text, &zero) != nil {
				return s
			}
			s.LR, s.Eps, s.Batch = zero.LR, zero.Eps, zero.Batch
			return s
		}, "spec-fields"),
		readSpecs("spec-rate-rounded", "the rate loses its last digits", func(s experiment.Spec, _ []byte) experiment.Spec {
			s.LR = float64(float32(s.LR))
			return s
		}, "spec-round-trip"),
		readsAnything("spec-unknown-fields", "fields that no spec has are ignored", "spec-mistakes"),
		readsAnything("spec-yaml-errors", "a file that cannot be read is an error of several lines", "spec-altered-text"),
	}
}

// readSpecs alters what is read.
func readSpecs(id, description string, alter func(s experiment.Spec, text []byte) experiment.Spec, expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.readSpec = func(own implaws.Specifier, file string) (experiment.Spec, error) {
			s, err := own.ReadSpec(file)
			if err != nil {
				return s, err
			}
			text, err := os.ReadFile(file)
			return alter(s, text), err
		}
	}, expect...)
}

// readsAnything leaves everything to the YAML library.
func readsAnything(id, description string, expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.readSpec = func(_ implaws.Specifier, file string) (experiment.Spec, error) {
			s := experiment.Default()
			text, err := os.ReadFile(file)
			if err == nil {
				err = yaml.Unmarshal(text, &s)
			}
			if err == nil {
				err = s.Validate()
			}
			return s, err
		}
	}, expect...)
}
