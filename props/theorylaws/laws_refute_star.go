package theorylaws

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"causalgrad/props"
	"causalgrad/props/oracle"
	"causalgrad/theory/graph"
	"causalgrad/theory/necessity"
	"pgregory.net/rapid"
)

// starLaws are about the forest on which length does not help.
func starLaws() []props.Law {
	needs := []props.Capability{CanRefute}
	return []props.Law{
		{ID: "star-exactly", Source: "theorems.md T1", Needs: needs, Draws: 8, Check: starExactly,
			Sentence: "On a star the margin, its child and its competitor are those of the exact first step, and the signal has the parent ahead by all of it."},
		{ID: "star-effective-length", Source: "theorems.md T1", Needs: needs, Draws: 20, Check: starEffectiveLength,
			Sentence: "The effective length of stars rises with T below 1/rho^2 = 1/(3 delta^2), by its definition."},
		{ID: "star-fails", Source: "theorems.md T1", Needs: needs, Draws: 10, Check: starFails,
			Sentence: "On a star the first step misses a parent from T = 5 on for delta up to 1/6, from T = 12 on for delta up to 0.31; at T = 4 it misses none."},
		{ID: "star-refusals", Source: "theory.md section 4", Needs: needs, Draws: 20, Check: starRefusals,
			Sentence: "A delta that is not strictly between 0 and 1/3, or a length out of bounds, is refused with an error that names it."},
	}
}

func askStar(t *rapid.T, s props.Subject, delta float64, lengths ...int) (props.Case, []necessity.StarRow) {
	c := props.Case{}.Where("stars of lengths %v, delta %v", lengths, delta)
	rows := props.Ask(t, c, "star", func() ([]necessity.StarRow, error) { return s.(Refuter).Star(delta, lengths) })
	props.Demand(t, c, len(rows) == len(lengths), "rows", strconv.Itoa(len(lengths)), strconv.Itoa(len(rows)))
	for n, row := range rows {
		props.Equal(t, c, "length", []int{row.Length}, []int{lengths[n]})
		props.Finite(t, c, "numbers", []float64{row.EffectiveLength, row.Margin, row.SignalMargin}, 3)
	}
	return c, rows
}

// drawDelta draws a multiple of 1/300 below 1/3.
func drawDelta(t *rapid.T) *big.Rat {
	return big.NewRat(int64(rapid.IntRange(5, 93).Draw(t, "delta")), 300)
}

// starPrior is the chain whose rows are the shifts of 1/3, 1/3-delta, 1/3+delta.
func starPrior(delta *big.Rat) oracle.Ratios {
	third := big.NewRat(1, 3)
	row := []*big.Rat{third, new(big.Rat).Sub(third, delta), new(big.Rat).Add(third, delta)}
	return oracle.Ratios{{row[0], row[1], row[2]}, {row[2], row[0], row[1]}, {row[1], row[2], row[0]}}
}

func starForest(length int) (graph.Forest, error) {
	parents := make([]int, length-1)
	parents[0] = graph.Root
	return graph.NewForest(parents)
}

func starExactly(t *rapid.T, s props.Subject) {
	exact, length := drawDelta(t), rapid.IntRange(3, 6).Draw(t, "length")
	delta, _ := exact.Float64()
	c, rows := askStar(t, s, delta, length)
	f, err := starForest(length)
	props.Demand(t, c, err == nil, "forest", "a star", fmt.Sprint(err))
	prior := []oracle.Ratios{starPrior(exact)}
	worst, ok := oracle.SmallestLead(f, prior)
	props.Demand(t, c, ok, "first step", "a gradient with an edge", "none")
	relative, _ := worst.Relative.Float64()
	// Entries are right to 1e-12 of the largest; delta >= 1/60 makes a row at
	// least delta^2 > 1e-4 of it.
	props.Within(t, c, "margin", rows[0].Margin, relative, 1e-8)
	// Siblings tie: another pair may be named, with the same margin.
	step, _ := oracle.ExactFirstStep(f, prior)
	row := rows[0]
	known := row.Child > 0 && row.Child < f.Positions() && row.Competitor > 0 && row.Competitor <= row.Child
	props.Demand(t, c, known, "child and competitor", "a child and a position up to it", fmt.Sprint(row.Child, row.Competitor))
	named := oracle.ExactLead(step[row.Child], 0, row.Competitor)
	same, _ := named.Sub(named, worst.Relative).Float64()
	props.Within(t, c, fmt.Sprintf("margin of child %d over %d less the smallest", row.Child, row.Competitor), same, 0, 1e-8)
	// A sibling's signal is tr(R^2 P^2) - 1 = tr(B^T B B), relative to |B|^2 0 for
	// this chain, and tr(P) = 1 makes the child's own 0.
	props.Within(t, c, "margin of the signal", rows[0].SignalMargin, 1, 1e-10)
}

