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

func TestTreeWeightsAreTheStationaryLaw(t *testing.T) {
	s := stream.New(stream.Key{Seed: 3, Purpose: stream.Law})
	for _, tokens := range []int{2, 3} {
		trees := spanningTrees(tokens)
		for range 50 {
			c, err := drawChain(tokens, s)
			require.NoError(t, err)
			var pi [maxTokens]point
			for a := range tokens {
				copy(pi[a][:], c.Row(a))
			}
			total, tau := 0.0, make([]float64, tokens)
			for a := range tokens {
				tau[a] = treeWeight(trees[a], a, &pi, tokens)
				total += tau[a]
			}
			for a := range tokens {
				tau[a] /= total
			}
			// Positive numbers only on both sides: a dozen roundings, relative.
			require.NoError(t, close.AllWithin(tau, c.Stationary(), 24*0x1p-53, 0))
		}
	}
}

func TestEnclosuresContainTheMargin(t *testing.T) {
	forests := []graph.Forest{chainForest(t, 5), graph.Manual(), iclForest(t, 5)}
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.IntRange(2, 3).Draw(t, "tokens")
		s := stream.New(stream.Key{Seed: rapid.Uint64().Draw(t, "seed"), Purpose: stream.Law})
		c := deepCell(tokens, rapid.IntRange(0, 24).Draw(t, "depth"), s)
		f := rapid.SampledFrom(forests).Draw(t, "forest")
		p := newProver(Region{Forest: f, Tokens: tokens, Self: true, Direct: true})
		e := p.newEnclosure(&c)
		for range 10 {
			chain, err := chainIn(&c, tokens, s)
			if err != nil {
				continue // a reducible corner
			}
			_, tolerance, err := smallestMargin(f, chain, true, false)
			require.NoError(t, err)
			kernel := chisq.NewKernel(chain)
			for _, k := range p.competitors {
				value := kernel.Signal(0, 1)
				if !k.other {
					value -= kernel.Signal(k.p, k.q)
				}
				near := interval.Interval{Lo: value - tolerance, Hi: value + tolerance}
				direct, ok := e.margin(k)
				require.True(t, ok)
				meets(t, direct, near, "direct", k)
				if tokens == 2 {
					meets(t, closedMargin(lambdaOver(&c), k, false), near, "closed form", k)
				}
				if tokens == 3 && k.self() {
					meets(t, p.selfMargin(&c), near, "corners", k)
				}
			}
		}
	})
}

func meets(t *rapid.T, enclosure, near interval.Interval, what string, k competitor) {
	_, ok := interval.Intersect(enclosure, near)
	require.True(t, ok, "%s: %v misses %v (%+v)", what, enclosure, near, k)
}

// A pair's bounds against T[a][b] + T[b][a] from the reversed chain, corner by
// corner of rows a and b and anywhere in the third row.
func TestPairBoundsHoldAtCorners(t *testing.T) {
	s := stream.New(stream.Key{Seed: 10, Purpose: stream.Law})
	trees := spanningTrees(3)
	for range 300 {
		c := deepCell(3, s.IntN(24), s)
		k, corners := newCorners(&c, trees), c.corners(3)
		r, v, w, u := s.IntN(3), s.IntN(3), s.IntN(3), s.IntN(3)
		a, b := (r+1)%3, (r+2)%3
		rows := make([][]float64, 3)
		rows[a], rows[b], rows[r] = corners[a][v][:], corners[b][w][:], corners[r][u][:]
		chain, err := markov.NewChain(rows)
		if err != nil {
			continue // a reducible corner
		}
		reversed := chain.Reversed()
		value := reversed.P(b, a)*chain.P(a, b) + reversed.P(a, b)*chain.P(b, a)
		bounds := k.pair(r)[v][w]
		// Positive numbers only: a dozen roundings of a sum below 2.
		require.GreaterOrEqual(t, value, bounds.Lo-24*0x1p-52)
		require.LessOrEqual(t, value, bounds.Hi+24*0x1p-52)
		z := corners[r][u][r]
		require.True(t, k.diagonal[r][u].Contains(z*z-z), "exact: 16 bits")
	}
}

// The mean over the orbit, whose direct enclosure sums over the row orders.
func TestOrbitEnclosuresContainTheMeanMargin(t *testing.T) {
	f := graph.Manual()
	s := stream.New(stream.Key{Seed: 4, Purpose: stream.Law})
	for _, tokens := range []int{2, 3} {
		p := newProver(Region{Forest: f, Tokens: tokens, Self: true, Direct: true, Orbit: true})
		for range 20 {
			c := deepCell(tokens, s.IntN(24), s)
			chain, err := chainIn(&c, tokens, s)
			if err != nil {
				continue // a reducible corner
			}
			value, tolerance, err := smallestMargin(f, chain, true, true)
			if err != nil {
				continue // a reducible member of the orbit
			}
			direct, err := p.directMargin(&c)
			require.NoError(t, err)
			n := float64(len(p.orders))
			require.LessOrEqual(t, direct.Lo, n*(value+tolerance))
			require.GreaterOrEqual(t, direct.Hi, n*(value-tolerance))
			if tokens == 2 {
				v, err := p.twoTokenVerdict(&c)
				require.NoError(t, err)
				require.False(t, v == Holds && direct.NotPositive() || v == Fails && direct.Positive())
			}
		}
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
				v[a] = unit - x - y
				return v
			}
			x, y := uint16(unit/4+s.IntN(unit/4)), uint16(unit/4+s.IntN(unit/4))
			const h = unit >> 8
			c.rows[a] = simplex{at(x, y), at(x+h, y), at(x, y+h)}
		}
		p := newProver(Region{Forest: chainForest(t, 4), Tokens: 3, Self: true, Direct: true})
		direct, ok := p.newEnclosure(&c).margin(competitor{})
		require.True(t, ok)
		corners := p.selfMargin(&c)
		// Six entries move by 2^-8 each and slopes are below 8 where all entries
		// are at least 1/8 (a margin of order 1 and stationary ratios below 8).
		require.Less(t, direct.Width(), 6*8*0x1p-8)
		require.Less(t, corners.Width(), 6*8*0x1p-8)
		_, ok = interval.Intersect(direct, corners)
		require.True(t, ok)
	}
}
