package certify

import (
	"testing"

	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
)

// TestPartsMakeTheMap: the parts are the cells that were settled, and their
// volumes the shares of the map that Certify gives.
func TestPartsMakeTheMap(t *testing.T) {
	for _, tokens := range []int{2, 3} {
		r := Region{Forest: graph.Manual(), Tokens: tokens, MinWidth: 0x1p-4, MaxCells: 2000}
		want, err := Certify(r)
		require.NoError(t, err)
		m, parts, err := Parts(r)
		require.NoError(t, err)
		require.Equal(t, want, m)
		shares := map[Verdict]float64{}
		for _, p := range parts {
			shares[p.Verdict] += p.Volume
			require.Len(t, p.Rows, tokens)
			for _, corners := range p.Rows {
				require.Len(t, corners, tokens)
				for _, row := range corners {
					require.Len(t, row, tokens)
					sum := 0.0
					for _, v := range row {
						sum += v
					}
					require.Equal(t, 1.0, sum, "corners are exact")
				}
			}
		}
		require.Equal(t, m.Certified, shares[Holds])
		require.Equal(t, m.Refuted, shares[Fails])
		require.Equal(t, m.Undecided, shares[Undecided])
		if tokens == 2 {
			require.Len(t, parts, len(m.Cells))
		}
	}
	_, parts, err := Parts(Region{Forest: graph.Manual(), Tokens: 4})
	require.ErrorContains(t, err, "tokens = 4")
	require.Empty(t, parts)
}
