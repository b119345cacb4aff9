package certify

import (
	"math/big"
	"testing"

	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// drawCorner draws a row of multiples of 1/256, as corners are.
func drawCorner(s *stream.Stream) (p point) {
	x := s.IntN(257)
	y := s.IntN(257 - x)
	return point{float64(x) / 256, float64(y) / 256, float64(256-x-y) / 256}
}

func rational(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }

// contains is exact.
func contains(lo, hi float64, x *big.Rat) bool {
	return rational(lo).Cmp(x) <= 0 && x.Cmp(rational(hi)) <= 0
}

// Tree weights and numerators are computed without rounding and the quotient is
// rounded outward: to nearest, half of the quotients would be above their bound.
func TestRatiosAreRoundedOutward(t *testing.T) {
	s := stream.New(stream.Key{Seed: 14, Purpose: stream.Law})
	quotients := 0
	for range 300 {
		pi := [3]point{drawCorner(s), drawCorner(s), drawCorner(s)}
		var tau [3]float64
		for a := range 3 {
			b, c := (a+1)%3, (a+2)%3
			exact := new(big.Rat)
			for _, term := range [][2]float64{{pi[b][a], pi[c][a]}, {pi[b][a], pi[c][b]}, {pi[b][c], pi[c][a]}} {
				exact.Add(exact, new(big.Rat).Mul(rational(term[0]), rational(term[1])))
			}
			tau[a] = treeWeight(a, &pi)
			require.Zero(t, exact.Cmp(rational(tau[a])))
		}
		x := pi[0][1]
		got := ratioTerm(x, tau[0], tau[1])
		if tau[1] == 0 {
			require.Equal(t, []float64{x, x}, []float64{got.Lo, got.Hi})
			continue
		}
		exact := new(big.Rat).Mul(rational(tau[0]), new(big.Rat).Mul(rational(x), rational(x)))
		exact.Quo(exact, rational(tau[1]))
		require.True(t, contains(got.Lo, got.Hi, exact), "%v misses %s", got, exact)
		quotients++
	}
	require.Greater(t, quotients, 250)
}

// Over a single chain the enclosure contains the exact margin.
func TestPointsEncloseTheExactMargin(t *testing.T) {
	s := stream.New(stream.Key{Seed: 15, Purpose: stream.Law})
	tried := 0
	for range 300 {
		pi := [3]point{drawCorner(s), drawCorner(s), drawCorner(s)}
		tau := [3]float64{treeWeight(0, &pi), treeWeight(1, &pi), treeWeight(2, &pi)}
		if tau[0]*tau[1]*tau[2] == 0 {
			continue // reducible
		}
		var c cell
		exact := new(big.Rat)
		for a := range 3 {
			for v := range 3 {
				for b := range 3 {
					c.rows[a][v][b] = uint16(pi[a][b] * Unit)
				}
			}
			exact.Sub(exact, rational(pi[a][a]))
			for b := range 3 {
				term := new(big.Rat).Mul(rational(pi[a][b]), rational(pi[a][b]))
				exact.Add(exact, term.Mul(term, new(big.Rat).Quo(rational(tau[a]), rational(tau[b]))))
			}
		}
		margin := selfMargin(&c)
		require.True(t, contains(margin.Lo, margin.Hi, exact), "%v: %v misses %s", pi, margin, exact)
		require.Less(t, margin.Width(), 1e-9*(1+1/min(tau[0], tau[1], tau[2])), "and not much more")
		tried++
	}
	require.Greater(t, tried, 200)
}
