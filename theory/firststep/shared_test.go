package firststep

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Any crew gives the bits of one worker, with the bound on rounding too, which
// tells the crew to leave signs out.
func TestCrewHasTheBitsOfOne(t *testing.T) {
	f, chain := benchmarkProblem(t, "random", 12, 20)
	p, err := newPlan(f, 12, 0.01)
	require.NoError(t, err)
	gradients := func(workers int) (r Rounded) {
		r = Rounded{square(20), square(20)}
		c := newCorrelator(p, workers)
		require.Len(t, c.crew, map[bool]int{true: min(workers, maxCrew)}[workers > 1], "the case is worth sharing")
		c.gradientWithError(chain, r)
		return r
	}
	want := gradients(1)
	for _, workers := range []int{2, 5, 100} {
		require.Equal(t, want, gradients(workers), "%d workers", workers)
	}
}

// Products of kernels side by side have the bits of those entry by entry.
func TestSideBySideHasTheBitsOfEntries(t *testing.T) {
	for s := sideColumns; s <= 2*sideColumns+1; s++ {
		f, chain := benchmarkProblem(t, "chain", s, 6)
		p, err := newPlan(f, s, 0)
		require.NoError(t, err)
		c := newCorrelator(p, 1)
		require.False(t, c.small())
		c.tilt(chain, 0, 0, len(p.rule.node))
		size, w := s*s*c.width, c.width
		first, edge := c.tilted.down[size:][:size], c.tilted.down[2*size:][:size]
		kernel, product := make([]float64, size), make([]float64, size)
		c.begin(kernel, first)
		c.compose(product, kernel, edge)
		indicator, weight := c.tilted.marginal[:s*w], c.tilted.subtree[:s*w]
		left, right := make([]float64, s*w), make([]float64, s*w)
		c.carry(left, right, kernel, indicator, weight)

		want, entry := make([]float64, size), make([]float64, w)
		c.composeEntries(want, first, edge)
		for a := range s {
			for b := range s {
				c.entry(entry, product, a, b)
				require.Equal(t, c.tilted.pair(want, 0, a, b), entry, "S = %d, entry %d, %d", s, a, b)
			}
		}
		for _, vector := range []struct{ got, src []float64 }{{left, indicator}, {right, weight}} {
			c.carryEntries(want[:s*w], first, vector.src)
			require.Equal(t, want[:s*w], vector.got, "S = %d", s)
		}
	}
}
