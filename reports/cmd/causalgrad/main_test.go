package main

import (
	"causalgrad/props"

	"testing"

	"github.com/stretchr/testify/require"
)

// Without a command, and with --help anywhere, the help comes and the code is 0.
func TestHelp(t *testing.T) {
	a := ask()
	require.Zero(t, a.code)
	require.Empty(t, a.err)
	for _, c := range newRoot().Commands() {
		require.Contains(t, a.out, c.Name())
		require.NotEmpty(t, c.Short, c.Name())
		if c.IsAdditionalHelpTopicCommand() {
			continue
		}
		help := ask(c.Name(), "--help")
		require.Zero(t, help.code, c.Name())
		require.Contains(t, help.out, c.Example, c.Name())
		require.NotEmpty(t, c.Example, c.Name())
	}
	require.Contains(t, ask("--help").out, "Exit codes: 0")
}

func TestListDocument(t *testing.T) {
	d := document(t, 0, "list")
	require.Equal(t, "causalgrad/list/1", d["schema"])
	require.Len(t, d["laws"], len(props.All()))
	for _, l := range listing {
		kind := l.kind
		require.NotEmpty(t, d[kind], kind)
		seen := map[any]bool{}
		for _, e := range d[kind].([]any) {
			require.ElementsMatch(t, []string{"id", "sentence"}, keys(t, e))
			id := e.(map[string]any)["id"]
			require.False(t, seen[id], "%s %v is listed twice", kind, id)
			seen[id] = true
		}
	}
}
