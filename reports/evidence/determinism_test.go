package evidence

import (
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/golden/runs"
	"causalgrad/impl/fingerprint"
	"causalgrad/theory/verdict"
)

// TestDeterminismFindsOneChangedDigest: one entry of one run of one build.
func TestDeterminismFindsOneChangedDigest(t *testing.T) {
	golden := []fingerprint.Entry{{ID: "exp", Digest: "aa"}, {ID: "log", Digest: "bb"}}
	build := func(system string, last string) runs.Build {
		run := func(workers int, kernel, digest string) fingerprint.Run {
			return fingerprint.Run{Workers: workers, Kernel: kernel, Entries: []fingerprint.Entry{golden[0], {ID: "log", Digest: digest}}}
		}
		return runs.NewBuild(golden, fingerprint.Document{Machine: "a machine of " + system, Build: fingerprint.Build{System: system}, Runs: []fingerprint.Run{
			run(1, "portable", "bb"), run(8, "portable", "bb"), run(1, "avx2", "bb"), run(8, "avx2", last)}})
	}
	good := Determinism{golden, []runs.Build{build("linux/amd64", "bb"), build("linux/arm64", "bb")}}
	require.True(t, good.Holds())
	require.Len(t, good.Table().Rows, 4)
	require.NoError(t, good.Table().Check())
	require.Contains(t, good.Table().Notes, "a machine of linux/arm64")
	builds := []runs.Build{build("linux/amd64", "bb"), build("linux/arm64", "cc")}
	bad := Determinism{golden, builds}
	require.False(t, bad.Holds())
	require.Equal(t, "Runs (number of workers, kernel, build) with the golden bits: 8 of 8.", good.Answer())
	require.Equal(t, "Runs (number of workers, kernel, build) with the golden bits: 7 of 8; 1 differ, in log.", bad.Answer())
	require.Contains(t, bad.Table().Notes, "differs from the golden bits in log")
	require.Equal(t, Bits{Equal: 7, Differ: 1}, bad.Bits())
	require.False(t, Determinism{Golden: golden}.Holds(), "no evidence is no proof")
	// Against later golden bits, runs that were right are stale, wrong ones stay wrong.
	later := []fingerprint.Entry{golden[0], {ID: "log", Digest: "dd"}}
	require.Equal(t, Bits{Stale: 7, Differ: 1}, Determinism{later, builds}.Bits())
	stale := Determinism{later, builds[:1]}
	require.True(t, stale.Holds())
	require.Contains(t, stale.Answer(), ": 0 of 4; 4 were compared with those of another version.")
	for _, row := range stale.Table().Rows {
		require.Equal(t, verdict.Undecided, row[len(row)-1].Verdict())
	}
}

func TestDigestsNamesWhatDiffers(t *testing.T) {
	golden := []fingerprint.Entry{{ID: "exp", Digest: "aa"}, {ID: "log", Digest: "bb"}}
	require.Equal(t, []string{"exp (missing)", "log", "new (not in the golden)"},
		fingerprint.Differences(golden, []fingerprint.Entry{{ID: "log", Digest: "cc"}, {ID: "new", Digest: "dd"}}))
	short := DigestTable(golden, fingerprint.Run{Entries: []fingerprint.Entry{{ID: "exp", Digest: "cc"}}})
	require.Equal(t, verdict.Fail, at(t, short, 0, "verdict").Verdict())
	require.Equal(t, []string{"differs: exp", "differs: log (missing)"}, short.Notes)
	require.Empty(t, DigestTable(golden, fingerprint.Run{Entries: golden}).Notes)
}
