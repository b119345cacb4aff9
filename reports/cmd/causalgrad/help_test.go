package main

import (
	"strings"
	"testing"

	"causalgrad/impl/model"
	"causalgrad/reports/page"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
)

// Each kind of model, prior and graph has its paragraph, and the commands that take
// one say where.
func TestTopics(t *testing.T) {
	for topic, kinds := range map[string][]string{"models": model.Kinds(), "priors": markov.Kinds(), "graphs": graph.Kinds()} {
		a := ask("help", topic)
		require.Zero(t, a.code, a.err)
		for _, kind := range kinds {
			require.Regexp(t, `(?m)^`+kind, a.out)
		}
		flag := strings.TrimSuffix(topic, "s")
		for _, c := range newRoot().Commands() {
			if f := c.Flags().Lookup(flag); f != nil {
				require.Contains(t, f.Usage, "causalgrad help "+topic, c.Name())
			}
		}
		require.Contains(t, ask("help").out, "causalgrad "+topic)
	}
}

// The glossary of the command is the page's.
func TestHelpWords(t *testing.T) {
	a := ask("help", "words")
	require.Zero(t, a.code)
	require.NotEmpty(t, page.Glossary())
	before := ""
	for _, term := range page.Glossary() {
		require.Less(t, before, strings.ToLower(term.Word), "in alphabetical order")
		before = strings.ToLower(term.Word)
		require.Contains(t, a.out, "\n"+term.Word+"\n  ")
	}
}

// Help is as wide as the terminal, and never so narrow that nobody reads it.
func TestHelpIsAsWideAsTheTerminal(t *testing.T) {
	for columns, most := range map[string]int{"40": 80, "80": 80, "100": 100, "200": 100} {
		t.Setenv("COLUMNS", columns)
		widest := 0
		for line := range strings.SplitSeq(ask("help", "words").out, "\n") {
			widest = max(widest, len([]rune(line)))
		}
		require.LessOrEqual(t, widest, most, columns)
		require.Greater(t, widest, most-10, columns)
	}
	t.Setenv("COLUMNS", "80")
	_, flags, _ := strings.Cut(ask("help", "check").out, "\nFlags:\n")
	for line := range strings.SplitSeq(flags, "\n") {
		require.LessOrEqual(t, len([]rune(line)), 80, line)
	}
}

func TestHelpOfSubcommands(t *testing.T) {
	a := ask("help", "sweep", "status")
	require.Zero(t, a.code)
	require.Contains(t, a.out, "causalgrad sweep status FILE")
	requireRefused(t, ask("help", "sweep", "statsu"), `did you mean "status"?`)
	require.Equal(t, ask("--help").out, ask("help").out)
}
