package chisq

import (
	"testing"

	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
)

// The table is what a walk to the common ancestor gives, on forests with several
// roots, siblings and long paths.
func TestDistancesAreThoseOfTheCommonAncestor(t *testing.T) {
	for _, name := range []string{"chain", "icl", "random:uniform", "random:0.2", "parents:-1,0,0,-1,2,2,1,3,3,6,0,9"} {
		g, err := graph.Parse(name, 0, 7)
		if err != nil {
			g, err = graph.Parse(name, 24, 7)
		}
		require.NoError(t, err)
		f, ok := g.(graph.Forest)
		require.True(t, ok, "%s is a forest", name)
		for i, row := range allDistances(f) {
			for k, d := range row {
				_, q, p, related := f.CommonAncestor(i, k)
				want := distances{p, q, related}
				require.Equal(t, want, d, "%s: %d and %d", name, i, k)
			}
		}
	}
}
