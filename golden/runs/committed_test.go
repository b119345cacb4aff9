package runs

import (
	"os"
	"testing"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

// TestCommittedRecordsAreWhatTheirNamesSay: every record of the official size is
// intact and of the spec that its id has now; those of checks are checks.
func TestCommittedRecordsAreWhatTheirNamesSay(t *testing.T) {
	for folder, check := range map[string]bool{"full": false, "checks": true} {
		records, err := ReadRecords(os.DirFS(folder))
		require.NoError(t, err)
		require.NotEmpty(t, records)
		for _, r := range records {
			_, ok := CheckOf(r.Spec.ID)
			require.Equal(t, check, ok, r.Spec.ID)
			specs, err := Plan{IDs: []string{r.Spec.ID}, Size: experiment.FullSize, Seeds: 1}.Specs()
			require.NoError(t, err)
			specs[0].Seed = r.Spec.Seed
			want, err := specs[0].Hash()
			require.NoError(t, err)
			got, err := r.Spec.Hash()
			require.NoError(t, err)
			require.Equal(t, want, got, "%s, seed %d", r.Spec.ID, r.Spec.Seed)
		}
	}
}

// TestCommittedWeightsAreTheirRecords': the store reads them, which checks their
// hash.
func TestCommittedWeightsAreTheirRecords(t *testing.T) {
	store, err := experiment.OpenStore("full")
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll("full/unfinished")) // what OpenStore makes
	records, err := store.Records()
	require.NoError(t, err)
	kept := 0
	for _, r := range records {
		if _, err := store.Weights(r); err == nil {
			kept++
		} else {
			require.ErrorIs(t, err, os.ErrNotExist)
		}
	}
	files, err := os.ReadDir("full/weights")
	require.NoError(t, err)
	require.Len(t, files, kept)
}
