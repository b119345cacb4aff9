package markov

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Kinds are what the grammar reads, and no more.
func TestKinds(t *testing.T) {
	own := []string{"orbit", "point"}
	for kind := range families {
		own = append(own, kind)
	}
	require.ElementsMatch(t, own, Kinds())
	for _, kind := range Kinds() {
		require.Contains(t, PriorGrammar, kind+":")
	}
}

// A word that is nearly a prior's, and a file that is marked the wrong way.
func TestPriorsThatWereMeant(t *testing.T) {
	_, err := ParsePrior("dirichlt:1", 3)
	require.ErrorContains(t, err, `; did you mean "dirichlet"?`)
	name := filepath.Join(t.TempDir(), "pi.json")
	require.NoError(t, os.WriteFile(name, []byte("[[0.5,0.5],[0.2,0.8]]"), 0o600))
	_, err = ParsePrior(name, 2)
	require.ErrorContains(t, err, `; did you mean "@`+name+`"?`)
	_, err = ParsePrior("point:@"+name, 2)
	require.ErrorContains(t, err, `; did you mean "`+name+`"?`)
	_, err = ParseRoots("stationry")
	require.ErrorContains(t, err, `; did you mean "stationary"?`)
}
