package certify

import (
	"slices"
	"testing"

	"causalgrad/theory/chisq"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// On a small cell the mean value form is nearly linear, so each row's part of
// it is tested alone: with the other rows at their centres, moving one row to
// any of its corners changes the margin by a number in that row's interval,
// which is not much wider than these changes. The hull over all rows at once
// is too wide to notice a wrong sign or another row's slopes.
func TestAlongRowContainsTheChange(t *testing.T) {
	s := stream.New(stream.Key{Seed: 12, Purpose: stream.Law})
	tested := 0
	for range 150 {
		tokens := 2 + s.IntN(2)
		c := deepCell(tokens, 14*(tokens-1)+6, s)
		p := newProver(Region{Forest: chainForest(t, 5), Tokens: tokens, Self: true, Direct: true})
		e, centre := p.newEnclosure(&c), c.centre(tokens)
		rows := make([][]float64, tokens)
		for a := range rows {
			rows[a] = centre[a][0][:tokens]
		}
		middle, err := markov.NewChain(rows)
		if err != nil {
			continue // a reducible centre
		}
		for _, k := range p.competitors {
			at := marginOf(middle, k)
			f := e.over[0].margin(k)
			for r := range tokens {
				part := e.alongRow(r, &f)
				if part.Width() > 0.1 {
					continue // near a reducible chain: nothing is claimed
				}
				for _, corner := range c.corners(tokens)[r] {
					moved := append([][]float64(nil), rows...)
					moved[r] = corner[:tokens]
					chain, err := markov.NewChain(moved)
					if err != nil {
						continue
					}
					change := marginOf(chain, k) - at
					tolerance := marginError(chain) + marginError(middle)
					require.GreaterOrEqual(t, change, part.Lo-tolerance, "%+v, row %d", k, r)
					require.LessOrEqual(t, change, part.Hi+tolerance, "%+v, row %d", k, r)
				}
				tested++
			}
		}
	}
	require.Greater(t, tested, 500)
}

// marginError is the oracle's error, as smallestMargin has it.
func marginError(c *markov.Chain) float64 { return 2000 * 0x1p-53 / slices.Min(c.Stationary()) }

func marginOf(c *markov.Chain, k competitor) float64 {
	kernel := chisq.NewKernel(c)
	value := kernel.Signal(0, 1)
	if !k.other {
		value -= kernel.Signal(k.p, k.q)
	}
	return value
}
