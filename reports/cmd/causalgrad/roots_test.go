package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRootsFlag: the answer says which roots it is about, and what is no
// distribution over the chain's tokens is refused.
func TestRootsFlag(t *testing.T) {
	for _, roots := range []string{"stationary", "uniform", "[0.2,0.3,0.5]"} {
		d := document(t, 0, "gradient", "--length", "6", "--prior", "orbit:1,7", "--roots", roots)
		if roots != "stationary" {
			require.Equal(t, "orbit:1,7, roots "+roots, d["prior"])
		}
		trained := document(t, 0, small("--tokens", "3", "--roots", roots)...)
		if roots != "stationary" {
			require.Equal(t, roots, trained["spec"].(map[string]any)["roots"])
		}
		require.Equal(t, "dirichlet:0.1", trained["spec"].(map[string]any)["prior"])
		require.Equal(t, 0, ask("loss", "--length", "6", "--prior", "orbit:1,7", "--roots", roots).code)
	}
	for want, roots := range map[string]string{"2 probabilities, want S = 3": "[0.5,0.5]", "want stationary | uniform": "equal"} {
		answer := ask("gradient", "--length", "6", "--prior", "orbit:1,7", "--roots", roots)
		require.Equal(t, 2, answer.code)
		require.Contains(t, answer.err, want)
	}
}
