package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// small is a training run of a few milliseconds.
func small(more ...string) []string {
	return append([]string{"train", "--graph", "parents:-1,0,0", "--steps", "4", "--batch", "32", "--test-sequences", "300"}, more...)
}

// The record has the fields that are promised, losses with standard errors.
func TestTrainDocument(t *testing.T) {
	d := document(t, 0, small("--shifted", "dirichlet:1", "--shifted", "sticky:0.9,1")...)
	require.Subset(t, keys(t, d), []string{"schema", "spec", "final", "edges", "ood", "curve"})
	require.Equal(t, "causalgrad/record/1", d["schema"])
	spec := d["spec"].(map[string]any)
	require.Equal(t, "parents:-1,0,0", spec["graph"])
	require.Equal(t, []any{4.0, 4.0, 3.0, 32.0, 300.0}, []any{spec["length"], spec["steps"], spec["tokens"], spec["batch"], spec["test_sequences"]})
	require.Equal(t, []any{"disentangled", []any{1.0, 1.0}, "sgd", 1.0, "constant", "dirichlet:0.1"},
		[]any{spec["model"], spec["heads"], spec["optimizer"], spec["lr"], spec["schedule"], spec["prior"]}, "the documented defaults")

	for _, losses := range append(d["ood"].([]any), d["final"]) {
		require.Subset(t, keys(t, losses), []string{"prior", "loss", "irreducible", "count_estimator", "sup_error"})
		for _, name := range []string{"loss", "irreducible", "count_estimator", "sup_error"} {
			require.ElementsMatch(t, []string{"value", "stderr"}, keys(t, losses.(map[string]any)[name]), name)
		}
	}
	require.Len(t, d["ood"], 2)
	require.Equal(t, "sticky:0.9,1", d["ood"].([]any)[1].(map[string]any)["prior"])

	edges := d["edges"].(map[string]any)
	require.ElementsMatch(t, []string{"position_block", "attention", "argmax_accuracy"}, keys(t, edges))
	for _, sense := range []string{"position_block", "attention"} {
		require.Subset(t, keys(t, edges[sense]), []string{"mean", "min", "weights"})
		require.Len(t, edges[sense].(map[string]any)["weights"], 2, "one weight an edge")
	}
	require.Equal(t, edges["position_block"].(map[string]any)["argmax_accuracy"], edges["argmax_accuracy"])

	curve := d["curve"].([]any)
	require.Len(t, curve, 4, "steps 0, 1, 2 and 4")
	require.Subset(t, keys(t, curve[0]), []string{"step", "loss"})
	require.Equal(t, 4.0, curve[3].(map[string]any)["step"])
}

// Models without a position-position block report the attention on data, and a
// run without other priors an empty list.
func TestTrainDocumentOfTheTransformer(t *testing.T) {
	d := document(t, 0, small("--model", "transformer", "--optimizer", "adamw", "--lr", "0.01")...)
	edges := d["edges"].(map[string]any)
	require.ElementsMatch(t, []string{"attention", "argmax_accuracy"}, keys(t, edges))
	require.Equal(t, edges["attention"].(map[string]any)["argmax_accuracy"], edges["argmax_accuracy"])
	require.Equal(t, []any{}, d["ood"])
}

// The same flags give the same record, whatever the number of workers;
// another seed gives another one.
func TestTrainIsAFunctionOfItsFlags(t *testing.T) {
	record := func(more ...string) string {
		d := document(t, 0, small(more...)...)
		delete(d, "provenance")
		delete(d["spec"].(map[string]any), "seed")
		text, err := json.Marshal(d)
		require.NoError(t, err)
		return string(text)
	}
	want := record("--workers", "1")
	for _, workers := range []string{"2", "3", "8"} {
		require.Equal(t, want, record("--workers", workers))
	}
	require.NotEqual(t, want, record("--seed", "2"))
}

func TestTrainFormats(t *testing.T) {
	for format, mark := range map[string]string{"text": "Final loss", "markdown": "| run ", "csv": "run,steps", "html": "<table", "latex": `\begin{tabular`} {
		a := ask(small("--format", format)...)
		require.Zero(t, a.code, a.err)
		require.Empty(t, a.err, "no progress bar outside a terminal")
		require.Contains(t, a.out, mark, format)
	}
}

// A run that diverges says so and exits 1: with its record where the loss stayed
// finite, without one where it did not.
func TestATrainingThatDivergesFails(t *testing.T) {
	a := ask(small("--lr", "1e9", "--steps", "30")...)
	require.Equal(t, 1, a.code, a.err)
	require.Contains(t, a.err, "training diverged: the loss after 30 steps is")
	require.Contains(t, a.out, "Final loss")
	a = ask(small("--model", "transformer", "--optimizer", "sgd", "--lr", "1e12", "--steps", "30")...)
	require.Equal(t, 1, a.code, a.err)
	require.Contains(t, a.err, "training diverged")
	require.Zero(t, ask(small()...).code)
}

// After few steps the attention has no argmax yet.
func TestATrainingOfFewStepsSaysSo(t *testing.T) {
	a := ask(small()...)
	require.Zero(t, a.code, a.err)
	require.Contains(t, a.out, "too few steps")
	require.NotContains(t, a.out, "0.000")
}
