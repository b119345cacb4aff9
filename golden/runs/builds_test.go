package runs

import (
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/fingerprint"
)

// TestRecordedBuilds: each names its machine, and its runs were compared.
func TestRecordedBuilds(t *testing.T) {
	all, err := Builds()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	for _, b := range all {
		require.NotEmpty(t, b.Machine)
		require.NotEmpty(t, b.Build.System)
		for _, r := range b.Runs {
			require.Len(t, r.Total, 64)
			require.Equal(t, r.Total == b.Golden, len(r.Differ) == 0, "%s, %s, %d workers", b.Build.System, r.Kernel, r.Workers)
		}
	}
}

func TestBuildReadsBack(t *testing.T) {
	golden := []fingerprint.Entry{{ID: "exp", Digest: "aa"}, {ID: "log", Digest: "bb"}}
	b := NewBuild(golden, fingerprint.Document{Machine: "one", Build: fingerprint.Build{Go: "go1", System: "a/b"}, Runs: []fingerprint.Run{
		{Workers: 2, Kernel: "portable", Entries: golden}, {Workers: 3, Kernel: "portable", Entries: golden[:1]}}})
	require.Empty(t, b.Runs[0].Differ)
	require.Equal(t, []string{"log (missing)"}, b.Runs[1].Differ)
	data, err := EncodeBuild(b)
	require.NoError(t, err)
	back, err := DecodeBuild(data)
	require.NoError(t, err)
	require.Equal(t, b, back)
	for text, want := range map[string]string{
		`{"schema": "causalgrad/build-fingerprint/1"}`:                  "0 runs",
		`{"schema": "x", "runs": [{}]}`:                                 `"x"`,
		`{"schema": "causalgrad/build-fingerprint/1", "colour": "red"}`: "colour",
		string(data) + "{}":                                             "text after",
	} {
		_, err := DecodeBuild([]byte(text))
		require.ErrorContains(t, err, want)
	}
}
