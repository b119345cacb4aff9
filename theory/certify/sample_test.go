package certify

import (
	"math"
	"slices"

	"causalgrad/theory/chisq"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// The oracle of these tests is package chisq: floating point, the stationary
// distribution by elimination, powers of the centred kernel. It shares no formula with
// the enclosures.

// chainIn draws a chain inside a cell or, every other time, at its corners,
// where most enclosures are tight.
func chainIn(c *cell, tokens int, s *stream.Stream) (*markov.Chain, error) {
	rows, weights := make([][]float64, tokens), make([]float64, tokens)
	atCorner := s.IntN(2) == 0
	for a := range rows {
		rows[a] = make([]float64, tokens)
		s.Dirichlet(1, weights)
		if atCorner {
			clear(weights)
			weights[s.IntN(tokens)] = 1
		}
		for v := range tokens {
			corner := c.rows[a][v].point()
			for b := range tokens {
				rows[a][b] += weights[v] * corner[b]
			}
		}
	}
	return markov.NewChain(rows)
}

// deepCell follows random halves downwards, to a depth of at most 28 for S = 2
// and 48 for S = 3, where corners leave the integers.
func deepCell(tokens, depth int, s *stream.Stream) cell {
	start := startingCells(tokens)
	c := start[s.IntN(len(start))]
	for range depth {
		row, _ := c.widestRow(tokens)
		halves := [2]cell{}
		halves[0], halves[1] = c.split(row, tokens)
		c = halves[s.IntN(2)]
	}
	return c
}

// smallestMargin is the oracle's margin and a bound on its error. With centred
// kernels of norm at most 1, made of entries with errors of a few units over
// sqrt(min mu), a signal of up to 6 factors has an error below 1000 units over
// min mu; so does the effect of rounding the chain's own entries.
func smallestMargin(f graph.Forest, c *markov.Chain, self, orbit bool) (value, tolerance float64, err error) {
	members := []*markov.Chain{c}
	if orbit {
		o, err := markov.NewOrbit(c, "test")
		if err != nil {
			return 0, 0, err
		}
		members = o.Support()
	}
	n := f.Positions()
	mean := make([][]float64, n)
	for i := range mean {
		mean[i] = make([]float64, n)
	}
	for _, m := range members {
		signal := chisq.Compute(f, m).Signal
		for i := range mean {
			for k := range mean[i] {
				mean[i][k] += signal[i][k] / float64(len(members))
			}
		}
		for _, mu := range m.Stationary() {
			tolerance = max(tolerance, 2000*0x1p-53/mu)
		}
	}
	smallest := math.Inf(1)
	for _, m := range chisq.Margins(f, mean, self) {
		smallest = min(smallest, m.Value)
	}
	return smallest, tolerance, nil
}

func chainForest(t require.TestingT, length int) graph.Forest {
	f, err := graph.Chain(length)
	require.NoError(t, err)
	return f
}

func iclForest(t require.TestingT, length int) graph.Forest {
	f, err := graph.ICL(length)
	require.NoError(t, err)
	return f
}

// drawChain draws among all chains.
func drawChain(tokens int, s *stream.Stream) (*markov.Chain, error) {
	rows := make([][]float64, tokens)
	for a := range rows {
		rows[a] = make([]float64, tokens)
		s.Dirichlet(1, rows[a])
	}
	return markov.NewChain(rows)
}

// holds reports whether c holds a chain; exact but for the chain's rounding.
func (c *cell) holds(chain *markov.Chain, tokens int) bool {
	for a := range tokens {
		// All edges are level sets of an entry or of a difference of two.
		for b := range tokens {
			for d := b; d < tokens; d++ {
				lo, hi := c.rows[a].along(b, d, tokens)
				u := chain.P(a, b) * Unit
				if d != b {
					u -= chain.P(a, d) * Unit
				}
				if u < float64(lo) || u > float64(hi) {
					return false
				}
			}
		}
	}
	return true
}

// self tells whether c is the child itself.
func (c competitor) self() bool { return c == competitor{} }

// marginError is the oracle's error, as smallestMargin has it.
func marginError(c *markov.Chain) float64 { return 2000 * 0x1p-53 / slices.Min(c.Stationary()) }

// marginOf is the oracle's margin against one class of competitors.
func marginOf(c *markov.Chain, k competitor) float64 {
	kernel := chisq.NewKernel(c)
	value := kernel.Signal(0, 1)
	if !k.other {
		value -= kernel.Signal(k.p, k.q)
	}
	return value
}

// proofOf is what a region's prover says of a cell.
func proofOf(r Region, rows [maxTokens]simplex) proof { return newProver(r)(&cell{rows: rows}) }
