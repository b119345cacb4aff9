package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"causalgrad/reports/claim"
	"causalgrad/reports/manifest"

	"github.com/stretchr/testify/require"
)

func TestStartedAs(t *testing.T) {
	hash := strings.Repeat("0123456789abcdef", 4)
	const run = "go run causalgrad/reports/cmd/causalgrad"
	for arg0, want := range map[string]string{
		"causalgrad":           "causalgrad",
		"bin/causalgrad":       "bin/causalgrad",
		"./causalgrad":         "./causalgrad",
		"/my tools/causalgrad": "'/my tools/causalgrad'",
		"/tmp/go-build2934915172/b001/exe/causalgrad":        run,
		"/root/.cache/go-build/01/" + hash + "-d/causalgrad": run,
		"/go-build7/b001/causalgrad.test":                    "/go-build7/b001/causalgrad.test",
	} {
		require.Equal(t, want, startedAs(arg0))
	}
}

func TestShellWord(t *testing.T) {
	for word, want := range map[string]string{
		"python3": "python3", "/a/b-c_d.py": "/a/b-c_d.py", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$x": "'$x'", "é": "'é'",
	} {
		require.Equal(t, want, shellWord(word))
	}
}

// Every replay line that a run prints or writes into its document is run as it is
// pasted into a shell, and fails as the first did.
func TestReplayLinesRunAsPasted(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh")
	}
	folder := filepath.Join(t.TempDir(), "a folder")
	require.NoError(t, os.Mkdir(folder, 0o700))
	own, err := filepath.Abs(os.Args[0])
	require.NoError(t, err)
	answers := filepath.Join(folder, "answers.sh")
	require.NoError(t, os.WriteFile(answers, []byte(`while read -r line; do
  id=${line#*'"id":'}; id=${id%%,*}
  case $line in
  *hello*) echo "{\"id\":$id,\"result\":{\"protocol\":1,\"name\":\"two\",\"roundoff\":1.2e-16,\"capabilities\":[\"stationary\"]}}";;
  *) echo "{\"id\":$id,\"result\":[0.4,0.6]}";;
  esac
done
`), 0o600))
	pasted := func(line string) (string, int) {
		cmd := exec.Command(shell, "-c", line)
		cmd.Dir, cmd.Env = folder, append(os.Environ(), "CAUSALGRAD_TEST_COMMAND=1")
		var out bytes.Buffer
		cmd.Stdout = &out
		var exit *exec.ExitError
		if err := cmd.Run(); errors.As(err, &exit) {
			return out.String(), exit.ExitCode()
		}
		return out.String(), 0
	}
	first, code := pasted(shellWord(own) + " conform --law stationary-balance --draws 3 --report f.md -- sh " + shellWord(answers))
	require.Equal(t, 1, code, first)
	report, err := os.ReadFile(filepath.Join(folder, "f.md"))
	require.NoError(t, err)
	for _, text := range []string{first, string(report)} {
		_, replay, found := strings.Cut(text, "  replay    ")
		require.True(t, found, text)
		replay, _, _ = strings.Cut(replay, "\n")
		again, code := pasted(replay)
		require.Equal(t, 1, code, replay)
		finding, _, _ := strings.Cut(first, "\n\n")
		require.True(t, strings.HasPrefix(again, finding), again)
	}
}

// The commands that reproduce the claims' evidence are commands, with flags that they
// have, that run from a clone. Nothing of them is computed.
func TestTheClaimsCommandsAreCommands(t *testing.T) {
	for _, c := range claim.All() {
		for line := range strings.SplitSeq(c.Command, " && ") {
			words, ours := strings.CutPrefix(line, "go run ./reports/cmd/causalgrad ")
			if !ours {
				require.True(t, strings.HasPrefix(line, "make compare-official OFFICIAL=DIR"), line)
				continue
			}
			requireParses(t, strings.Fields(words))
		}
	}
}

func TestVersion(t *testing.T) {
	require.Equal(t, "causalgrad v1.2.3, commit abc, go1.26\n", version(manifest.Program{Version: "v1.2.3", Commit: "abc", Go: "go1.26"}))
	require.Equal(t, "causalgrad (devel), commit abc with changes, go1.26\n", version(manifest.Program{Commit: "abc", Modified: true, Go: "go1.26"}))
	require.Equal(t, "causalgrad (devel), commit unknown to the build, go1.26\n", version(manifest.Program{Version: "(devel)", Go: "go1.26"}))
	a := ask("--version")
	require.Zero(t, a.code)
	require.Equal(t, version(manifest.Build()), a.out)
}
