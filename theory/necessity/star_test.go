package necessity

import (
	"fmt"
	"math"
	"strconv"
	"testing"

	"causalgrad/theory/chisq"
	"causalgrad/theory/close"
	"causalgrad/theory/condition"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

func TestStarChainSatisfiesTheHypotheses(t *testing.T) {
	for _, delta := range []float64{1. / 6, 0.02} {
		c, err := starChain(delta)
		require.NoError(t, err)
		f, err := star(5)
		require.NoError(t, err)
		report, err := condition.Check(f, several{c, c.Relabelled([]int{1, 0, 2})}, condition.Options{})
		require.NoError(t, err)
		for _, id := range []string{condition.LowerBound, condition.NonDegeneracy, condition.Symmetry, condition.ConstantMean} {
			finding, _ := report.Finding(id)
			require.Equal(t, verdict.Holds, finding.Verdict, id)
		}
		lower, _ := report.Finding(condition.LowerBound)
		norm, _ := report.Finding(condition.NonDegeneracy)
		// Differences of numbers of size 1 in units of delta.
		require.NoError(t, close.Within(lower.Number, 1-3*delta, 1e-13, 0))
		require.NoError(t, close.Within(norm.Number, math.Sqrt(6)*delta, 1e-13, 0))
		rho, err := c.SecondSingularValue()
		require.NoError(t, err)
		require.NoError(t, close.Within(rho*rho, 3*delta*delta, 1e-12, 0))
	}
	for _, delta := range []float64{0, 1. / 3, math.NaN()} {
		_, err := starChain(delta)
		require.ErrorContains(t, err, "delta = ")
	}
}

// TestStarFailsAtEveryLength: the parent's signal leads by all of it, the first
// step prefers a sibling, and the effective length tends to 1/rho^2.
func TestStarFailsAtEveryLength(t *testing.T) {
	for _, delta := range []float64{1. / 6, 0.05} {
		rows, err := onStars(delta, []int{4, 5, 6, 12, 30, 100, 300})
		require.NoError(t, err)
		require.Positive(t, rows[0].Margin)
		for n, row := range rows {
			require.NoError(t, close.Within(row.SignalMargin, 1, 1e-12, 0)) // siblings and self have signal 0
			require.Less(t, row.EffectiveLength, 1/(3*delta*delta))
			if n == 0 {
				continue
			}
			require.Negative(t, row.Margin, "T = %d", row.Length)
			require.Equal(t, []int{2, 1}, []int{row.Child, row.Competitor})
			require.Greater(t, row.EffectiveLength, rows[n-1].EffectiveLength)
		}
	}
	// Nearer to 1/3 the failure comes later.
	rows, err := onStars(0.32, []int{9, 10})
	require.NoError(t, err)
	require.Positive(t, rows[0].Margin)
	require.Negative(t, rows[1].Margin)
	for _, length := range []int{2, math.MinInt, math.MaxInt} {
		_, err = onStars(0.1, []int{length})
		require.ErrorContains(t, err, "star: length "+strconv.Itoa(length)+": ")
	}
}

// TestStarInRationalArithmetic proves two rows of the table, with the two
// chains of the prior.
func TestStarInRationalArithmetic(t *testing.T) {
	rows, err := onStars(1./6, []int{5, 8})
	require.NoError(t, err)
	require.Len(t, rows, 2)
	for _, row := range rows {
		f, err := star(row.Length)
		require.NoError(t, err)
		p, err := prove(f, Complement, ratios([][]int{{2, 1, 3}, {3, 2, 1}, {1, 3, 2}}, 6), nil)
		require.NoError(t, err)
		require.Negative(t, p.margin.Sign())
		require.Equal(t, []int{row.Child, row.Competitor}, []int{p.child, p.competitor})
	}
}

// TestNearlyEqualRowsLoseAtEveryLength: with a constant mean but rows that
// differ by little, the lead is linear in their difference (the signal is
// quadratic) and negative, however long the star.
func TestNearlyEqualRowsLoseAtEveryLength(t *testing.T) {
	direction := [][]float64{{0.0024, 0.0017, -0.0041}, {-0.0034, 0.0002, 0.0032}, {0.0010, -0.0019, 0.0009}}
	mu := []float64{0.08, 0.51, 0.41}
	for _, length := range []int{12, 24, 48} {
		f, err := star(length)
		require.NoError(t, err)
		lead := func(scale float64) float64 {
			rows := make([][]float64, 3)
			for a := range rows {
				for b := range mu {
					rows[a] = append(rows[a], mu[b]+scale*direction[a][b])
				}
			}
			got, ok := space{}.evaluate(candidate{forest: f, construction: Complement, rows: rows})
			require.True(t, ok)
			return got.margin
		}
		small, smaller := lead(0.1), lead(0.01)
		require.Negative(t, small)
		// Linear up to the quadratic term, a few per cent at this size.
		require.NoError(t, close.Within(small/smaller, 10, 0.1, 0))
	}
}

// The star, where every position but the first is a child of the first, shows
// that effective length, not length, carries the theorem. Given the root's
// token the frequencies of a star do not settle at the stationary distribution however
// long it is: their shift is of the size of B, and moves the gradient by as
// much as the signal, B^2. T_eff says so, it tends to 1/rho^2.

// starRow is the outcome on the star of one length.
type starRow struct {
	Length          int
	EffectiveLength float64
	// Margin is the smallest lead of a parent over its strongest competitor,
	// relative to the row's largest entry; negative: the first step misses it.
	Margin     float64
	Child      int
	Competitor int
	// SignalMargin is the same on the signal.
	SignalMargin float64
}

// starChain is the chain of three tokens whose rows are the cyclic shifts of
// 1/3, 1/3-delta, 1/3+delta, for 0 < delta < 1/3. It and its transpose, its only
// other relabelled copy, make a prior that satisfies A1 with gamma = 1-3 delta,
// A2 with ||B||_F = sqrt(6) delta, A3 and A4; rho^2 = 3 delta^2 = ||B||_F^2/2.
func starChain(delta float64) (*markov.Chain, error) {
	const third = 1. / 3
	if !(delta > 0 && delta < third) {
		return nil, fmt.Errorf("star: delta = %v, want a number strictly between 0 and 1/3", delta)
	}
	row := []float64{third, third - delta, third + delta}
	return markov.NewChain([][]float64{{row[0], row[1], row[2]}, {row[2], row[0], row[1]}, {row[1], row[2], row[0]}})
}

// onStars evaluates the first step on stars with the prior of starChain (one
// chain of it: the other has the same gradient). It fails from T = 5 on for
// delta up to 1/6 and from a later length on for a larger one (T = 10 at 0.32),
// at every delta and length that was tried, while the signal has the parent
// ahead. Since T_eff comes as near to 1/rho^2 = 2/||B||_F^2 as one likes, the
// theorem's requirement on T_eff can be no smaller than 2/gamma^2 for S = 3.
func onStars(delta float64, lengths []int) ([]starRow, error) {
	c, err := starChain(delta)
	if err != nil {
		return nil, err
	}
	var rows []starRow
	for _, length := range lengths {
		f, err := star(length)
		if err != nil {
			return nil, fmt.Errorf("star: length %d: %w", length, err)
		}
		rho, err := c.SecondSingularValue()
		if err != nil {
			return nil, fmt.Errorf("star: length %d: %w", length, err)
		}
		effective := condition.CountDistances(f).EffectiveLength(rho)
		got, ok := space{}.evaluate(candidate{forest: f, construction: Point, rows: c.Rows()})
		if !ok {
			return nil, fmt.Errorf("star: length %d: no gradient", length)
		}
		rows = append(rows, starRow{
			Length: length, EffectiveLength: effective, Margin: got.margin, Child: got.child, Competitor: got.competitor,
			SignalMargin: worstRow(f, chisq.Compute(f, c).Signal).margin,
		})
	}
	return rows, nil
}

func star(length int) (graph.Forest, error) {
	if length < graph.MinSequenceLength || length > graph.MaxSequenceLength {
		return graph.Forest{}, fmt.Errorf("want %d to %d", graph.MinSequenceLength, graph.MaxSequenceLength)
	}
	parents := make([]int, length-1)
	parents[0] = graph.Root
	return graph.NewForest(parents)
}
