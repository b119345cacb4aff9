package table

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGoldens pins every byte of every format on two tables: one as the reports have them, one of what breaks renderers.
func TestGoldens(t *testing.T) {
	for _, format := range append(Formats, FormatColour) {
		t.Run(string(format), func(t *testing.T) {
			var got bytes.Buffer
			require.NoError(t, RenderAll(&got, format, []Table{findings(), awkward()}))
			golden(t, strings.ReplaceAll(string(format), " ", "-"), got.String())
		})
	}
}

// golden compares with testdata/NAME.golden, or rewrites it under CAUSALGRAD_GOLDEN=write.
func golden(t *testing.T, name, got string) {
	t.Helper()
	write, err := goldenMode(os.Getenv)
	require.NoError(t, err)
	path := filepath.Join("testdata", name+".golden")
	if write {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "write it with CAUSALGRAD_GOLDEN=write go test ./reports/table")
	if diff := lineDiff(string(want), got); diff != "" {
		t.Errorf("%s differs (- golden, + now); if that is meant: CAUSALGRAD_GOLDEN=write go test ./reports/table\n%s", path, diff)
	}
}

// goldenMode tells whether goldens are to be rewritten, which is refused where nobody looks at the change.
func goldenMode(getenv func(string) string) (write bool, err error) {
	switch mode := getenv("CAUSALGRAD_GOLDEN"); {
	case mode == "":
		return false, nil
	case mode != "write":
		return false, fmt.Errorf("CAUSALGRAD_GOLDEN=%q, want write or unset", mode)
	case getenv("CI") != "":
		return false, errors.New("CAUSALGRAD_GOLDEN=write is refused where CI is set")
	}
	return true, nil
}

func TestGoldensAreNotRewrittenInCI(t *testing.T) {
	env := func(values map[string]string) func(string) string { return func(k string) string { return values[k] } }
	for _, c := range []struct {
		env   map[string]string
		write bool
		err   string
	}{
		{nil, false, ""},
		{map[string]string{"CI": "true"}, false, ""},
		{map[string]string{"CAUSALGRAD_GOLDEN": "write"}, true, ""},
		{map[string]string{"CAUSALGRAD_GOLDEN": "write", "CI": "true"}, false, "refused"},
		{map[string]string{"CAUSALGRAD_GOLDEN": "1"}, false, "want write"},
	} {
		write, err := goldenMode(env(c.env))
		require.Equal(t, c.write, write, "%v", c.env)
		if c.err == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, c.err)
	}
}

// lineDiff lists the lines only one side has, with line numbers, by longest common subsequence; "" if the texts are equal.
func lineDiff(want, got string) string {
	a, b := strings.SplitAfter(want, "\n"), strings.SplitAfter(got, "\n")
	common := make([][]int, len(a)+1) // common[i][j]: length of the longest common subsequence of a[i:] and b[j:]
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if a[i] == b[j] {
				common[i][j] = 1 + common[i+1][j+1]
			}
		}
	}
	var diff strings.Builder
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			fmt.Fprintf(&diff, "%4d - %q\n", i+1, a[i])
			i++
		default:
			fmt.Fprintf(&diff, "%4d + %q\n", j+1, b[j])
			j++
		}
	}
	return diff.String()
}

func TestLineDiff(t *testing.T) {
	require.Empty(t, lineDiff("a\nb\n", "a\nb\n"))
	require.Equal(t, "   2 - \"b\\n\"\n   2 + \"c\\n\"\n", lineDiff("a\nb\nd\n", "a\nc\nd\n"))
	require.NotEmpty(t, lineDiff("a\n", "a"), "the last newline counts")
}
