package experiment

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// tiny is a run of some milliseconds that has everything a run can have: a
// random initialisation, AdamW's moments, a cosine schedule and an
// out-of-distribution test.
func tiny() Spec {
	s := Default()
	s.ID, s.Length, s.Tokens, s.Optimizer, s.LR, s.Schedule = "tiny", 5, 2, "adamw", 0.01, "cosine"
	s.WeightDecay, s.InitScale, s.Steps, s.Batch, s.TestSequences = 1e-4, 1e-2, 40, 80, 64
	s.Shifted = []string{"dirichlet:1"}
	return s
}

// canonical is what goldens compare: the record's bits without provenance.
func canonical(t *testing.T, r Record) string {
	t.Helper()
	text, err := json.Marshal(r.Canonical())
	require.NoError(t, err)
	return string(text)
}

// uninterrupted is the record of a spec in one piece, without a store.
func uninterrupted(t *testing.T, s Spec) (Record, []float64) {
	t.Helper()
	r, params, err := Run(t.Context(), s, Options{Workers: 1})
	require.NoError(t, err)
	return r, params
}

// openStore is a store in a folder of the test's own, and the notes it gave.
func openStore(t *testing.T) (*Store, *[]string) {
	t.Helper()
	s, err := OpenStore(t.TempDir())
	require.NoError(t, err)
	notes := new([]string)
	s.Note = func(line string) { *notes = append(*notes, line) }
	return s, notes
}
