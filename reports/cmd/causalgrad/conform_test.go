package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/props/conform"

	"github.com/stretchr/testify/require"
)

// roleVariable makes the test binary an implementation behind a command: it
// answers measure rightly and stationary in its role.
const roleVariable = "CAUSALGRAD_CONFORM_ROLE"

func init() {
	if role := os.Getenv(roleVariable); role != "" {
		play(role)
		os.Exit(0)
	}
}

// twoThings is the built-in subject with two of its capabilities.
type twoThings struct{ props.Subject }

func (twoThings) Name() string { return "two things" }
func (twoThings) Can(c props.Capability) bool {
	return c == props.CanStationary || c == props.CanMeasure
}

// Stationary and Measure are what conform.Serve looks for.
func (s twoThings) Stationary(chain [][]float64) ([]float64, error) {
	return s.Subject.(props.Stationary).Stationary(chain)
}

func (s twoThings) Measure(b *task.Batch, f []float64) (props.Measurement, error) {
	return s.Subject.(props.Measurer).Measure(b, f)
}

// inSingle rounds what it answers to single precision and does not say so.
type inSingle struct{ twoThings }

func (s inSingle) Stationary(chain [][]float64) ([]float64, error) {
	mu, err := s.twoThings.Stationary(chain)
	for i, m := range mu {
		mu[i] = float64(float32(m))
	}
	return mu, err
}

func play(role string) {
	right := twoThings{props.Builtin()}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	for in.Scan() {
		var q struct {
			ID   int64  `json:"id"`
			Op   string `json:"op"`
			Args struct {
				Chain [][]float64 `json:"chain"`
			} `json:"args"`
		}
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			os.Exit(4)
		}
		kind, text, _ := strings.Cut(role, "=")
		switch {
		case kind == "single":
			if err := conform.Serve(strings.NewReader(in.Text()+"\n"), os.Stdout, inSingle{right}); err != nil {
				os.Exit(5)
			}
		case q.Op == "hello" || kind == "right" || (q.Op == string(props.CanMeasure)) == (kind != "signal"):
			if err := conform.Serve(strings.NewReader(in.Text()+"\n"), os.Stdout, right); err != nil {
				os.Exit(5)
			}
		case kind == "crash":
			fmt.Fprintln(os.Stderr, "Traceback:\n  out of memory")
			os.Exit(3)
		case kind == "signal": // whoever asks gets it
			if parent, err := os.FindProcess(os.Getppid()); err == nil {
				_ = parent.Signal(map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM}[text])
			}
			time.Sleep(time.Hour) // until it is killed
		case kind == "hang":
			time.Sleep(time.Hour) // until it is killed
		case kind == "line":
			fmt.Println(text)
		case kind == "nan":
			fmt.Printf("{\"id\": %d, \"result\": [NaN%s]}\n", q.ID, strings.Repeat(", 0", len(q.Args.Chain)-1))
		case kind == "result":
			fmt.Printf("{\"id\": %d, \"result\": %s}\n", q.ID, text)
		}
	}
}

// conformTwo runs two laws, one of each capability, on a role.
func conformTwo(t *testing.T, role string, flags ...string) answer {
	t.Helper()
	t.Setenv(roleVariable, role)
	self, err := os.Executable()
	require.NoError(t, err)
	args := []string{"conform", "--law", "stationary-balance", "--law", "measure-uniform", "--draws", "3"}
	return ask(slices.Concat(args, flags, []string{"--", self})...)
}

// TestConformMisbehaviour: whatever a command does wrong is one clear line on
// standard error, with the law's failure in full on standard output, and the
// other law is still tested.
func TestConformMisbehaviour(t *testing.T) {
	for _, c := range []struct {
		role, want string
		flags      []string
	}{
		{"hang", "stationary: no answer in time (1s)", []string{"--timeout", "1s"}},
		{"crash", "stationary: the command ended: exit status 3; on standard error: Traceback: out of memory", nil},
		{"line=loading weights...", `stationary: printed "loading weights...", want a reply as one line of JSON`, nil},
		{"nan", "stationary: result[0] is NaN", nil},
		{"result=[0.5]", "stationary: result has 1 numbers, want ", nil},
	} {
		a := conformTwo(t, c.role, c.flags...)
		require.Equal(t, 1, a.code, c.role)
		require.Equal(t, 1, strings.Count(a.err, "\n"), "%s: %s", c.role, a.err)
		require.Contains(t, a.err, c.want, c.role)
		require.Contains(t, a.out, "stationary-balance FAILED after 0 draws\n  claim     The stationary distribution", c.role)
		require.Contains(t, a.out, strings.TrimPrefix(c.want, "stationary: "), c.role)
		require.Regexp(t, `(?m)^ measure +1 +1 +0 +0 +0 +0 +3 +pass`, a.out, c.role)
	}
}

