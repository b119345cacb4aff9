package figure

import (
	"testing"

	"causalgrad/impl/measure"

	"github.com/stretchr/testify/require"
)

// TestGaps: groups have names in the legend, and what is not finite is refused.
func TestGaps(t *testing.T) {
	groups := []CellGaps{{Name: "alpha=1", Cells: []int{0, 2}, Gaps: []measure.Mean{{Value: 0.1, StdErr: 0.01}, {Value: 0.2}}}, {Name: "alpha=2", Cells: []int{1}, Gaps: []measure.Mean{{Value: 0.3}}}}
	f, err := Gaps("sweep", "Sweep", groups)
	require.NoError(t, err)
	require.Equal(t, "Final loss minus L* for 3 cells of a sweep, with intervals of 95 percent.", f.Alt)
	svg, err := f.SVG()
	require.NoError(t, err)
	require.Subset(t, parse(t, svg).texts, []string{"alpha=1", "alpha=2", "cell of the sweep"})
	groups[1].Gaps[0].Value = nan
	_, err = Gaps("sweep", "Sweep", groups)
	require.ErrorContains(t, err, "cell 1: gap[0] = NaN")
	_, err = Gaps("sweep", "Sweep", nil)
	require.ErrorContains(t, err, "no cells")
}

// TestInferred: the frames are the edges, and a matrix of another size is refused.
func TestInferred(t *testing.T) {
	entries := [][]float64{{0, 0, 0}, {1, 0, 0}, {0.5, 2, 0}}
	f, err := Inferred("inferred", "Inferred", "first-step product", []int{-1, -1, 1}, entries)
	require.NoError(t, err)
	require.Contains(t, f.Alt, "with the 1 edge framed")
	_, err = Inferred("inferred", "Inferred", "first-step product", []int{-1, -1}, entries)
	require.ErrorContains(t, err, "entries has 3 rows, want 2")
}
