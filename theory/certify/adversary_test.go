package certify

import (
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// A cell that was once certified with the bound 0.00371, by a sum of two minima
// over the third row that are attained at different rows: it contains a chain
// with margin -0.0153.
func TestAMinimumIsNotExchangedWithASum(t *testing.T) {
	c := cell{rows: [maxTokens]simplex{
		{{3072, 18176, 11520}, {2944, 18176, 11648}, {3072, 18048, 11648}},
		{{6784, 8192, 17792}, {6912, 8064, 17792}, {6912, 8192, 17664}},
		{{0, 4096, 28672}, {4096, 4096, 24576}, {0, 8192, 24576}},
	}}
	rows := [][]float64{{.0929012, .5533303, .3537685}, {.2079140, .2491931, .5428929}, {.0300184, .125, .8449816}}
	chain, err := markov.NewChain(rows)
	require.NoError(t, err)
	require.True(t, c.holds(chain, 3))
	margin := marginOf(chain, competitor{})
	require.InDelta(t, -0.0153, margin, 5e-5, "the digits that are known")
	enclosure := selfMargin(&c)
	require.LessOrEqual(t, enclosure.Lo, margin)
	require.GreaterOrEqual(t, enclosure.Hi, margin)
	r := Region{Forest: chainForest(t, 5), Tokens: 3, Self: true}
	require.Equal(t, verdict.Undecided, newProver(r)(&c).verdict)
}

// worst walks downhill: it moves one row's weights at a time towards another
// point of the cell while the margin gets smaller (sign 1) or larger (-1), and
// returns the most extreme margin it meets.
func worst(c *cell, sign float64, s *stream.Stream) (margin, tolerance float64, found bool) {
	var weights [maxTokens][]float64
	for a := range weights {
		weights[a] = make([]float64, maxTokens)
		s.Dirichlet(1, weights[a])
	}
	at := func() (float64, float64, bool) {
		rows := make([][]float64, maxTokens)
		for a := range rows {
			rows[a] = make([]float64, maxTokens)
			for v, w := range weights[a] {
				for b, x := range c.rows[a][v].point() {
					rows[a][b] += w * x
				}
			}
		}
		chain, err := markov.NewChain(rows)
		if err != nil {
			return 0, 0, false // reducible
		}
		return marginOf(chain, competitor{}), marginError(chain), true
	}
	margin, tolerance, found = at()
	step, other := 1.0, make([]float64, maxTokens)
	for try := 0; try < 60 && step > 1./64; try++ {
		a := s.IntN(maxTokens)
		if s.Dirichlet(0.3, other); try < 9 { // corners first
			clear(other)
			other[try%3] = 1
			a = try / 3
		}
		before := weights[a]
		weights[a] = make([]float64, maxTokens)
		for v := range before {
			weights[a][v] = (1-step)*before[v] + step*other[v]
		}
		if m, e, ok := at(); ok && (!found || sign*m < sign*margin) {
			margin, tolerance, found = m, e, true
			continue
		}
		weights[a] = before
		if try >= 9 {
			step *= 0.9
		}
	}
	return margin, tolerance, found
}

// An adversary minimises the margin inside certified cells of three tokens, and
// maximises it inside refuted ones, and never passes the bound. Cells are taken
// as they come, so that the largest, where bounds are worst, are all tried.
func TestAnAdversaryFindsNothingBeyondABound(t *testing.T) {
	alone, err := graph.NewForest([]int{-1, 0})
	require.NoError(t, err)
	s := stream.New(stream.Key{Seed: 13, Purpose: stream.Law})
	tried := map[verdict.Verdict]int{}
	slack := 0.0
	r := Region{Forest: alone, Tokens: 3, Self: true, MinWidth: minWidthThree, MaxCells: 12000}
	_, err = certify(r, func(c *cell, p proof) {
		sign := map[verdict.Verdict]float64{verdict.Holds: 1, verdict.Fails: -1}[p.verdict]
		if sign == 0 || tried[p.verdict] >= 90 {
			return
		}
		margin, tolerance, found := worst(c, sign, s)
		if !found {
			return
		}
		tried[p.verdict]++
		slack += sign * (margin - p.bound)
		require.GreaterOrEqual(t, sign*(margin-p.bound), -tolerance, "%v %v: margin %v", c.rows, p, margin)
	})
	require.NoError(t, err)
	require.Equal(t, map[verdict.Verdict]int{verdict.Holds: 90, verdict.Fails: 90}, tried)
	// It is an adversary to be feared: its margins come close to the bounds.
	require.Less(t, slack/180, 0.2)
}
