package necessity

import (
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"testing"

	"causalgrad/theory/close"
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

// TestRunSpendsWhatItMay, in the middle of a climb and between two.
func TestRunSpendsWhatItMay(t *testing.T) {
	for _, evaluations := range []int{1, climbSteps, climbSteps + 1, climbSteps + 2, 2*climbSteps + 2, 100} {
		h := newHunt(t, None, 2, 1)
		_, found := h.run(evaluations)
		require.False(t, found)
		require.Equal(t, evaluations, h.cell.Evaluations)
	}
}

// TestEdgelessIsNoFailure: no edge and no record.
func TestEdgelessIsNoFailure(t *testing.T) {
	h := newHunt(t, None, 2, 1)
	s, failed := h.score(candidate{forest: forest(t, -1, -1, -1), construction: Columns, rows: [][]float64{{0.75, 0.25}, {0.25, 0.75}}})
	require.False(t, failed)
	require.True(t, math.IsInf(s.margin, 1))
	require.Empty(t, h.cell.Forest)
}

// TestTemperMakesRoomForTheComplement: with gamma = 0.3 an entry is at most
// (2-0.3)/3, and a row is scaled about 1/3 until its largest is; then by another
// 1 - 0.3 share.
func TestTemperMakesRoomForTheComplement(t *testing.T) {
	h := newHunt(t, None, 3, 1)
	before := [][]float64{{0.8, 0.1, 0.1}, {0.5, 0.3, 0.2}, {0.25, 0.25, 0.5}}
	const third = 1. / 3
	for _, c := range []struct{ share, keep float64 }{{0, 1}, {0.5, 0.85}} {
		rows := make([][]float64, 3)
		for a, row := range before {
			rows[a] = slices.Clone(row)
		}
		h.temper(rows, c.share)
		for a, keep := range []float64{c.keep * (0.7 / 3) / (0.8 - third), c.keep, c.keep} {
			for b, v := range before[a] {
				// Some ten roundings of numbers below 1.
				require.NoError(t, close.Within(rows[a][b], third+keep*(v-third), 0, 20*0x1p-53))
			}
		}
	}
}

// TestMix: a weight of 1/4 moves by a quarter.
func TestMix(t *testing.T) {
	row := []float64{0.5, 0.5}
	mix(row, []float64{1, 0}, 0.25)
	require.Equal(t, []float64{0.625, 0.375}, row)
}

// TestHuntTakesOnePath: starts, moves and what run leaves are part of what a
// seed means, bit by bit, on every machine.
func TestHuntTakesOnePath(t *testing.T) {
	for _, c := range []struct {
		question       string
		tokens, length int
		effective      float64
		want           uint64
	}{
		{None, 3, 6, 4, 0x2f1aacc89128fcb4},
		{LowerBound, 2, 6, 4, 0x9c80d50845f11bef},
		{NonDegeneracy, 3, 5, 0, 0x821c314db6f2a0c4},
		{ConstantMean, 2, 6, 4, 0x4189aeddde08288e},
		{Symmetry, 3, 5, 0, 0x8236d679c27f1e17},
	} {
		h := newHunt(t, c.question, c.tokens, 5)
		h.cell.Length, h.space.effective = c.length, c.effective
		digest := fnv.New64a()
		write := func(c candidate) { fmt.Fprintln(digest, c.forest, c.construction, text(c.rows)) }
		for range 20 {
			at := h.start()
			for step := range 20 {
				write(at)
				at = h.move(at, step)
			}
		}
		found, failed := h.run(600)
		if failed {
			write(found)
		}
		fmt.Fprintln(digest, h.cell.Evaluations, h.cell.Smallest, h.cell.Forest, h.cell.Chain, h.cell.Prior)
		require.Equal(t, c.want, digest.Sum64(), c.question)
	}
}
