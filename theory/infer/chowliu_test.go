package infer

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/close"
)

// P = ((1/2, 1/4), (0, 1/4)): H(left) + H(right) - H(both) is (2 ln 2 - 3/4 ln
// 3) + ln 2 - 3/2 ln 2.
func TestMutualInformationOfAnAsymmetricTable(t *testing.T) {
	s := Sequences{N: 4, Columns: 2, Tokens: 2, Data: []uint16{0, 0, 0, 0, 0, 1, 1, 1}}
	require.NoError(t, close.Within(mutual(s, 0, 1), 1.5*math.Ln2-0.75*math.Log(3), 1e-14, 0)) // three terms
}

// ring lists the states of four bits as often as the product of weights of the
// edges 0-1 and 2-3 (5 where they agree) and 1-2 and 0-3 (2 where they agree):
// its symmetries make the information of 1-2 and 0-3 the same to the last bit.
func ring() Sequences {
	s := Sequences{Columns: 4, Tokens: 2}
	for state := range 16 {
		row := []uint16{uint16(state & 1), uint16(state >> 1 & 1), uint16(state >> 2 & 1), uint16(state >> 3 & 1)}
		copies := 1
		for at, weight := range []int{5, 2, 5, 2} {
			if row[at] == row[(at+1)%4] {
				copies *= weight
			}
		}
		for range copies {
			s.N, s.Data = s.N+1, append(s.Data, row...)
		}
	}
	return s
}

// Of equal weights the pair with the earlier later position comes first, then
// the one with the earlier other.
func TestChowLiuTakesThePairThatComesFirst(t *testing.T) {
	tree := ChowLiu(ring(), 4)
	require.Equal(t, tree.Information[2][1], tree.Information[3][0])
	require.Equal(t, []int{-1, 0, 1, 2}, tree.Parent, "1-2 before 0-3")
	same := Sequences{N: 2, Columns: 4, Tokens: 2, Data: []uint16{0, 0, 0, 0, 1, 1, 1, 1}}
	require.Equal(t, []int{-1, 0, 0, 0}, ChowLiu(same, 4).Parent, "0-2 before 1-2")
}
