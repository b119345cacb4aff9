package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// chains are small files as other programs write them.
const chains = "../../../theory/markov/testdata/"

func TestNotesGoToStandardError(t *testing.T) {
	a := ask("gradient", "--length", "4", "--chain", chains+"06_counts.json", "--normalise")
	require.Zero(t, a.code, a.err)
	require.Equal(t, "note: file "+chains+"06_counts.json: rows are divided by their sums\n", a.err)
	a = ask("gradient", "--length", "4", "--chain", chains+"13_savetxt_default.txt")
	require.Zero(t, a.code, a.err)
	require.Empty(t, a.err)
	requireRefused(t, ask("gradient", "--length", "4", "--chain", chains+"06_counts.json"), "--normalise")
	requireRefused(t, ask("gradient", "--normalise"), `--normalise: prior "dirichlet:0.1" reads no file`)
}

// Whatever a user types, the refusal is one line of at most 300 characters that
// a terminal shows as it is, with the beginning and the reason.
func TestRefusalsAreShortLines(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, args := range [][]string{
		{"gradient", "--graph", "@" + long}, {"gradient", "--graph", "parents:-1,0," + long}, {"gradient", "--chain", long},
		{"gradient", "--prior", long},
		{"gradient", "--prior", "@\n0"}, {long}, {"gradient", "--" + long}, {"train", "--steps", "1", "--spec", long}, {"infer", long},
		{"infer", "\x1b[31m"},
		{"verify", long}, {"verify", "--weights", long + ".npz"}, {"gradient", "--graph", "@\x00\r\n"},
		{"gradient", "--chain", "[[1" + strings.Repeat(",1", 3000)},
	} {
		a := ask(args...)
		require.Equal(t, 2, a.code, args)
		require.LessOrEqual(t, len([]rune(a.err)), longestLine+1, a.err)
		require.Equal(t, 1, strings.Count(a.err, "\n"), a.err)
		require.NotContains(t, a.err, "\x1b")
	}
}

const graphs = "../../../theory/graph/graphfile/testdata/"

// Graphs that other programs wrote: read with a note, or refused for a forest's
// command with the position that has several parents.
func TestGraphFiles(t *testing.T) {
	a := ask("check", "--prior", "orbit:1,7", "--graph", "@"+graphs+"53_one_based.edges")
	require.Contains(t, a.err, "no line names position 0")
	a = ask("check", "--prior", "orbit:1,7", "--graph", "@"+graphs+"53_one_based.edges", "--order", "1,2,3,4,5,6")
	require.Contains(t, a.out, "parents:-1,0,0,1,-1,4")
	named := []string{"--graph", "@" + graphs + "43_named.dot", "--order", "rain,sprinkler,wet,slippery"}
	requireRefused(t, ask(append([]string{"check"}, named...)...),
		"position 2 (wet) has 2 parents, 0 (rain), 1 (sprinkler); this command needs a forest")
	a = ask(append([]string{"train", "--steps", "1", "--batch", "1", "--test-sequences", "2", "--lr", "0.01"}, named...)...)
	require.Zero(t, a.code, a.err)
	require.Contains(t, a.err, "nodes rain, sprinkler, wet, slippery are positions 0 to 2 and the target: T = 3")
	a = ask("check", "--graph", "@"+graphs+"25_parent_lists_6.json")
	requireRefused(t, a, "a forest of 6 positions is parents:-1,0,0,1,-1,4")
	require.NotContains(t, a.err, "several parents")
	requireRefused(t, ask("check", "--graph", "chain", "--order", "a,b"), "--order", "only a file")
}

const sequences = "../../../theory/infer/testdata/"

// The same sequences in six files give the same answer, or a refusal that names
// the flag with which they do.
func TestInferFiles(t *testing.T) {
	want := ask("infer", sequences+"base.csv")
	require.Zero(t, want.code, want.err)
	require.Empty(t, want.err)
	require.Contains(t, want.out, "S = 3: the largest token plus 1; tokens by how often they occur: 0: 1117, 1: 1067, 2: 1016")
	for file, note := range map[string]string{"01b_numeric_header.csv": "line 1 is a header", "02_bom.csv": "",
		"12_semicolon.csv": "semicolons", "26.npy": ""} {
		a := ask("infer", sequences+file)
		require.Equal(t, want.out, a.out, file)
		require.Contains(t, a.err, note, file)
		require.Equal(t, note != "", a.err != "", file)
	}
	requireRefused(t, ask("infer", sequences+"09_onebased.csv"), "09_onebased.csv", "token 0 never occurs", "--one-based")
	require.Equal(t, want.out, ask("infer", sequences+"09_onebased.csv", "--one-based").out)
	a := ask("infer", "--q", "2", sequences+"base.csv")
	requireRefused(t, a, "--q 2")
	require.NotContains(t, a.err, "base.csv", "the file is not to blame")
	requireRefused(t, ask("infer", "--simulate", "100", "--header"), "--header yes: it plays a part only with a FILE")
	requireRefused(t, ask("infer", sequences+"base.csv", "--separator", "::"), `separator "::"`)
}

