package runs

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"causalgrad/impl/fingerprint"
)

//go:embed fingerprint.json
var fingerprintFile []byte

// FingerprintSchema names the format of fingerprint.json and its version.
const FingerprintSchema = "causalgrad/golden-fingerprint/1"

// FingerprintDocument is the content of fingerprint.json.
type FingerprintDocument struct {
	Schema  string              `json:"schema"`
	Entries []fingerprint.Entry `json:"entries"`
}

// Fingerprint returns the golden digests of impl/fingerprint.
func Fingerprint() ([]fingerprint.Entry, error) {
	var d FingerprintDocument
	if err := json.Unmarshal(fingerprintFile, &d); err != nil {
		return nil, fmt.Errorf("fingerprint.json: %w", err)
	}
	if d.Schema != FingerprintSchema {
		return nil, fmt.Errorf("fingerprint.json: schema %q, want %q", d.Schema, FingerprintSchema)
	}
	return d.Entries, nil
}
