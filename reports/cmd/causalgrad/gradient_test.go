package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"causalgrad/golden/reference"
	"causalgrad/theory/close"

	"github.com/stretchr/testify/require"
)

// The exact gradient is within 4e-14 of its largest entry (see firststep), the
// signal and the information within T products of S x S matrices.
const gradientTolerance = 1e-12

func TestGradientIsTheReferenceExamples(t *testing.T) {
	read, err := reference.Open("gradient_examples.json")
	require.NoError(t, err)
	examples := read.(*reference.Gradients).Examples
	require.NotEmpty(t, examples)
	for _, e := range examples {
		chain, err := json.Marshal(e.Chain.Rows())
		require.NoError(t, err)
		a := ask("gradient", "--graph", e.Forest.String(), "--chain", file(t, "pi.json", string(chain)),
			"--eps", strconv.FormatFloat(e.Eps, 'g', -1, 64), "--format", "json")
		require.Zero(t, a.code, a.err)
		var got gradientDocument
		require.NoError(t, json.Unmarshal([]byte(a.out), &got))
		require.Equal(t, e.Forest.Parents(), got.Graph.Parents)
		for name, pair := range map[string][2][][]float64{"gradient": {got.Gradient, e.Gradient}, "signal": {got.Signal, e.Signal}, "chi2": {got.Chi2, e.Information}} {
			require.Len(t, pair[0], len(pair[1]), name)
			var flat [2][]float64
			for i := range pair[1] {
				require.Len(t, pair[0][i], len(pair[1][i]), name)
				flat[0], flat[1] = append(flat[0], pair[0][i]...), append(flat[1], pair[1][i]...)
			}
			require.NoError(t, close.Within(close.RelativeError(flat[0], flat[1]), 0, 0, gradientTolerance), "%s of %s", name, e.Forest)
		}
		for _, row := range got.Rows {
			require.Equal(t, e.Forest.Parent(row.Child), row.Parent)
			best, second := 0, -1 // the argmax and the margin, from the reference's own matrix
			for k := range row.Child + 1 {
				if e.Gradient[row.Child][k] > e.Gradient[row.Child][best] {
					best = k
				}
				if k != row.Parent && (second < 0 || e.Gradient[row.Child][k] > e.Gradient[row.Child][second]) {
					second = k
				}
			}
			require.Equal(t, best, row.Argmax)
			require.NoError(t, close.Within(row.Margin, e.Gradient[row.Child][row.Parent]-e.Gradient[row.Child][second], 0, gradientTolerance))
		}
		require.Len(t, got.Rows, len(e.Forest.Edges()))
	}
}

// The file forms of one chain give one answer.
func TestGradientReadsCSVAsJSON(t *testing.T) {
	from := func(name, content string) string {
		d := document(t, 0, "gradient", "--graph", "parents:-1,0,0", "--chain", file(t, name, content))
		delete(d, "prior") // names the file
		text, err := json.Marshal(d)
		require.NoError(t, err)
		return string(text)
	}
	want := from("pi.json", "[[0.5,0.5],[0.25,0.75]]")
	require.Equal(t, want, from("pi.csv", "0.5,0.5\n0.25,0.75\n"))
	require.NotEqual(t, want, from("pi.csv", "0.5,0.5\n0.75,0.25\n"))
}

func TestGradientDocument(t *testing.T) {
	exact := document(t, 0, "gradient", "--graph", "parents:-1,0,0", "--prior", "orbit:1,7")
	require.ElementsMatch(t, []string{"answer", "schema", "graph", "tokens", "length", "eps", "prior", "signal", "chi2", "gradient", "rows"}, keys(t, exact))
	require.Equal(t, "causalgrad/gradient/1", exact["schema"])
	require.ElementsMatch(t, []string{"parents"}, keys(t, exact["graph"]))
	require.ElementsMatch(t, []string{"child", "parent", "argmax", "margin", "rounding", "verdict"}, keys(t, exact["rows"].([]any)[0]))
	require.Len(t, exact["gradient"], 4, "T rows")
	require.Len(t, exact["signal"], 3, "T-1 rows")

	sampled := document(t, 0, "gradient", "--graph", "parents:-1,0,0", "--prior", "dirichlet:1", "--draws", "20")
	require.Subset(t, keys(t, sampled), []string{"stderr", "draws"}, "a sampled prior has standard errors")
	require.Equal(t, 20.0, sampled["draws"])
	again := document(t, 0, "gradient", "--graph", "parents:-1,0,0", "--prior", "dirichlet:1", "--draws", "20")
	require.Equal(t, sampled, again)
	other := document(t, 0, "gradient", "--graph", "parents:-1,0,0", "--prior", "dirichlet:1", "--draws", "20", "--seed", "2")
	require.NotEqual(t, sampled["gradient"], other["gradient"])
}