// TestConformSlow: a slow answer is noted and counts as any other.
func TestConformSlow(t *testing.T) {
	a := conformTwo(t, "right", "--slow", "1ns")
	require.Zero(t, a.code, a.out)
	require.Equal(t, 2, strings.Count(a.err, "\n"), a.err)
	require.Contains(t, a.err, "stationary: slow: an answer took ")
	require.Contains(t, a.err, "measure: slow: an answer took ")
	require.Empty(t, conformTwo(t, "right", "--slow", "1h").err)
}

// TestConformStopped: a signal ends the run at once, with the laws judged before
// it, printed and saved, and a code that names it.
func TestConformStopped(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // one law at a time: the first is judged when the second is asked
	for name, code := range map[string]int{"INT": 130, "TERM": 143} {
		saved := filepath.Join(t.TempDir(), "saved.json")
		a := conformTwo(t, "signal="+name, "--format", "json", "-o", saved)
		require.Equal(t, code, a.code, a.err)
		require.Contains(t, a.err, "with 1 of 2 laws judged and printed")
		text, err := os.ReadFile(saved)
		require.NoError(t, err)
		require.Contains(t, string(text), `"unjudged":1`)
		require.Contains(t, string(text), `"id":"stationary-balance"`)
		require.NotContains(t, string(text), `"id":"measure-uniform"`)
	}
	require.Contains(t, conformTwo(t, "signal=INT").out, "stopped before 1 more laws were judged")
}

func TestConformRefuses(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	requireRefused(t, ask("conform", "--law", "gravity"), `--law "gravity"`, "causalgrad list")
	requireRefused(t, ask("conform", "--draws", "0"), "--draws 0", "1 to 100000")
	requireRefused(t, ask("conform", "--draws", "9223372036854775807"), "--draws 9223372036854775807", "1 to 100000")
	requireRefused(t, ask("conform", "--shrinks", "9223372036854775807"), "--shrinks", "0 to 1000000")
	requireRefused(t, ask("conform", "--timeout", "0s"), "--timeout 0s")
	requireRefused(t, ask("conform", "--format", "tune"), `"tune"`)
	requireRefused(t, ask("conform", "python3"), `argument "python3"`, "--")
	requireRefused(t, ask("conform", "--"), "no command after --")
	requireRefused(t, ask("conform", "--", filepath.Join(t.TempDir(), "nothing")), "nothing", "no such file")
	requireRefused(t, ask("conform", "--", self, "-test.run", "^$"), "hello: printed")
	requireRefused(t, ask("conform", "--compare"), "no files")
	requireRefused(t, ask("conform", "--compare", file(t, "a.json", `{"schema": "other/1"}`)), "a.json", `schema = "other/1"`)
	requireRefused(t, ask("conform", "--compare", file(t, "a.json", `{`)), "a.json", "conform --format json")
}

