package necessity

import (
	"math"
	"strconv"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/condition"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

func TestStarChainSatisfiesTheHypotheses(t *testing.T) {
	for _, delta := range []float64{1. / 6, 0.02} {
		c, err := StarChain(delta)
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
		_, err := StarChain(delta)
		require.ErrorContains(t, err, "delta = ")
	}
}

// TestStarFailsAtEveryLength: the parent's signal leads by all of it, the first
// step prefers a sibling, and the effective length tends to 1/rho^2.
func TestStarFailsAtEveryLength(t *testing.T) {
	for _, delta := range []float64{1. / 6, 0.05} {
		rows, err := Star(delta, []int{4, 5, 6, 12, 30, 100, 300})
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
	rows, err := Star(0.32, []int{9, 10})
	require.NoError(t, err)
	require.Positive(t, rows[0].Margin)
	require.Negative(t, rows[1].Margin)
	for _, length := range []int{2, math.MinInt, math.MaxInt} {
		_, err = Star(0.1, []int{length})
		require.ErrorContains(t, err, "star: length "+strconv.Itoa(length)+": ")
	}
}

// TestStarInRationalArithmetic proves two rows of the table, with the two
// chains of the prior.
func TestStarInRationalArithmetic(t *testing.T) {
	rows, err := Star(1./6, []int{5, 8})
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
