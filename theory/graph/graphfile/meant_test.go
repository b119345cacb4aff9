package graphfile

import (
	"os"
	"path/filepath"
	"testing"

	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
)

func TestKindsAreThoseThatAreRead(t *testing.T) {
	for _, kind := range graph.Kinds() {
		require.Contains(t, graph.Grammar, kind)
		if _, err := Parse(kind+":", Options{Length: 5}); err != nil {
			require.NotContains(t, err.Error(), "unknown graph", kind)
		}
	}
}

// A word that is nearly a graph's, and files that lack their mark.
func TestGraphsThatWereMeant(t *testing.T) {
	name := filepath.Join(t.TempDir(), "mine.json")
	require.NoError(t, os.WriteFile(name, []byte("[-1,0,1]"), 0o600))
	for text, meant := range map[string]string{
		"chian":                              "chain",
		"trigram":                            "trigram-half",
		name:                                 "@" + name,
		"parents:" + name:                    "@" + name,
		"adjacency-row-is-parent:" + name:    "adjacency-row-is-parent:@" + name,
		"adjacency-column-is-parent:" + name: "adjacency-column-is-parent:@" + name,
	} {
		_, err := Parse(text, Options{Length: 4})
		require.ErrorContains(t, err, `; did you mean "`+meant+`"?`, text)
	}
	_, err := Parse("ring", Options{Length: 4})
	require.NotContains(t, err.Error(), "did you mean")
}
