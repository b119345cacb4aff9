package firststep

import (
	"math"
	"math/big"
	"testing"

	"causalgrad/theory/close"

	"github.com/stretchr/testify/require"
)

// powers is x^0..x^n, each rounded once, from 200-bit arithmetic.
func powers(x float64, n int) []float64 {
	base := new(big.Float).SetPrec(200).SetFloat64(x)
	product := new(big.Float).SetPrec(200).SetInt64(1)
	list := make([]float64, n+1)
	for e := range list {
		list[e], _ = product.Float64()
		product.Mul(product, base)
	}
	return list
}

func TestRuleIntegratesReciprocals(t *testing.T) {
	for _, length := range []int{3, 4, 5, 20, 61, 200, 1024} {
		for _, beta := range []float64{0, 1e-9, 1e-3, 0.3, 1, 7.3, 100, 1e4, 1e9} {
			r := newRule(length, beta)
			require.Len(t, r.node, rulePoints(length))
			sums := make([]float64, length)
			for j, z := range r.node {
				require.True(t, z > 0 && (z < 1 || beta > 1e8 && z == 1), "node %v", z)
				require.Positive(t, r.weight[j])
				for e, p := range powers(z, length-1) {
					sums[e] += r.weight[j] * p
				}
			}
			for e, sum := range sums {
				// A node is right to half an ulp, which a power of at most T-1
				// multiplies by T-1; weights and the sum add a few roundings.
				want := 1 / (float64(e+1) + beta)
				require.NoError(t, close.Within(sum, want, (float64(length)+8)*0x1p-53, 0),
					"T = %d, beta = %g, power %d", length, beta, e)
			}
		}
	}
}

// TestRulePointsAreEnough checks the bound in rulePoints directly: the tail of
// the binomial distribution, which is what the polynomial approximation leaves out, at
// the degree that m Gauss points integrate.
func TestRulePointsAreEnough(t *testing.T) {
	for _, length := range []int{3, 10, 50, 51, 100, 1000, 4096} {
		m, n := rulePoints(length), length-1
		if 2*m-1 >= n {
			continue // exact
		}
		tail := 0.0 // P(Bin(2n, 1/2) > n+2m-1)
		for j := n + 2*m; j <= 2*n; j++ {
			tail += math.Exp(logBinomial(2*n, j) - 2*float64(n)*math.Ln2)
		}
		// Quadrature error at most 2 (two-sided tail)/(1+beta), asked below
		// 2^-56/(n+1+beta).
		require.Less(t, 4*tail*float64(n+1), 0x1p-56, "T = %d, %d points", length, m)
		require.Greater(t, rulePoints(length+1), 0)
	}
}

func logBinomial(n, k int) float64 {
	gamma := func(x int) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	return gamma(n) - gamma(k) - gamma(n-k)
}

// TestRulePoints: T/2 points, rounded up, until sqrt(ln2 (58 + bits of T) (T-1)/4)
// is less, worked out by hand to two digits after the point.
func TestRulePoints(t *testing.T) {
	for length, want := range map[int]int{
		3: 2, 4: 2, 5: 3, 20: 10, 41: 21,
		48:   23,  // sqrt(0.6931 * 64 * 47/4) = 22.83
		64:   27,  // sqrt(0.6931 * 65 * 63/4) = 26.64
		200:  48,  // sqrt(0.6931 * 66 * 199/4) = 47.71
		1023: 110, // sqrt(0.6931 * 68 * 1022/4) = 109.74
		1024: 111, // sqrt(0.6931 * 69 * 1023/4) = 110.60
	} {
		require.Equal(t, want, rulePoints(length), "T = %d", length)
	}
}
