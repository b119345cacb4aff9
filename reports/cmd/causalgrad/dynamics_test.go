package main

import (
	"encoding/json"
	"fmt"
	"testing"

	"causalgrad/golden/reference"
	"causalgrad/theory/close"

	"github.com/stretchr/testify/require"
)

// matrix is a matrix of a JSON document.
func matrix(t *testing.T, v any) [][]float64 {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	var m [][]float64
	require.NoError(t, json.Unmarshal(text, &m))
	return m
}

func requireMatrix(t *testing.T, got any, want [][]float64, what string) {
	t.Helper()
	var g, w []float64
	for i, row := range matrix(t, got) {
		require.Len(t, row, len(want[i]), what)
		g, w = append(g, row...), append(w, want[i]...)
	}
	require.NotEmpty(t, g, what)
	require.NoError(t, close.Within(close.RelativeError(g, w), 0, 0, 1e-10), what)
}

// TestDynamicsAreTheReferenceExamples: both commands, 1e-10 of the largest
// entry as in golden/reference.
func TestDynamicsAreTheReferenceExamples(t *testing.T) {
	read, err := reference.Open("dynamics_examples.json")
	require.NoError(t, err)
	for _, e := range read.(*reference.Dynamics).Examples {
		text := func(v any) string {
			b, err := json.Marshal(v)
			require.NoError(t, err)
			return string(b)
		}
		problem := []string{"--graph", e.Forest.String(), "--chain", text(e.Chain.Rows()), "--eps", fmt.Sprint(e.Eps)}
		d := document(t, 0, append([]string{"gradient", "--a1", file(t, "a1.json", text(e.A1))}, problem...)...)
		requireMatrix(t, d["a1_gradient"], e.FirstLayer, "a1_gradient")
		requireMatrix(t, d["a2_gradient"], e.SecondLayer, "a2_gradient")

		d = document(t, 0, append([]string{"dynamics", "--rate", fmt.Sprint(e.Stage1.Rate), "--beta0", fmt.Sprint(e.Stage1.Beta0),
			"--steps", fmt.Sprint(e.Stage1.Steps)}, problem...)...)
		require.Equal(t, "causalgrad/dynamics/1", d["schema"])
		steps := d["steps"].([]any)
		require.Len(t, steps, e.Stage1.Steps+1)
		for _, s := range steps {
			step := s.(map[string]any)
			switch step["step"] {
			case 1.0:
				requireMatrix(t, step["attention"], e.Stage1.First, "first")
			case float64(e.Stage1.Steps):
				requireMatrix(t, step["attention"], e.Stage1.Last, "last")
			}
		}
		require.Len(t, d["rows"], len(e.Forest.Edges()))
	}
}

func TestDynamicsDocument(t *testing.T) {
	common := []string{"dynamics", "--graph", "parents:-1,0,1,2", "--prior", "orbit:1,7", "--steps", "200", "--rate", "100"}
	d := document(t, 0, append(common, "--every", "64", "--flow")...)
	require.Equal(t, true, d["flow"])
	var steps []any
	for _, s := range d["steps"].([]any) {
		steps = append(steps, s.(map[string]any)["step"])
	}
	require.Equal(t, []any{0.0, 64.0, 128.0, 192.0, 200.0}, steps)
	row := d["rows"].([]any)[0].(map[string]any)
	require.ElementsMatch(t, []string{"child", "parent", "argmax", "final", "time_to_half", "time_to_0.99", "verdict"}, keys(t, row))
	require.Equal(t, 0.0, row["time_to_half"])
	require.Greater(t, row["final"], 0.5)

	sampled := document(t, 0, "dynamics", "--graph", "parents:-1,0,1", "--prior", "dirichlet:1", "--draws", "8", "--steps", "1", "--rate", "1")
	require.Equal(t, 8.0, sampled["draws"])
	row = sampled["rows"].([]any)[1].(map[string]any)
	require.Nil(t, row["time_to_0.99"], "one small step is not enough")
	require.Positive(t, row["stderr"])
	again := document(t, 0, "dynamics", "--graph", "parents:-1,0,1", "--prior", "dirichlet:1", "--draws", "8", "--steps", "1", "--rate", "1", "--seed", "2")
	require.NotEqual(t, sampled["steps"], again["steps"])

	text := ask(append(common, "--format", "text")...)
	require.Contains(t, text.out, "Attention after 200 steps")
	require.Contains(t, text.out, "in the limit of small beta0")
	require.NotContains(t, ask("dynamics", "--graph", "chain", "--length", "24", "--tokens", "2", "--draws", "4").out, "Attention after")
}

