package evidence

import (
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/fingerprint"
)

// TestDeterminismFindsOneChangedDigest: one entry of one run of one build.
func TestDeterminismFindsOneChangedDigest(t *testing.T) {
	golden := []fingerprint.Entry{{ID: "exp", Digest: "aa"}, {ID: "log", Digest: "bb"}}
	document := func(system string, last string) fingerprint.Document {
		run := func(workers int, kernel, digest string) fingerprint.Run {
			return fingerprint.Run{Workers: workers, Kernel: kernel, Entries: []fingerprint.Entry{golden[0], {ID: "log", Digest: digest}}}
		}
		return fingerprint.Document{Build: fingerprint.Build{System: system}, Runs: []fingerprint.Run{
			run(1, "portable", "bb"), run(8, "portable", "bb"), run(1, "avx2", "bb"), run(8, "avx2", last)}}
	}
	good := Determinism(golden, []fingerprint.Document{document("linux/amd64", "bb"), document("linux/arm64", "bb")})
	require.True(t, good.Holds)
	require.Len(t, good.Table.Rows, 4)
	require.NoError(t, good.Table.Check())
	bad := Determinism(golden, []fingerprint.Document{document("linux/amd64", "bb"), document("linux/arm64", "cc")})
	require.False(t, bad.Holds)
	require.Contains(t, bad.Table.Notes[0], "log")
	require.False(t, Determinism(golden, nil).Holds, "no evidence is no proof")
}

func TestDifferences(t *testing.T) {
	golden := []fingerprint.Entry{{ID: "exp", Digest: "aa"}, {ID: "log", Digest: "bb"}}
	require.Empty(t, Differences(golden, golden))
	require.Equal(t, []string{"exp (missing)", "log", "new (not in the golden)"},
		Differences(golden, []fingerprint.Entry{{ID: "log", Digest: "cc"}, {ID: "new", Digest: "dd"}}))
	require.False(t, Digests(golden, fingerprint.Run{Entries: golden[:1]}).Holds)
	require.True(t, Digests(golden, fingerprint.Run{Entries: golden}).Holds)
}
