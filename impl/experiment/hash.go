package experiment

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"causalgrad/theory/markov"
)

// Hash is the SHA-256 of the spec's canonical form, in hexadecimal: the name
// under which its record is kept. The canonical form is the spec as compact
// JSON with the fields in their order, but for Matrices, and then the transition
// matrices of priors that are finite lists: another file of the same name is
// another spec, and it plays no part whether the spec holds the matrices or the
// file does.
func (s Spec) Hash() (string, error) {
	if s.Heads == nil {
		s.Heads = []int{}
	}
	if s.Shifted == nil {
		s.Shifted = []string{}
	}
	plain := s
	plain.Matrices = nil
	canonical, err := json.Marshal(plain)
	if err != nil {
		return "", fmt.Errorf("spec %q: %w", s.ID, err)
	}
	for _, text := range s.priors() {
		kind, _, _ := strings.Cut(strings.TrimSpace(text), ":")
		if kind != "point" && kind != "orbit" && !strings.HasPrefix(kind, "@") {
			continue
		}
		prior, err := s.readPrior(text)
		if err != nil {
			return "", fmt.Errorf("spec %q: %w", s.ID, err)
		}
		chains := prior.(markov.Finite).Support()
		if orbit, ok := prior.(*markov.Orbit); ok {
			chains = orbit.Bases() // an orbit is a function of them
		}
		for _, chain := range chains {
			canonical = appendFloats(canonical, chain.Flat())
		}
	}
	return hashBytes(canonical), nil
}

// priors lists the texts of all priors.
func (s Spec) priors() []string { return append([]string{s.Prior}, s.Shifted...) }

func hashBytes(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// HashParams is the SHA-256 of the parameters' bits, little-endian.
func HashParams(params []float64) string { return hashBytes(appendFloats(nil, params)) }

// appendFloats appends the bits of values, little-endian.
func appendFloats(data []byte, values []float64) []byte {
	for _, v := range values {
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
	}
	return data
}