func TestGradientAtGivenLogits(t *testing.T) {
	ragged := document(t, 0, "gradient", "--graph", "parents:-1,0", "--prior", "orbit:1,7", "--a1", "[[0],[0.5,-1],[0,2,1]]")
	square := document(t, 0, "gradient", "--graph", "parents:-1,0", "--prior", "orbit:1,7", "--a1", file(t, "a.csv", "0,9,9\n0.5,-1,9\n0,2,1\n"))
	require.Equal(t, ragged["a1_gradient"], square["a1_gradient"], "what is above the diagonal does not count")
	require.Len(t, square["a2_gradient"], 3)
	require.NotContains(t, square, "a2_stderr")
	sampled := document(t, 0, "gradient", "--graph", "parents:-1,0", "--prior", "dirichlet:1", "--draws", "5", "--a1", "[[0],[0,0],[0,0,0]]")
	require.Subset(t, keys(t, sampled), []string{"a1_gradient", "a1_stderr", "a2_gradient", "a2_stderr"})
	requireMatrix(t, sampled["a1_gradient"], matrix(t, sampled["gradient"]), "at A1 = 0 it is the first gradient")
	for _, id := range []string{"Gradient in A1", "Gradient in A2"} {
		require.Contains(t, ask("gradient", "--graph", "parents:-1,0", "--prior", "orbit:1,7", "--a1", "[[0],[0,0],[0,0,0]]").out, id)
	}
}

func TestDynamicsRefuses(t *testing.T) {
	gradient := func(a1 string) answer { return ask("gradient", "--graph", "parents:-1,0", "--a1", a1) }
	requireRefused(t, gradient("[[0],[0,0]]"), "--a1", "2 rows, want 3")
	requireRefused(t, gradient("[[0],[0],[0,0,0]]"), "A1[1] has 1 entries")
	requireRefused(t, gradient("[[0],[0,0],[0,0,0,0]]"), "A1[2] has 4 entries")
	requireRefused(t, gradient("[[0],[0,null],[0,0,0]]"), "--a1", "null")
	requireRefused(t, gradient(file(t, "a.npy", "\x93NUMPYx")), "a.npy")
	requireRefused(t, gradient("no-such-file.json"), "no-such-file.json")
	requireRefused(t, ask("gradient", "--graph", "parents:-1,0", "--a1", "[[0],[0,0],[0,0,0]]", "--sample", "10"), "--a1 and --sample 10")
	for want, arguments := range map[string][]string{
		"--rate 0":        {"--rate", "0"},
		"--rate NaN":      {"--rate", "NaN"},
		"--beta0 -1":      {"--beta0", "-1"},
		"--steps 0":       {"--steps", "0"},
		"--every -1":      {"--every", "-1"},
		"eps = -1":        {"--eps", "-1"},
		"draws = 3":       {"--draws", "3"},
		"needs a forest":  {"--graph", "trigram-half"},
		"want 1 to 25000": {"--length", "2000", "--steps", "25001"},
	} {
		requireRefused(t, ask(append([]string{"dynamics"}, arguments...)...), want)
	}
}

// TestCheckFollowsStage1: the columns are those of the command dynamics at the
// ladder's rate.
func TestCheckFollowsStage1(t *testing.T) {
	problem := []string{"--graph", "parents:-1,0,1,2", "--prior", "orbit:1,7"}
	checked := document(t, 0, append([]string{"check"}, problem...)...)["stage1"].(map[string]any)
	require.Equal(t, 25000.0, checked["rate"])
	rows := checked["rows"].([]any)
	one := document(t, 0, append([]string{"dynamics", "--steps", "1"}, problem...)...)["rows"].([]any)
	many := document(t, 0, append([]string{"dynamics", "--steps", "1000"}, problem...)...)["rows"].([]any)
	require.Len(t, rows, 3)
	for n := range rows {
		require.Equal(t, one[n].(map[string]any)["final"], rows[n].(map[string]any)["final"])
		require.Equal(t, many[n].(map[string]any)["time_to_0.99"], rows[n].(map[string]any)["time_to_0.99"])
		require.NotNil(t, rows[n].(map[string]any)["time_to_0.99"])
	}
	require.Contains(t, ask(append([]string{"check"}, problem...)...).out, "steps to 0.99")
}

// A lead that the draws may have made decides nothing, a parent that leads by little is
// not learned yet, and time is not counted in steps.
func TestDynamicsClaimsNoMoreThanItKnows(t *testing.T) {
	small := []string{"dynamics", "--graph", "parents:-1,0,0,1,3", "--rate", "3"}
	few := document(t, 0, append(small, "--draws", "20")...)
	require.Regexp(t, `^Stage 1 is not shown to learn the graph: .* 3 undecided at 20 drawn chains; 0 of 4 reach`, few["answer"])
	var verdicts []any
	for _, row := range few["rows"].([]any) {
		verdicts = append(verdicts, row.(map[string]any)["verdict"])
	}
	require.Equal(t, []any{"holds", "undecided", "undecided", "undecided"}, verdicts)
	many := ask(append(small, "--prior", "orbit:1,7", "--steps", "1", "--flow")...)
	require.Contains(t, many.out, "Stage 1 begins to learn the graph: after 1 unit of time the parent has the most attention in 4 of 4")
	require.Contains(t, many.out, "Attention after 1 unit of time of stage 1 on orbit:1,7")
	require.NotContains(t, many.out, "undecided")
	require.Contains(t, ask("dynamics", "--graph", "parents:-1,0,0", "--chain", "[[0.8,0.2],[0.2,0.8]]").out, "Stage 1 does not learn the graph")
}
