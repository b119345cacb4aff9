package necessity

import (
	"math"
	"slices"
	"testing"

	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

func newHunt(t *testing.T, question string, tokens int, seed uint64) *hunt {
	s, err := newSpace(question, Options{}.withDefaults(question))
	require.NoError(t, err)
	return &hunt{space: s, stream: stream.New(stream.Key{Seed: seed, Purpose: stream.Search}), cell: Cell{Length: 9, Tokens: tokens, Smallest: math.Inf(1)}}
}

// TestStartsKeepTheLowerBound: base chains satisfy A1 where it is kept, and so
// do complements; where it is dropped some entry is 0.
func TestStartsKeepTheLowerBound(t *testing.T) {
	for _, question := range []string{None, LowerBound} {
		h := newHunt(t, question, 3, 1)
		zeros := 0
		for range 300 {
			c := h.start()
			for _, row := range c.rows {
				least, most := slices.Min(row), slices.Max(row)
				if c.construction == Complement {
					least = min(least, 2./3-most)
				}
				if question == None {
					require.GreaterOrEqual(t, 3*least, h.space.gamma-1e-14) // a few roundings of numbers below 1
				} else if least == 0 {
					zeros++
				}
			}
		}
		require.Equal(t, question == LowerBound, zeros > 0)
	}
}

// TestDegenerateStarts: without A2 equal rows and nearly equal ones are drawn.
func TestDegenerateStarts(t *testing.T) {
	h := newHunt(t, NonDegeneracy, 2, 1)
	equal, near := 0, 0
	for range 300 {
		switch c := h.start(); {
		case c.rows[0][0] == c.rows[1][0]:
			equal++
		case math.Abs(c.rows[0][0]-c.rows[1][0]) < 0.3:
			near++
		}
	}
	require.Greater(t, equal, 75) // half of the draws, up to rounding of the blend
	require.Greater(t, near, 75)
}

// TestSharpenLowersTheMargin of a failure, and it stays one.
func TestSharpenLowersTheMargin(t *testing.T) {
	h := newHunt(t, ConstantMean, 2, 4)
	failures, improved := 0, 0
	for failures < 5 {
		require.Less(t, h.cell.Evaluations, 5000, "too few of the starts fail")
		c := h.start()
		before, failed := h.score(c)
		if !failed {
			continue
		}
		failures++
		spent := h.cell.Evaluations
		after, failed := h.space.fails(h.sharpen(c, before))
		require.True(t, failed)
		require.Equal(t, spent+sharpenSteps, h.cell.Evaluations)
		require.LessOrEqual(t, after.margin, before.margin)
		if after.margin < before.margin {
			improved++
		}
	}
	require.Positive(t, improved)
}

// TestFailuresAreSharp: run returns a failure after sharpening it, and the
// record is the failure's.
func TestFailuresAreSharp(t *testing.T) {
	h := newHunt(t, ConstantMean, 2, 1)
	c, found := h.run(2000)
	require.True(t, found)
	require.Greater(t, h.cell.Evaluations, sharpenSteps)
	got, failed := h.space.fails(c)
	require.True(t, failed)
	require.Negative(t, got.margin)
	require.Equal(t, h.cell.Smallest, got.margin)
}