// A margin that the draws may have made decides nothing, in words too, and what is
// estimated is not called exact.
func TestGradientOfFewDrawsIsUndecided(t *testing.T) {
	problem := []string{"gradient", "--graph", "parents:-1,0,0", "--prior", "dirichlet:1"}
	verdicts := func(args ...string) map[any]int {
		count := map[any]int{}
		d := document(t, 0, append(args, problem[1:]...)...)
		for _, r := range d["rows"].([]any) {
			row := r.(map[string]any)
			errors := d["stderr"].([]any)[int(row["child"].(float64))].([]any)[:int(row["child"].(float64))+1]
			least := errors[int(row["parent"].(float64))].(float64)
			require.Greater(t, row["stderr"].(float64), least)
			if row["verdict"] != "undecided" {
				require.Greater(t, math.Abs(row["margin"].(float64)), 2*row["stderr"].(float64))
			}
			count[row["verdict"]]++
		}
		return count
	}
	require.Equal(t, map[any]int{"undecided": 2}, verdicts("gradient", "--sample", "10"))
	requireRefused(t, ask(append(problem, "--sample", "0")...), "--sample: 0 sequences, want 2 to")
	require.Equal(t, map[any]int{"holds": 2}, verdicts("gradient", "--sample", "20000"))
	require.Equal(t, map[any]int{"holds": 2}, verdicts("gradient", "--draws", "400"))
	require.Equal(t, map[any]int{"holds": 1, "undecided": 1}, verdicts("gradient", "--draws", "40", "--embedding", "gaussian:256,1"))

	few := strings.ReplaceAll(ask(append(problem, "--sample", "10")...).out, "\n", " ")
	require.Contains(t, few, "From 10 sequences the first step is not shown to find the graph: the parent is the largest entry in 0 of 2 rows, 2 undecided at so many;")
	require.Contains(t, few, "First-step gradient in A1, estimated from 10 sequences, on dirichlet:1")
	require.NotContains(t, few, "xact")
	require.Contains(t, ask(append(problem, "--draws", "10")...).out, "Rows of the exact first-step gradient, mean over 10 drawn chains, on dirichlet:1")
}

// Every format of one small answer, byte for byte.
func TestGoldenGradient(t *testing.T) {
	chain := "@" + filepath.Join("testdata", "pi.json") // with the @ of other flags
	for format, extension := range map[string]string{"text": "txt", "markdown": "md", "csv": "csv", "json": "json", "html": "html", "latex": "tex"} {
		args := []string{"gradient", "--graph", "parents:-1,0,0", "--chain", chain, "--format", format}
		a := ask(args...)
		require.Zero(t, a.code, a.err)
		compare(t, "gradient."+extension, strings.ReplaceAll(a.out, `testdata\`, `testdata/`))
		// The same into a file; standard output stays empty.
		out := filepath.Join(t.TempDir(), "new", "answer")
		b := ask(append(args, "--out", out)...)
		require.Equal(t, answer{}, b)
		written, err := os.ReadFile(out)
		require.NoError(t, err)
		require.Equal(t, a.out, string(written))
	}
}

// A chain that moves with rates of 2^-45 leaves margins that rounding may have
// made: they decide nothing, in words too.
func TestGradientOfASlowChainIsUndecided(t *testing.T) {
	for power, want := range map[int]string{-10: "fails", -45: "undecided"} {
		rate := math.Ldexp(1, power)
		pi := fmt.Sprintf("[[%.17g,%.17g],[%.17g,%.17g]]", 1-rate, rate, rate, 1-rate)
		d := document(t, 0, "gradient", "--graph", "parents:-1,0,1,2,3", "--chain", pi)
		for _, r := range d["rows"].([]any) {
			row := r.(map[string]any)
			require.Equal(t, want, row["verdict"], "2^%d, child %v", power, row["child"])
			require.Equal(t, want == "undecided", math.Abs(row["margin"].(float64)) <= row["rounding"].(float64))
		}
		require.Contains(t, ask("gradient", "--graph", "parents:-1,0,1,2,3", "--chain", pi).out, want)
	}
}
