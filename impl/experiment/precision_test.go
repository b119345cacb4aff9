package experiment

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// rounded is tiny in float32, with the official stationary distribution.
func rounded() Spec {
	s := tiny()
	s.ID, s.Precision, s.Stationary = "rounded", Float32, SVD32
	return s
}

// TestFloat32Runs: parameters are float32 at the start and at the end, each of
// the two options changes the run, and neither changes the tests' sequences.
func TestFloat32Runs(t *testing.T) {
	plain, _ := uninterrupted(t, tiny())
	both, params := uninterrupted(t, rounded())
	for i, v := range params {
		require.Equal(t, float64(float32(v)), v, "parameter %d", i)
	}
	single := rounded()
	single.Stationary = ""
	alone, _ := uninterrupted(t, single)
	law := rounded()
	law.Precision = ""
	svd, _ := uninterrupted(t, law)
	hashes := map[string]bool{plain.WeightsHash: true, both.WeightsHash: true, alone.WeightsHash: true, svd.WeightsHash: true}
	require.GreaterOrEqual(t, len(hashes), 3, "precision has no effect")
	require.NotEqual(t, plain.WeightsHash, alone.WeightsHash)
	for _, r := range []Record{both, alone, svd} {
		require.Equal(t, plain.Final.Irreducible, r.Final.Irreducible)
		require.Equal(t, plain.Shifted[0].Irreducible, r.Shifted[0].Irreducible)
	}
}

// TestFloat32RunsResume from a checkpoint in the middle to the same bits.
func TestFloat32RunsResume(t *testing.T) {
	var middle Checkpoint
	want, _, err := Run(t.Context(), rounded(), Options{Workers: 1, Every: 7, Save: func(c Checkpoint) error {
		if c.Step == 21 {
			middle = c
		}
		return nil
	}})
	require.NoError(t, err)
	got, _, err := Run(t.Context(), rounded(), Options{Workers: 2, Resume: &middle})
	require.NoError(t, err)
	require.Equal(t, canonical(t, want), canonical(t, got))
}

func TestPrecisionIsChecked(t *testing.T) {
	s := tiny()
	s.Precision = "float16"
	require.ErrorContains(t, s.Validate(), `precision "float16"`)
	s = tiny()
	s.Stationary = "svd"
	require.ErrorContains(t, s.Validate(), `stationary "svd"`)
	s = rounded()
	s.Graph = "trigram-half"
	require.ErrorContains(t, s.Validate(), "forests alone")
}
