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
// JSON with the fields in their order, and the transition matrices of priors
// that come from files, so that another file of the same name is another spec.
func (s Spec) Hash() (string, error) {
	if s.Heads == nil {
		s.Heads = []int{}
	}
	if s.Shifted == nil {
		s.Shifted = []string{}
	}
	canonical, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("spec %q: %w", s.ID, err)
	}
	for _, text := range append([]string{s.Prior}, s.Shifted...) {
		kind, _, _ := strings.Cut(strings.TrimSpace(text), ":")
		sampled := strings.HasPrefix(kind, "@")
		if kind != "point" && kind != "orbit" && !sampled {
			continue
		}
		prior, err := markov.ParsePrior(text, s.Tokens)
		if err != nil {
			return "", fmt.Errorf("spec %q: %w", s.ID, err)
		}
		support := prior.(markov.Finite).Support()
		if orbit, ok := prior.(*markov.Orbit); ok {
			support = orbit.Bases()
		}
		for _, chain := range support {
			canonical = appendFloats(canonical, chain.Flat())
		}
	}
	return hashBytes(canonical), nil
}

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
