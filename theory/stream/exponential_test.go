package stream

import (
	"math"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestExponentialTailAndStrips looks where the ziggurat's rare branches show: in
// the share of variates behind the tail's start, and in the share of those in
// the left half of their strip, which the density's curve inside a strip sets.
// A normal deviate above 5 has probability 6e-7.
func TestExponentialTailAndStrips(t *testing.T) {
	const n = 3000000
	s := New(Key{Seed: 12, Purpose: Law})
	survival := func(x float64) float64 { return math.Exp(-x) }
	left, tails := 0.0, 0.0 // probabilities
	var right, middle []float64
	for i := layers - 1; i >= 1; i-- {
		low, high := ziggurat[i+1].x, ziggurat[i].x
		right, middle = append(right, high), append(middle, (low+high)/2)
		left += survival(low) - survival((low+high)/2)
	}
	tails = survival(tail)
	inLeft, inTail := 0, 0
	for range n {
		x := s.Exponential()
		if x >= tail {
			inTail++
		} else if i := sort.SearchFloat64s(right, x); x < middle[i] {
			inLeft++
		}
	}
	requireShare := func(count int, p float64) {
		require.LessOrEqual(t, math.Abs(float64(count)-n*p)/math.Sqrt(n*p*(1-p)), 5.0, "%d of %d, want a share of %v", count, n, p)
	}
	requireShare(inTail, tails)
	requireShare(inLeft, left)
}

// TestStripsHaveOneArea: the ziggurat is right only if all strips are as large.
func TestStripsHaveOneArea(t *testing.T) {
	area := ziggurat[0].x * ziggurat[1].density
	for i := 1; i < layers; i++ {
		// Rounded constants of 18 digits, summed over at most 256 strips.
		require.LessOrEqual(t, math.Abs(ziggurat[i].x*(ziggurat[i+1].density-ziggurat[i].density)/area-1), 1e-10, "strip %d", i)
	}
	// The part of a strip that needs no look at the density ends where the strip
	// above does; a division and a product.
	for i := range layers {
		require.LessOrEqual(t, math.Abs(ziggurat[i].inside*ziggurat[i].x-ziggurat[i+1].x), 2*0x1p-53*ziggurat[i+1].x, "strip %d", i)
	}
}
