package stat

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/close"
)

func TestMultinomialAgreesWithScipy(t *testing.T) {
	for _, c := range []struct {
		counts   []int
		probs    []float64
		p, least float64 // sums of scipy.stats.multinomial(n, probs).pmf over all outcomes no likelier
	}{
		{[]int{3, 5, 2}, []float64{0.2, 0.5, 0.3}, 0.6456250000000004, 1.0240000000000004e-07},
		{[]int{1, 2, 6}, []float64{0.25, 0.5, 0.25}, 0.030593872070312507, 7.629394531250002e-06},
		{[]int{5, 0, 0, 1}, []float64{0.25, 0.25, 0.25, 0.25}, 0.018554687500000007, 0.0009765625000000007},
		{[]int{4, 6}, []float64{0.5, 0.5}, 0.7539062500000017, 0.0019531250000000017},
		{[]int{2, 1, 7, 0}, []float64{0.1, 0.2, 0.3, 0.4}, 0.003970592800000003, 1.0000000000000031e-10},
	} {
		g, err := MultinomialTest(c.counts, c.probs, 0.05)
		require.NoError(t, err)
		near(t, c.p, g.P)
		near(t, c.least, g.LeastP)
	}
}

// All 3^6 sequences of draws, one by one, in rational arithmetic.
func TestMultinomialAgainstEnumerationOfSequences(t *testing.T) {
	const n = 6
	eighths := [3]int64{1, 3, 4}
	mass := map[[3]int]*big.Rat{}
	for code := range 729 {
		var counts [3]int
		p := big.NewRat(1, 1)
		for rest := code + 729; rest > 1; rest /= 3 { // the leading 1 stops after n digits
			counts[rest%3]++
			p.Mul(p, big.NewRat(eighths[rest%3], 8))
		}
		if mass[counts] == nil {
			mass[counts] = new(big.Rat)
		}
		mass[counts].Add(mass[counts], p)
	}
	for counts, own := range mass {
		total := new(big.Rat)
		for _, m := range mass {
			if m.Cmp(own) <= 0 {
				total.Add(total, m)
			}
		}
		want, _ := total.Float64()
		g, err := MultinomialTest(counts[:], []float64{0.125, 0.375, 0.5}, 0.05)
		require.NoError(t, err)
		require.Equal(t, n, g.N)
		// exp of a sum of logs under 10, each rounded at 2^-53 of its size: 1e-14, over 28 outcomes 1e-13.
		require.NoError(t, close.Within(g.P, want, 1e-13, 0), "%v", counts)
	}
}

// With two cells the test is the binomial one.
func TestMultinomialOfTwoCellsIsBinomial(t *testing.T) {
	for k := range 31 {
		g, err := MultinomialTest([]int{k, 30 - k}, []float64{0.3, 0.7}, 0.05)
		require.NoError(t, err)
		o, err := BinomialTest(k, 30, 0.3, 0.05)
		require.NoError(t, err)
		near(t, o.P, g.P)
		near(t, o.LeastP, g.LeastP)
	}
}

func TestMultinomialRefusesTooManyOutcomes(t *testing.T) {
	_, err := MultinomialTest([]int{200, 200, 200, 200}, []float64{0.25, 0.25, 0.25, 0.25}, 0.05)
	require.ErrorContains(t, err, "expected at most 1048576 (ChiSquareTest has no limit)")
	// One count in many cells is few outcomes and must not take the square of the cells.
	const cells = 1 << 18
	counts, probs := make([]int, cells), make([]float64, cells)
	for i := range probs {
		probs[i] = 1.0 / cells
	}
	counts[17] = 1
	g, err := MultinomialTest(counts, probs, 0.05)
	require.NoError(t, err)
	near(t, 1, g.P)
}
