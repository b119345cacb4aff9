package props_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/props"
	"causalgrad/props/fault"
	"causalgrad/props/outcome"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// TestWhatAFailedLawPrints: the claim, the smallest case as flags of the command,
// what was expected, what came, by how much it misses, and how to see it again. The
// seed is fixed, since the text is compared.
func TestWhatAFailedLawPrints(t *testing.T) {
	planted, ok := fault.Find("signal-not-centred")
	require.True(t, ok)
	law, ok := props.Find("signal-definition")
	require.True(t, ok)
	broken := planted.Plant(props.Builtin())
	r := props.Run([]props.Law{law}, broken, props.Options{Seed: 7, Draws: 50})[0]
	require.Equal(t, outcome.Failed, r.Verdict)
	lines := strings.Split(r.String(), "\n")
	require.Len(t, lines, 8)
	require.Regexp(t, `^signal-definition: failed after \d+ draws$`, lines[0])
	require.Equal(t, "claim:    The signal is sum pi[a][b]/mu[b] (P(s_k=a, s_i=b) - mu[a] mu[b]). (theory/README.md, section 3)", lines[1])
	require.Equal(t, "case:     --graph parents:-1,0 --chain '[[0.5,0.5],[0.5,0.5]]'", lines[2])
	require.Equal(t, "what:     signal[1][0]", lines[3])
	// Independent fair tokens: 0, and 1 without the products subtracted.
	require.Regexp(t, `^expected: 0 within [0-9.e-]+$`, lines[4])
	require.Equal(t, "got:      1", lines[5])
	require.Regexp(t, `^off by:   [0-9.e+]+ times the tolerance$`, lines[6])
	require.Equal(t, "replay:   causalgrad conform --law signal-definition --seed 7 --draws 50", lines[7])
	require.Greater(t, r.Failure.OffBy, 1.0)

	// The case is in the command's grammar: it reads back, and it fails again.
	words := strings.Fields(r.Failure.Case)
	g, err := graph.Parse(words[1], 0, 1)
	require.NoError(t, err)
	c, err := markov.ReadChain(strings.Trim(words[3], "'"))
	require.NoError(t, err)
	signal, _, err := broken.(props.Informant).Information(g.(graph.Forest), c.Rows())
	require.NoError(t, err)
	require.Equal(t, 1.0, signal[1][0]) // powers of 2: no rounding
}

// TestResultsInWords: one draw is a draw, and what is lacking is a capability, which
// has no verb.
func TestResultsInWords(t *testing.T) {
	law := props.Law{ID: "law", Sentence: "It holds.", Source: "a test"}
	require.Equal(t, "law: passed (1 draw)", props.Result{Law: law, Verdict: outcome.Passed, Draws: 1}.String())
	require.Contains(t, props.Result{Law: law, Verdict: outcome.Failed, Draws: 1, Failure: &outcome.Counterexample{}}.String(), "law: failed after 1 draw\n")
	require.Equal(t, "law: not applicable (mine lacks the capability first_step)",
		props.Result{Law: law, Subject: "mine", Verdict: outcome.NotApplicable, Missing: props.CanFirstStep}.String())
}

// TestNotesAreComments: what no flag can say does not spoil a pasted line.
func TestNotesAreComments(t *testing.T) {
	planted, ok := fault.Find("estimate-without-alpha")
	require.True(t, ok)
	law, ok := props.Find("estimate-counts")
	require.True(t, ok)
	r := props.Run([]props.Law{law}, planted.Plant(props.Builtin()), props.Options{Seed: 7})[0]
	require.Equal(t, outcome.Failed, r.Verdict)
	flags, notes, found := strings.Cut(r.Failure.Case, " # ")
	require.True(t, found, r.Failure.Case)
	require.Contains(t, notes, "the estimator's alpha is ")
	require.NotContains(t, flags, "(")
}
