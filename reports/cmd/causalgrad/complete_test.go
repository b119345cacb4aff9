package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
)

// completions asks for what may follow a line, whose last word may be empty.
func completions(t *testing.T, words ...string) (all []string, directive string) {
	t.Helper()
	a := ask(append([]string{"__complete"}, words...)...)
	require.Zero(t, a.code, a.err)
	lines := strings.Split(strings.TrimSuffix(a.out, "\n"), "\n")
	return lines[:len(lines)-1], lines[len(lines)-1]
}

func TestValuesAreCompleted(t *testing.T) {
	for line, want := range map[string]string{
		"check --format ":                         "text markdown csv json html latex",
		"check --table ob":                        "observed",
		"train --model r":                         "reduced",
		"train --optimizer ":                      "sgd adamw",
		"check --graph ra":                        "random random:uniform",
		"check --graph p":                         "parents:",
		"check --prior orb":                       "orbit:@ orbit:",
		"train --shifted st":                      "sticky:",
		"conform --law stationary-b":              "stationary-balance",
		"faults --law x,stationary-b":             "x,stationary-balance",
		"faults --mistake signal-t":               "signal-transposed",
		"conform --op evaluate,att":               "evaluate,attend",
		"reproduce figure-":                       "figure-2 figure-5 figure-6 figure-7 figure-8 figure-9",
		"reproduce single-chain many-graphs-07-f": "many-graphs-07-float32",
		"necessity A":                             "A4 A3 A1 A2 A0",
		"list con":                                "conditions",
		"list conditions A4":                      "A4 A4-trace",
		"list claims figure-9":                    "figure-9 figure-9-code",
		"report --parts nec":                      "necessity",
		"report --tables=claims,edg":              "claims,edges",
		"help wo":                                 "words",
		"check ":                                  "",
	} {
		t.Run(line, func(t *testing.T) {
			got, _ := completions(t, strings.Split(line, " ")...)
			require.Equal(t, strings.Fields(want), append([]string{}, got...))
		})
	}
}

func TestFilesAreCompletedBehindTheirMark(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"mine.json", "mine.npy", ".hidden"} {
		require.NoError(t, os.WriteFile(name, nil, 0o600))
	}
	require.NoError(t, os.Mkdir("more", 0o700))
	require.NoError(t, os.WriteFile(filepath.Join("more", "a.dot"), nil, 0o600))
	const open, shut, files, dirs = ":6", ":4", ":0", ":16"
	for _, c := range []struct{ line, want, directive string }{
		{"check --graph @", "@mine.json @mine.npy @more/", open},
		{"check --graph @mine.j", "@mine.json", shut},
		{"check --graph @more/", "@more/a.dot", shut},
		{"check --graph @nothing/", "", shut},
		{"check --graph adjacency-row-is-parent:@mine.n", "adjacency-row-is-parent:@mine.npy", shut},
		{"check --prior orbit:@mine.n", "orbit:@mine.npy", shut},
		{"check --prior point:mi", "point:mine.json point:mine.npy", shut},
		{"check --chain mi", "", files}, // the shell's own completion
		{"verify mi", "", files},
		{"reproduce --records mo", "", dirs},
		{"check --length ", "", shut},
	} {
		got, directive := completions(t, strings.Split(c.line, " ")...)
		require.Equal(t, strings.Fields(c.want), append([]string{}, got...), c.line)
		require.Equal(t, c.directive, directive, c.line)
	}
}

// A completer is of some flag or command.
func TestNoCompleterIsLeftOver(t *testing.T) {
	seen := map[string]bool{}
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		for _, c := range cmd.Commands() {
			seen[c.Name()] = true
			c.Flags().VisitAll(func(f *pflag.Flag) { seen["--"+f.Name] = true })
			visit(c)
		}
	}
	visit(newRoot())
	for name := range completers() {
		require.True(t, seen["--"+name], name)
	}
	for name := range folders {
		require.True(t, seen["--"+name], name)
	}
	for name := range arguments {
		require.True(t, seen[name], name)
	}
}
