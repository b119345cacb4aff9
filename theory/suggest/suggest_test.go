package suggest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMeant(t *testing.T) {
	names := []string{"chain", "icl", "manual", "random", "trigram-half", "Dirichlet"}
	for word, want := range map[string]string{
		"chian":        "chain", // two edits in five letters
		"CHAIN":        "chain",
		"il":           "icl",
		"hcain":        "chain",
		"tri":          "trigram-half", // a beginning
		"namual":       "manual",       // the same letters
		"trigram_half": "trigram-half",
		"dirichlt":     "Dirichlet",
	} {
		require.Equal(t, `; did you mean "`+want+`"?`, Meant(word, names...), word)
	}
	for _, far := range []string{"", "x", "ring", "ch", strings.Repeat("chain", 1<<16)} {
		require.Empty(t, Meant(far, names...), "%.20s", far)
	}
	require.NotEmpty(t, Meant(strings.Repeat("a", longest), strings.Repeat("a", longest-1)))
	require.Empty(t, Meant(strings.Repeat("a", longest+1), strings.Repeat("a", longest)))
	require.Equal(t, "steps", Nearest("setps", "eps", "steps"), "two letters exchanged are nearer than two that are too many")
	require.Equal(t, `; did you mean "ab"?`, Meant("abc", "ab", "abd"), "the first of two that are as near")
}

func TestFile(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "mine.json")
	require.NoError(t, os.WriteFile(name, nil, 0o600))
	require.Equal(t, `; did you mean "@mine.json"?`, File(name, "@mine.json"))
	require.Empty(t, File(name+"x", "@"))
	require.Empty(t, File(folder, "@"), "a folder is no file")
}
