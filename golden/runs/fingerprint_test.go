package runs

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/fingerprint"
)

// TestGoldenFingerprint: elementary functions, variates, samplers, exact
// gradients and every preset give the golden bits for any number of workers on
// each kernel variant (make determinism takes all). CAUSALGRAD_GOLDEN=write rewrites the file.
func TestGoldenFingerprint(t *testing.T) {
	if os.Getenv("CAUSALGRAD_GOLDEN") == "write" {
		r, err := fingerprint.Compute(1, fingerprint.Kernels()[0])
		require.NoError(t, err)
		data, err := json.MarshalIndent(FingerprintDocument{FingerprintSchema, r.Entries}, "", " ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile("fingerprint.json", append(data, '\n'), 0o644))
		t.Log("wrote golden/runs/fingerprint.json")
		return
	}
	want, err := Fingerprint()
	require.NoError(t, err)
	require.NotEmpty(t, want)
	kernels := fingerprint.Kernels()
	for i, variant := range kernels {
		numbers := []int{1, 2, 3, 8}
		if i > 0 && i < len(kernels)-1 {
			numbers = []int{2} // a variant between the slowest and the fastest
		}
		for _, workers := range numbers {
			t.Run(fmt.Sprintf("%s/workers=%d", variant, workers), func(t *testing.T) {
				got, err := fingerprint.Compute(workers, variant)
				require.NoError(t, err)
				require.Len(t, got.Entries, len(want))
				for i, e := range want {
					require.Equal(t, e, got.Entries[i])
				}
			})
		}
	}
}
