package props

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fusedInstruction matches a fused multiply-add in a compiler listing of arm64
// or amd64 and the source line that it came from.
var fusedInstruction = regexp.MustCompile(`\((\S+\.go):(\d+)\)\s+(?:FN?M(?:ADD|SUB)[SD]|VFN?M(?:ADD|SUB)\d+S[SD])\s`)

// TestNoFusedInstructionOutsideFMA compiles the deterministic path for targets
// whose compiler may fuse x*y + z, and finds every fused instruction on a line
// that asks for it with math.FMA. A product that is added must be written
// float64(x*y).
func TestNoFusedInstructionOutsideFMA(t *testing.T) {
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("skipped: there is no go command on PATH to compile with")
	}
	asked := os.Getenv("CAUSALGRAD_FUSION")
	if asked == "" {
		t.Skip("skipped: compiling the standard library for arm64 takes a quarter of a cold run of the tests; make lint, make nightly and make determinism set CAUSALGRAD_FUSION")
	}
	targets := [][]string{{"GOARCH=arm64"}}
	if asked == "all" { // make determinism; one more standard library to compile
		targets = append(targets, []string{"GOARCH=amd64", "GOAMD64=v3"})
	}
	for _, target := range targets {
		t.Run(strings.Join(target, " "), func(t *testing.T) {
			build := exec.Command(tool, "build", "-gcflags=-S", "./theory/...", "./impl/...")
			build.Dir, build.Env = "..", append(append(os.Environ(), "CGO_ENABLED=0"), target...)
			listing, err := build.CombinedOutput()
			require.NoError(t, err, "%s", listing[:min(len(listing), 2000)])
			fused := 0
			lines := map[string][][]byte{} // source files, only looked up
			for _, m := range fusedInstruction.FindAllSubmatch(listing, -1) {
				file := string(m[1])
				if strings.Contains(file, "gonum.org") {
					continue // inlined from an oracle's library: not on the deterministic path
				}
				if lines[file] == nil {
					source, err := os.ReadFile(file)
					require.NoError(t, err)
					lines[file] = bytes.Split(source, []byte("\n"))
				}
				number, err := strconv.Atoi(string(m[2]))
				require.NoError(t, err)
				fused++
				line := lines[file][number-1]
				if !bytes.Contains(line, []byte("math.FMA")) {
					t.Errorf("%s:%d fuses a product that is not written float64(x*y): %s", file, number, bytes.TrimSpace(line))
				}
			}
			require.Positive(t, fused, "the listing shows no fused instruction at all: the test looks at nothing")
		})
	}
}
