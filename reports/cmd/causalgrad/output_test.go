package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causalgrad/reports/table"

	"github.com/stretchr/testify/require"
)

// The ending of --out says the format where --format does not; both together must
// agree, and an ending that says nothing leaves text.
func TestFormatFollowsTheEnding(t *testing.T) {
	folder := t.TempDir()
	line := strings.Fields("loss --graph chain --length 4 --prior orbit:1,7")
	for name, format := range map[string]table.Format{"a.tex": table.FormatLaTeX, "a.md": table.FormatMarkdown, "a.csv": table.FormatCSV,
		"a.JSON": table.FormatJSON, "a.html": table.FormatHTML, "a.txt": table.FormatText, "a": table.FormatText, "a.log": table.FormatText} {
		want := ask(append(line, "--format", string(format))...)
		require.Zero(t, want.code, want.err)
		out := filepath.Join(folder, name)
		require.Equal(t, answer{}, ask(append(line, "-o", out)...))
		require.Equal(t, answer{}, ask(append(line, "-o", out, "--format", string(format))...))
		written, err := os.ReadFile(out)
		require.NoError(t, err)
		require.Equal(t, want.out, string(written), name)
	}
	requireRefused(t, ask(append(line, "-o", filepath.Join(folder, "b.csv"), "--format", "json")...), "--format json", "b.csv", "says csv", "the ending .json")
	require.NoFileExists(t, filepath.Join(folder, "b.csv"))
	require.Equal(t, ask(line...), ask(append(line, "-o", "-")...), "- is standard output")
	require.NoFileExists(t, "-")
}

// Into a folder goes one file a table, the same bytes as --table prints alone.
func TestTablesOneByOne(t *testing.T) {
	line := strings.Fields("gradient --graph parents:-1,0,0 --prior orbit:1,7")
	there := t.TempDir()
	for _, folder := range []string{there, filepath.Join(t.TempDir(), "new") + "/"} {
		for _, format := range table.Formats {
			require.Equal(t, answer{}, ask(append(line, "--format", string(format), "-o", folder)...))
			for _, id := range []string{"signal", "chi2", "gradient", "rows"} {
				alone := ask(append(line, "--format", string(format), "--table", id)...)
				require.Zero(t, alone.code, alone.err)
				written, err := os.ReadFile(filepath.Join(folder, id+format.Ending()))
				require.NoError(t, err)
				require.Equal(t, alone.out, string(written))
			}
		}
		entries, err := os.ReadDir(folder)
		require.NoError(t, err)
		require.Len(t, entries, 4*len(table.Formats))
	}
	csv := ask(append(line, "--format", "csv", "--table", "rows")...)
	require.True(t, strings.HasPrefix(csv.out, "child,parent,"), csv.out) // no comment above the header
	requireRefused(t, ask(append(line, "--table", "step")...), "--table step", "this answer has only signal, chi2, gradient, rows")
	// Long before the answer, which would not come within the test.
	requireRefused(t, ask("train", "--steps", "1000000000", "--table", "rows"), "--table rows", "want one of losses, edges, shifted, shifted-errors")
	requireRefused(t, ask("train", "--steps", "1000000000", "-o", filepath.Join(file(t, "plain", ""), "below")+"/"), "writing ", "not a directory")
}

// The smallest margin of a search without a candidate is infinite, and its document
// is JSON all the same.
func TestNumbersThatAreNotFiniteHaveASpelling(t *testing.T) {
	d := document(t, 0, "necessity", "A4", "--evaluations", "500")
	cells := d["outcomes"].([]any)[0].(map[string]any)["cells"].([]any)
	require.Equal(t, "+Inf", cells[1].(map[string]any)["smallest"]) // of no candidate
}

// Every command that prints tables takes --table, and all but report, which has too
// many, name theirs in the help.
func TestHelpNamesTheTables(t *testing.T) {
	for _, c := range newRoot().Commands() {
		for _, one := range append(c.Commands(), c) {
			if one.Flags().Lookup("format") == nil {
				continue
			}
			usage := one.Flags().Lookup("table").Usage
			require.Equal(t, c.Name() != "report", strings.Contains(usage, ": "), one.CommandPath())
		}
	}
}

// The width of text is COLUMNS where it says one, for standard output alone: files do not
// depend on the terminal.
func TestWidthOfText(t *testing.T) {
	line := strings.Fields("gradient --graph chain --length 20 --prior orbit:1,7 --table gradient")
	t.Setenv("COLUMNS", "")
	plain := ask(line...).out
	require.Contains(t, plain, "cut: the columns from ")
	out := filepath.Join(t.TempDir(), "a.txt")
	for columns, want := range map[string]int{"10": 80, "120": 120, "x": 100, "-3": 100} {
		t.Setenv("COLUMNS", columns)
		require.Equal(t, want, textWidth(nil))
		require.Zero(t, ask(append(line, "--out", out)...).code)
		written, err := os.ReadFile(out)
		require.NoError(t, err)
		require.Equal(t, plain, string(written))
		require.Equal(t, want == table.Width, ask(line...).out == plain)
	}
}