// TestConformDocument: the document of a run, and that --compare reads it.
func TestConformDocument(t *testing.T) {
	d := document(t, 0, "conform", "--law", "stationary-balance", "--draws", "7", "--seed", "5")
	require.Equal(t, "causalgrad/conform/1", d["schema"])
	require.ElementsMatch(t, []string{"answer", "schema", "subject", "roundoff", "seed", "draws", "false_alarm", "counts", "laws", "incidents", "coverage", "classes"}, keys(t, d))
	law := d["laws"].([]any)[0].(map[string]any)
	require.Equal(t, "passed", law["verdict"])
	require.EqualValues(t, 7, law["draws"])

	builtin := filepath.Join(t.TempDir(), "builtin.json")
	require.Zero(t, ask("conform", "--law", "stationary-balance", "--law", "measure-uniform", "--draws", "2", "--format", "json", "-o", builtin).code)
	broken := file(t, "broken.json", conformTwo(t, "result=[0.4, 0.6]", "--format", "json").out)
	a := ask("conform", "--compare", builtin, broken)
	require.Equal(t, 1, a.code, a.err)
	require.Regexp(t, `(?m)^ two things +1\.11e-16 +1 +1 +0 +0 +0 +FAIL +stationary-balance`, a.out)
	require.Regexp(t, `(?m)^ stationary-balance +pass +FAIL`, a.out)
	require.Regexp(t, `(?m)^ measure-uniform +pass +pass`, a.out)
	requireRefused(t, ask("conform", "--compare", builtin, builtin), `two runs of the subject "builtin"`)
}

// TestConformReport: the findings as documents, each with what its answers look
// like and a command that replays it.
func TestConformReport(t *testing.T) {
	folder := t.TempDir()
	markdown, page := filepath.Join(folder, "findings.md"), filepath.Join(folder, "findings.html")
	a := conformTwo(t, "single", "--report", markdown)
	require.Equal(t, 1, a.code, a.err)
	require.Contains(t, a.out, "  hint      fits single precision, off by up to ")
	text, err := os.ReadFile(markdown)
	require.NoError(t, err)
	for _, part := range []string{"# Findings on two things\n\n1 of 2 laws that could be tried fail", "## 1. fits single precision", "\n    claim     The stationary", "\n    expected  ",
		"\n    replay    causalgrad conform --law stationary-balance --seed 1 --draws 3 -- ", "| laws that need "} {
		require.Contains(t, string(text), part)
	}
	require.Equal(t, 1, conformTwo(t, "result=[0.4, 0.6]", "--report", page).code)
	text, err = os.ReadFile(page)
	require.NoError(t, err)
	require.Contains(t, string(text), "<h1>Findings on two things</h1>")
	require.Contains(t, string(text), "<pre>claim     The stationary")
	require.NotContains(t, string(text), "\n| laws")
	require.Zero(t, conformTwo(t, "right", "--report", markdown).code)
	text, err = os.ReadFile(markdown)
	require.NoError(t, err)
	require.Contains(t, string(text), "There are none.")
	requireRefused(t, ask("conform", "--report", "findings.docx"), "--report", ".md or .html")
}

// TestConformNew: a skeleton is written once, runs, and is no pass while it covers
// nothing.
func TestConformNew(t *testing.T) {
	name := filepath.Join(t.TempDir(), "mine.py")
	a := ask("conform", "--new", name, "--op", "stationary,measure")
	require.Zero(t, a.code, a.err)
	require.Contains(t, a.out, "causalgrad conform -- python3 "+name)
	requireRefused(t, ask("conform", "--new", name), "mine.py", "file exists")
	requireRefused(t, ask("conform", "--new", name+"2", "--op", "telepathy"), "--op", `"telepathy"`, "stationary")
	if err := exec.Command("python3", "--version").Run(); err != nil {
		t.Skipf("python3: %v", err)
	}
	a = ask("conform", "--law", "stationary-balance", "--", "python3", name)
	require.Equal(t, 2, a.code)
	require.Contains(t, a.err, "mine.py: no law could be tried")
	require.Contains(t, a.out, "stationary is not written yet")
}

// TestConformReplay: the printed command finds the same case again.
func TestConformReplay(t *testing.T) {
	a := conformTwo(t, "result=[0.4, 0.6]", "--seed", "9", "--shrinks", "40", "--timeout", "20s")
	_, replay, found := strings.Cut(a.out, "  replay    causalgrad ")
	require.True(t, found, a.out)
	replay, _, _ = strings.Cut(replay, "\n")
	require.Contains(t, replay, "--seed 9 --draws 3 --shrinks 40 --timeout 20s -- ")
	again := ask(strings.Fields(replay)...)
	require.Equal(t, 1, again.code)
	failure := strings.Split(a.out, "\n\n")[1] // after the answer
	require.Contains(t, failure, "  replay ")
	require.Equal(t, failure, strings.Split(again.out, "\n\n")[1])
}