func starEffectiveLength(t *rapid.T, s props.Subject) {
	delta, _ := drawDelta(t).Float64()
	lengths := []int{rapid.IntRange(3, 10).Draw(t, "length")}
	for range 2 {
		lengths = append(lengths, lengths[len(lengths)-1]+rapid.IntRange(1, 30).Draw(t, "more"))
	}
	c, rows := askStar(t, s, delta, lengths...)
	for n, row := range rows {
		// T-1 positions, of which T-2 are leaves, and the last: T pairs of one, T-2
		// edges and (T-2)(T-3)/2 pairs of leaves, each both ways.
		size, leaves, square := float64(row.Length), float64(row.Length-2), 3*delta*delta
		want := size * size / (size + 2*leaves*math.Sqrt(square) + leaves*(leaves-1)*square)
		props.Within(t, c, fmt.Sprintf("effective length at T = %d", row.Length), row.EffectiveLength, want, 1e-6*want) // rho has half the digits
		props.AtMost(t, c, "effective length", row.EffectiveLength, 1/square, 0)
		if n > 0 {
			props.AtLeast(t, c, "effective length", row.EffectiveLength, rows[n-1].EffectiveLength, 0)
		}
	}
}

// starFails: what was found on a grid of delta and T, not a theorem.
func starFails(t *rapid.T, s props.Subject) {
	delta, _ := drawDelta(t).Float64()
	least := 5
	if delta > 1./6 {
		least = 12
	}
	c, rows := askStar(t, s, delta, 4, rapid.IntRange(least, 40).Draw(t, "length"))
	props.AtLeast(t, c, "margin at T = 4", rows[0].Margin, 1e-9, 0)
	props.AtMost(t, c, fmt.Sprintf("margin from T = %d on", least), rows[1].Margin, -1e-9, 0)
}

func starRefusals(t *rapid.T, s props.Subject) {
	delta, lengths := 0.1, []int{5, 6}
	names := ""
	if rapid.Bool().Draw(t, "delta is wrong") {
		delta = rapid.SampledFrom([]float64{0, -0.1, 1. / 3, 0.5, math.NaN(), math.Inf(1)}).Draw(t, "no delta")
		names = fmt.Sprintf("delta = %v", delta)
	} else {
		lengths = slices.Insert(lengths, rapid.IntRange(0, 2).Draw(t, "place"), rapid.SampledFrom([]int{2, 0, -1, math.MinInt, math.MaxInt}).Draw(t, "no length"))
		names = "length " + strconv.Itoa(spoilt(lengths))
	}
	_, err := props.Guarded(func() ([]necessity.StarRow, error) { return s.(Refuter).Star(delta, lengths) })
	ok := err != nil && strings.Contains(err.Error(), names) && !strings.Contains(err.Error(), "\n") && !strings.HasPrefix(err.Error(), "panic")
	props.Demand(t, props.Case{}.Where("stars of lengths %v, delta %v", lengths, delta), ok, "star", "an error of one line about "+names, fmt.Sprint(err))
}

// spoilt is the length that is out of bounds.
func spoilt(lengths []int) int {
	if largest := slices.Max(lengths); largest > graph.MaxSequenceLength {
		return largest
	}
	return slices.Min(lengths)
}
