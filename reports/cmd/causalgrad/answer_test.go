package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causalgrad/reports/report"
	"causalgrad/theory/necessity"

	"github.com/stretchr/testify/require"
)

// answered are questions of milliseconds to commands that have an answer, with words of
// the answer.
func answered(t *testing.T) map[string][]string {
	grid := file(t, "grid.yaml", "base: {steps: 2, batch: 8, test_sequences: 64, length: 5}\ngrid: {seed: [1, 2]}\n")
	graph := []string{"--graph", "parents:-1,0,1,-1,3"}
	return map[string][]string{
		"No hypothesis of theorem 1 fails, but whether it applies is open: effective-length (long enough) is undecided; the first step " +
			"finds all 3 parents.": append([]string{"check", "--prior", "orbit:1,7"}, graph...),
		"Theorem 1 does not apply: A4 (constant mean) fails; the first step finds 0 of 3 parents (3 lose to the position itself).": append([]string{"check", "--chain", "[[0.8,0.2],[0.2,0.8]]"}, graph...),
		"The first step finds the graph: the parent is the largest entry in 3 of 3 rows":                                           append([]string{"gradient", "--prior", "orbit:1,7"}, graph...),
		"In the mean over 64 drawn chains the first step":                                                                          append([]string{"gradient", "--draws", "64"}, graph...),
		"The first step does not find the graph: the parent is the largest entry in 0":                                             append([]string{"gradient", "--chain", "[[0.8,0.2],[0.2,0.8]]"}, graph...),
		"Stage 1 learns the graph: after 9 steps the parent has the most attention in 3":                                           append([]string{"dynamics", "--prior", "orbit:1,7", "--steps", "9"}, graph...),
		"At T = 6 the count estimator is":                                                                                          append([]string{"loss", "--prior", "orbit:1,7"}, graph...),
		"The model has hardly begun to learn":                                                                                      append([]string{"train", "--steps", "2", "--batch", "8", "--test-sequences", "64"}, graph...),
		"The 200 sequences show ":                                                                                                  append([]string{"infer", "--simulate", "200"}, graph...),
		"From 50 sequences ": {"infer",
			"--simulate", "20,50", "--forests", "2", "--length", "5"},
		"All 2 cells have a record; 0 learned every edge, 2 have hardly begun to learn": {"sweep",
			grid, "--records", t.TempDir()},
		"The only law that could be tried holds for builtin.": {"conform", "--law", "measure-uniform", "--draws", "2"},
		"This implementation agrees: all ": {"verify",
			"../../../golden/reference/vec_stationary.json"},
	}
}

// TestTheFirstLineAnswers: the text begins with the answer, and the JSON has the same
// sentence. TestGoldenGradient has the other formats.
func TestTheFirstLineAnswers(t *testing.T) {
	for want, args := range answered(t) {
		a := ask(append(args, "--format", "json")...)
		var d struct {
			Answer string   `json:"answer"`
			Advice []string `json:"advice"`
			Schema string   `json:"schema"`
		}
		require.NoError(t, json.Unmarshal([]byte(a.out), &d), args)
		require.True(t, strings.HasPrefix(d.Answer, want), "%v: %s", args, d.Answer)
		require.True(t, strings.HasSuffix(d.Answer, "."), d.Answer)
		require.NotEmpty(t, d.Schema)
		said := strings.Join(append([]string{d.Answer}, d.Advice...), " ")
		text := strings.ReplaceAll(ask(args...).out, "\n", " ")
		require.True(t, strings.HasPrefix(text, said+"  "), "%s\nin\n%s", said, text)
	}
}

// TestInferEndsWithItsForest, which --graph reads.
func TestInferEndsWithItsForest(t *testing.T) {
	args := []string{"infer", "--simulate", "3000", "--graph", "parents:-1,0,0,1"}
	d := document(t, 0, args...)
	lines := strings.Split(strings.TrimSuffix(ask(args...).out, "\n"), "\n")
	require.Equal(t, "parents:-1,-1,0,1", lines[len(lines)-1], "position 1 is undecided by construction")
	require.Equal(t, "parents:-1,-1,0,1", d["graph"])
	require.NotContains(t, ask(append(args, "--format", "csv")...).out, "parents:")
	require.Zero(t, ask("gradient", "--prior", "orbit:1,7", "--graph", lines[len(lines)-1]).code)
}

// TestATrainingsJSONIsARecord: with its answer, a report of one's own records reads it.
func TestATrainingsJSONIsARecord(t *testing.T) {
	folder := t.TempDir()
	a := ask("train", "--graph", "parents:-1,0,1", "--steps", "2", "--batch", "8", "--test-sequences", "64", "--format", "json", "--out",
		filepath.Join(folder, "run.json"))
	require.Zero(t, a.code, a.err)
	data, err := os.ReadFile(filepath.Join(folder, "run.json"))
	require.NoError(t, err)
	require.Contains(t, string(data), `"answer":"The model`)
	all, err := report.LoadRuns(folder)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, 2, all[0].Record.Spec.Steps)
}

// TestNecessityAnswer: what was not found is not said to be proved.
func TestNecessityAnswer(t *testing.T) {
	d := necessityDocument{Outcomes: []necessity.Outcome{{Condition: necessity.None}, {Condition: "A4", Found: true}, {Condition: "A1"},
		{Condition: "A3"}}}
	require.Equal(t, "With all conditions kept no failure was found. The first step can miss the parent without A4 (proved). "+
		"Without A1 or A3 the search found no failure, which proves nothing.", d.Answer())
	d.Outcomes = []necessity.Outcome{{Condition: necessity.None, Found: true}}
	require.Equal(t, "The first step fails although no condition is dropped, so the theory or this program is wrong.", d.Answer())
}
