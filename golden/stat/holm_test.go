package stat

import (
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"causalgrad/theory/close"
)

func TestHolmAgreesWithStatsmodels(t *testing.T) {
	// statsmodels.stats.multitest.multipletests(p, 0.05, "holm")
	c, err := Holm([]float64{0.001, 0.001, 0.8, 0.02, 1.0, 0.0, 0.03}, 0.05)
	require.NoError(t, err)
	require.NoError(t, close.AllWithin(c.P, []float64{0.006, 0.006, 1, 0.08, 1, 0, 0.09}, referenceTolerance, 0))
	require.Equal(t, []bool{true, true, false, false, false, true, false}, c.Rejected)
	c, err = Holm([]float64{0.01, 0.04, 0.03, 0.005}, 0.05)
	require.NoError(t, err)
	require.NoError(t, close.AllWithin(c.P, []float64{0.03, 0.06, 0.06, 0.02}, referenceTolerance, 0))
	require.Equal(t, []bool{true, false, false, true}, c.Rejected)
}

// Holm's method is the closed test by Bonferroni: a hypothesis falls when every
// set of hypotheses that holds it falls, a set S falling when |S| min p <= alpha.
func TestHolmIsTheClosedTest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 7).Draw(t, "p")
		if rapid.Bool().Draw(t, "tie") {
			p[0] = p[len(p)-1]
		}
		c, err := Holm(p, 0.05)
		require.NoError(t, err)
		for i := range p {
			var want float64
			for set := uint(1); set < 1<<len(p); set++ {
				if set>>i&1 == 0 {
					continue
				}
				least := 1.0
				for j := range p {
					if set>>j&1 == 1 {
						least = min(least, p[j])
					}
				}
				want = max(want, min(1, float64(bits.OnesCount(set))*least))
			}
			require.Equal(t, want, c.P[i]) // the same product and maxima: no tolerance
			require.Equal(t, want <= 0.05, c.Rejected[i])
		}
	})
}
