package certify

import (
	"testing"

	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

func TestStartingCellsCoverAllChainsOnceUpToRenaming(t *testing.T) {
	orders := [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}
	cells := startingCells(3)
	s := stream.New(stream.Key{Seed: 1, Purpose: stream.Law})
	for range 500 {
		c, err := drawChain(3, s)
		require.NoError(t, err)
		found := make([]int, len(cells))
		for _, order := range orders {
			for i := range cells {
				if cells[i].holds(c.Relabelled(order), 3) {
					found[i]++
				}
			}
		}
		// Each cell is 1/8 of the chains. One that meets all six names of a chain n
		// times stands for 6/n of them.
		switch {
		case found[0] == 3 && found[1] == 0:
			require.Equal(t, 6.0/3/8, cells[0].volume)
		case found[0] == 0 && found[1] == 1:
			require.Equal(t, 6.0/1/8, cells[1].volume)
		default:
			require.Fail(t, "not covered once", "%v: %v", c.Rows(), found)
		}
	}
}

// doubleArea is twice the area of a row's triangle in its entries off the
// diagonal, or its length for S = 2, in units.
func doubleArea(s *simplex, a, tokens int) int {
	entry := func(v, j int) int { return int(s[v][(a+j)%tokens]) }
	if tokens == 2 {
		return max(entry(0, 1)-entry(1, 1), entry(1, 1)-entry(0, 1))
	}
	d := (entry(1, 1)-entry(0, 1))*(entry(2, 2)-entry(0, 2)) - (entry(2, 1)-entry(0, 1))*(entry(1, 2)-entry(0, 2))
	return max(d, -d)
}

func TestSplitHalvesTheVolumeExactly(t *testing.T) {
	s := stream.New(stream.Key{Seed: 2, Purpose: stream.Law})
	for _, tokens := range []int{2, 3} {
		for range 200 {
			c := deepCell(tokens, s.IntN(24*(tokens-1)), s)
			row, width := c.widestRow(tokens)
			first, second := c.split(row, tokens)
			whole := doubleArea(&c.rows[row], row, tokens)
			require.Positive(t, whole)
			require.Equal(t, whole, 2*doubleArea(&first.rows[row], row, tokens))
			require.Equal(t, whole, 2*doubleArea(&second.rows[row], row, tokens))
			require.Equal(t, c.volume, first.volume+second.volume)
			for _, half := range []cell{first, second} {
				_, w := half.widestRow(tokens)
				require.LessOrEqual(t, w, width)
				for a := range tokens {
					for v := range tokens {
						sum := 0
						for b := range tokens {
							sum += int(half.rows[a][v][b])
						}
						require.Equal(t, Unit, sum, "a corner is a probability row, exactly")
					}
				}
			}
		}
	}
}

func TestDisjointAndOverlap(t *testing.T) {
	a, b := wholeRow(0, 3), wholeRow(1, 3)
	require.False(t, disjoint(&a, &b))
	require.Equal(t, 2*Unit, largestDistance(&a, &b))
	low, high := a.bisect(0, 3) // pi[0][1] at least or at most pi[0][2]
	require.False(t, disjoint(&low, &high), "closed halves share an edge")
	// Translates of a triangle: gaps that only an entry, or only a difference of
	// two entries, can see.
	at := func(x, y uint16) (v corner) { v[0], v[1], v[2] = Unit-x-y, x, y; return v }
	triangle := func(x, y uint16) *simplex { return &simplex{at(x, y), at(x+8, y), at(x, y+8)} }
	require.True(t, disjoint(triangle(100, 100), triangle(109, 100)))
	require.False(t, disjoint(triangle(100, 100), triangle(108, 100)))
	require.False(t, disjoint(triangle(100, 100), triangle(104, 104)), "they meet in one point")
	require.True(t, disjoint(triangle(100, 100), triangle(105, 104)), "seen along the diagonal entry")
	turned := &simplex{at(100, 100), at(104, 104), at(108, 100)}
	require.True(t, disjoint(turned, &simplex{at(103, 104), at(100, 104), at(100, 101)}), "seen along a difference")
}
