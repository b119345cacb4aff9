package certify

import (
	"testing"

	"causalgrad/theory/chisq"
	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/interval"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTreeWeightsAreTheStationaryDistribution(t *testing.T) {
	s := stream.New(stream.Key{Seed: 3, Purpose: stream.Law})
	for range 50 {
		c, err := drawChain(3, s)
		require.NoError(t, err)
		var pi [maxTokens]point
		for a := range pi {
			copy(pi[a][:], c.Row(a))
		}
		total, tau := 0.0, make([]float64, maxTokens)
		for a := range tau {
			tau[a] = treeWeight(a, &pi)
			total += tau[a]
		}
		for a := range tau {
			tau[a] /= total
		}
		// Positive numbers only on both sides: a dozen roundings, relative.
		require.NoError(t, close.AllWithin(tau, c.Stationary(), 24*0x1p-53, 0))
	}
}

func TestEnclosuresContainTheMargin(t *testing.T) {
	forests := []graph.Forest{chainForest(t, 5), graph.Manual(), iclForest(t, 5)}
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.IntRange(2, 3).Draw(t, "tokens")
		s := stream.New(stream.Key{Seed: rapid.Uint64().Draw(t, "seed"), Purpose: stream.Law})
		c := deepCell(tokens, rapid.IntRange(0, 24).Draw(t, "depth"), s)
		f := rapid.SampledFrom(forests).Draw(t, "forest")
		for range 10 {
			chain, err := chainIn(&c, tokens, s)
			if err != nil {
				continue // a reducible corner
			}
			kernel, tolerance := chisq.NewKernel(chain), marginError(chain)
			for _, k := range competitors(f, true) {
				value := kernel.Signal(0, 1)
				if !k.other {
					value -= kernel.Signal(k.p, k.q)
				}
				near := interval.Interval{Lo: value - tolerance, Hi: value + tolerance}
				if tokens == 2 {
					meets(t, closedMargin(lambdaOver(&c), k, false), near, "closed form", k)
				}
				if tokens == 3 && k.self() {
					meets(t, selfMargin(&c), near, "corners", k)
				}
			}
		}
	})
}

func meets(t *rapid.T, enclosure, near interval.Interval, what string, k competitor) {
	_, ok := interval.Intersect(enclosure, near)
	require.True(t, ok, "%s: %v misses %v (%+v)", what, enclosure, near, k)
}

// At the corners, where they are computed, the lower bound of a pair is below
// T[a][b] of the reversed chain and the upper one above it, corner by corner;
// the tangents of the diagonal are below z^2 - z.
func TestPairBoundsHoldAtCorners(t *testing.T) {
	s := stream.New(stream.Key{Seed: 10, Purpose: stream.Law})
	for range 300 {
		c := deepCell(3, s.IntN(24), s)
		k := newCorners(&c)
		r, v, w, u := s.IntN(3), s.IntN(3), s.IntN(3), s.IntN(3)
		a, b := (r+1)%3, (r+2)%3
		rows := make([][]float64, 3)
		rows[a], rows[b], rows[r] = k.rows[a][v][:], k.rows[b][w][:], k.rows[r][u][:]
		z := rows[r][r]
		require.LessOrEqual(t, k.below[r][u].Lo, z*z-z)
		require.True(t, k.square[r][u].Contains(z*z-z), "exact: 16 bits")
		chain, err := markov.NewChain(rows)
		if err != nil {
			continue // a reducible corner
		}
		reversed := chain.Reversed()
		value := reversed.P(b, a)*chain.P(a, b) + reversed.P(a, b)*chain.P(b, a)
		// Positive numbers only: a dozen roundings of a sum below 2.
		below := k.pair(a, b).below(rows[a][b], rows[b][a], k.tau[a][w][u], k.tau[b][u][v])
		require.GreaterOrEqual(t, value, below.Lo-24*0x1p-52)
		require.LessOrEqual(t, value, k.above(a, b)[v][w].Hi+24*0x1p-52)
	}
}

// On a small cell an enclosure that shrinks like the cell's width is only a
// small multiple of the margin's own range; a wrong derivative or a bound over
// the wrong corners is not.
func TestEnclosuresShrinkWithTheCell(t *testing.T) {
	s := stream.New(stream.Key{Seed: 5, Purpose: stream.Law})
	for range 20 {
		// Away from the boundary: the rows' middle parts.
		var c cell
		for a := range 3 {
			at := func(x, y uint16) (v corner) {
				v[(a+1)%3], v[(a+2)%3] = x, y
				v[a] = Unit - x - y
				return v
			}
			x, y := uint16(Unit/4+s.IntN(Unit/4)), uint16(Unit/4+s.IntN(Unit/4))
			const h = Unit >> 8
			c.rows[a] = simplex{at(x, y), at(x+h, y), at(x, y+h)}
		}
		// Six entries move by 2^-8 each and slopes are below 8 where all entries
		// are at least 1/8 (a margin of order 1 and stationary ratios below 8).
		require.Less(t, selfMargin(&c).Width(), 6*8*0x1p-8)
	}
}
