package stat

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/close"
)

func TestBinomialTestAgreesWithScipy(t *testing.T) {
	for _, c := range []struct {
		k, n            int
		p, want, within float64 // scipy.stats.binomtest(k, n, p).pvalue
	}{
		{3, 15, 0.1, 0.18406106910639106, referenceTolerance},
		{682, 925, 0.75, 0.3824915595748517, referenceTolerance}, // R's ?binom.test, Conover (1971): 0.3825
		{19, 20, 0.5, 4.00543212890625e-05, referenceTolerance},
		{5, 10, 0.5, 1, referenceTolerance},
		{0, 10, 0.2, 0.22824806400000008, referenceTolerance},
		{10, 10, 0.97, 1, referenceTolerance},
		{2, 10, 0.35, 0.5101118822646484, referenceTolerance},
		{7, 10, 0.35, 0.03948702384111328, referenceTolerance},
		{0, 5, 0, 1, 0},
		{29, 99, 0.29, 1, referenceTolerance}, // 28 and 29 are equally likely, but 0.29 * 100 rounds below 29
		// A million trials: 1e-9 between the incomplete beta functions, times the terms.
		{140000, 1000000, 0.14, 1, 1e-8},
		{141000, 1000000, 0.14, 0.003988445728456464, 1e-8},
		{30, 1000000, 1e-5, 2.5094634430504815e-07, 1e-8},
		{999980, 1000000, 0.99999, 0.00395355282804076, 1e-8},
	} {
		o, err := BinomialTest(c.k, c.n, c.p, 0.05)
		require.NoError(t, err)
		require.NoError(t, close.Within(o.P, c.want, c.within, 0), "%+v", c)
	}
}

func TestBinomialTestOfCertainty(t *testing.T) {
	o, err := BinomialTest(1, 5, 0, 0.05)
	require.NoError(t, err)
	require.Equal(t, 0.0, o.P)
	o, err = BinomialTest(5, 5, 1, 0.05)
	require.NoError(t, err)
	require.Equal(t, 1.0, o.P)
	o, err = BinomialTest(4, 5, 1, 0.05)
	require.NoError(t, err)
	require.Equal(t, Different, o.Verdict)
}

func TestBinomialTestWarnsOfTooFewTrials(t *testing.T) {
	o, err := BinomialTest(0, 5, 0.5, 0.05)
	require.NoError(t, err)
	near(t, 0.0625, o.LeastP) // 2/2^5
	require.Equal(t, []string{"need more trials to call anything different at alpha 0.05: the least possible P here is 0.0625"}, o.Warnings)
}

// In rational arithmetic: sum the probabilities of all counts no likelier than k. Ties are exact there.
func TestBinomialTestAgainstRationals(t *testing.T) {
	for n := 1; n <= 12; n++ {
		for num := int64(1); num < 8; num++ {
			prob := rationalBinomial(n, big.NewRat(num, 8))
			for k := range n + 1 {
				total := new(big.Rat)
				for _, q := range prob {
					if q.Cmp(prob[k]) <= 0 {
						total.Add(total, q)
					}
				}
				want, _ := total.Float64()
				o, err := BinomialTest(k, n, float64(num)/8, 0.05)
				require.NoError(t, err)
				// 1e-13: two incomplete beta functions, each to some 100 units of 2^-53.
				require.NoError(t, close.Within(o.P, want, 1e-13, 0), "%d of %d at %d/8", k, n, num)
			}
		}
	}
}

// rationalBinomial is the distribution of the count, by adding one trial at a time.
func rationalBinomial(n int, p *big.Rat) []*big.Rat {
	q := new(big.Rat).Sub(big.NewRat(1, 1), p)
	prob := []*big.Rat{big.NewRat(1, 1)}
	for range n {
		next := make([]*big.Rat, len(prob)+1)
		for i := range next {
			next[i] = new(big.Rat)
			if i < len(prob) {
				next[i].Add(next[i], new(big.Rat).Mul(prob[i], q))
			}
			if i > 0 {
				next[i].Add(next[i], new(big.Rat).Mul(prob[i-1], p))
			}
		}
		prob = next
	}
	return prob
}