const weightFixtures = "../../../impl/weights/testdata/"

// Weights go out in the official layout and come back; files of other programs
// are measured or refused for what they are.
func TestWeightFiles(t *testing.T) {
	out := filepath.Join(t.TempDir(), "w.npz")
	small := []string{"--steps", "1", "--batch", "1", "--test-sequences", "2", "--graph", "parents:-1,0,1", "--tokens", "3"}
	a := ask(append([]string{"train", "--weights-out", out, "--weights-layout", "official"}, small...)...)
	require.Zero(t, a.code, a.err)
	a = ask(append([]string{"train", "--weights-in", out}, small...)...)
	require.Zero(t, a.code, a.err)
	measure := []string{"verify", "--graph", "parents:-1,0,1", "--test-sequences", "2", "--weights"}
	for _, file := range []string{out, weightFixtures + "11b_stacked.npz", weightFixtures + "03_bf16.safetensors"} {
		a = ask(append(measure, file)...)
		require.Zero(t, a.code, a.err)
		require.Empty(t, a.err)
	}
	requireRefused(t, ask(append(measure, weightFixtures+"13_WT.npz")...), "W", "transposed", "want (d, S)")
	requireRefused(t, ask(append(measure, weightFixtures+"10_extra.npz")...), "--ignore данные")
	a = ask(append(measure, weightFixtures+"10_extra.npz", "--ignore", "данные")...)
	require.Zero(t, a.code, a.err)
	requireRefused(t, ask(append([]string{"train", "--prefix", "x."}, small...)...),
		"--prefix x.: it plays a part only with --weights-in FILE")
	requireRefused(t, ask(append([]string{"train", "--weights-out", out, "--weights-layout", "x"}, small...)...),
		`layout "x", want named or official`)
	requireRefused(t, ask(append(measure, file(t, "w.pt", "PK\x03\x04 data.pkl"))...), "is a Python pickle", "torch.load")
}

// What is decided in reading the files that a spec names is said too.
func TestNotesOfFilesThatASpecNames(t *testing.T) {
	text := "graph: '@" + graphs + "53_one_based.edges'\nprior: 'point:normalised:" + chains + "06_counts.json'\ntokens: 3\nlength: " +
		"8\nsteps: 1\nbatch: 1\ntest_sequences: 2\n"
	a := ask("train", "--spec", file(t, "s.yaml", text))
	require.Zero(t, a.code, a.err)
	require.Contains(t, a.err, "no line names position 0")
	require.Contains(t, a.err, "rows are divided by their sums")
}

func TestLimitsOfDrawsAndWorkers(t *testing.T) {
	for _, command := range []string{"check", "gradient", "loss", "dynamics"} {
		requireRefused(t, ask(command, "--length", "4", "--draws", "9223372036854775807"), "--draws 9223372036854775807, want at most 10000000")
	}
	requireRefused(t, ask("faults", "--workers", "1025"), "--workers 1025: want 0 to 1024")
}

// Messages name what a user wrote, not what Go calls it.
func TestMessagesHaveNoNamesOfGo(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"train", "--steps", "x"}, `"x" is no integer`},
		{[]string{"train", "--steps", "99999999999999999999"}, `is out of range`},
		{[]string{"train", "--lr", "x", "--steps", "1"}, `"x" is no number`},
		{[]string{"train", "--seed", "-1", "--steps", "1"}, `"-1" is no integer from 0`},
		{[]string{"train", "--heads", "1,x", "--steps", "1"}, `"x" is no integer`},
		{[]string{"infer", "--shared-chain=x", "f"}, `"x" is neither true nor false`},
		{[]string{"fingerprint", file(t, "f.json", `{"schema":5}`)}, "schema is a number, want a text"},
		{[]string{"regions", "--check", file(t, "c", `{"certificate":{"schema":[]}}`)}, "certificate.schema is a list, want a text"},
	} {
		a := ask(c.args...)
		requireRefused(t, a, c.want)
		require.NotContains(t, a.err, "strconv")
		require.NotContains(t, a.err, "Go ")
	}
}
