package markov

import (
	"math"
	"math/big"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawn is a random chain for tests: Dirichlet(alpha) rows over s tokens.
func drawn(t *rapid.T) *Chain {
	s := rapid.IntRange(2, 6).Draw(t, "tokens")
	alpha := rapid.SampledFrom([]float64{0.1, 0.3, 1, 3}).Draw(t, "alpha")
	p := make([]float64, s*s)
	Dirichlet{s, alpha}.Draw(stream.New(stream.Key{Seed: rapid.Uint64().Draw(t, "seed")}), p)
	c, err := NewChain(nested(p, s))
	require.NoError(t, err)
	return c
}

func nested(p []float64, s int) [][]float64 {
	rows := make([][]float64, s)
	for a := range rows {
		rows[a] = p[a*s : (a+1)*s]
	}
	return rows
}

// rationalStationary solves mu pi = mu exactly, the diagonal being what the
// other entries leave, as GTH reads it.
func rationalStationary(c *Chain) []*big.Rat {
	s := c.Tokens()
	// Rows 0..s-2: sum_a mu_a (pi[a][b] - 1[a=b]) = 0; row s-1: sum mu = 1.
	m := make([][]*big.Rat, s)
	for b := range m {
		m[b] = make([]*big.Rat, s+1)
		for a := range s {
			m[b][a] = new(big.Rat).SetFloat64(c.P(a, b))
			if a == b {
				m[b][a].SetInt64(0)
				for d := range s {
					if d != a {
						m[b][a].Sub(m[b][a], new(big.Rat).SetFloat64(c.P(a, d)))
					}
				}
			}
			if b == s-1 {
				m[b][a].SetInt64(1)
			}
		}
		m[b][s] = new(big.Rat).SetInt64(int64((b + 1) / s))
	}
	return solve(m)
}

// solve is Gauss-Jordan elimination on an augmented rational matrix.
func solve(m [][]*big.Rat) []*big.Rat {
	n := len(m)
	for col := range n {
		for row := col; row < n; row++ {
			if m[row][col].Sign() != 0 {
				m[row], m[col] = m[col], m[row]
				break
			}
		}
		for row := range n {
			if row == col {
				continue
			}
			f := new(big.Rat).Quo(m[row][col], m[col][col])
			for k := col; k <= n; k++ {
				m[row][k].Sub(m[row][k], new(big.Rat).Mul(f, m[col][k]))
			}
		}
	}
	x := make([]*big.Rat, n)
	for i := range x {
		x[i] = new(big.Rat).Quo(m[i][n], m[i][i])
	}
	return x
}

// gthTolerance bounds the relative error of every component of GTH:
// O'Cinneide's bound is 2 s^3 units of rounding; s <= 6 in these tests.
const gthTolerance = 2 * 6 * 6 * 6 * 0x1p-53

func requireExactStationary(t require.TestingT, c *Chain) {
	for a, want := range rationalStationary(c) {
		w, _ := want.Float64()
		require.NoError(t, close.Within(c.Stationary()[a], w, gthTolerance, 0), "mu[%d] of %v", a, c.Rows())
	}
}

func TestStationaryAgainstRational(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { requireExactStationary(t, drawn(t)) })
}

func TestStationaryOfNearlyDeterministicChains(t *testing.T) {
	for _, tiny := range []float64{1e-12, 1e-15, 1e-100} {
		for _, rows := range [][][]float64{
			{{1 - tiny, tiny}, {3 * tiny, 1 - 3*tiny}},
			{{1 - tiny, tiny, 0}, {0, 1 - 2*tiny, 2 * tiny}, {5 * tiny, 0, 1 - 5*tiny}},
			{{0, 1 - tiny, tiny}, {tiny, 0, 1 - tiny}, {1 - tiny, tiny, 0}},
			{{1 - tiny, tiny, 0}, {0.5, 0, 0.5}, {0, tiny, 1 - tiny}},
		} {
			c, err := NewChain(rows)
			require.NoError(t, err)
			requireExactStationary(t, c)
		}
	}
}

func TestStationaryOverManyOrdersOfMagnitude(t *testing.T) {
	// Birth-death chains whose distribution grows by 1/tiny per step: the second one's
	// unnormalised distribution leaves the range of float64 and its smallest entries
	// underflow to 0, which NewChain refuses and Stationary must survive.
	stationary := func(tiny float64) []float64 {
		p := []float64{tiny, 1 - tiny, 0, 0, tiny, 0, 1 - tiny, 0, 0, tiny, 0, 1 - tiny, 0, 0, tiny, 1 - tiny}
		mu := make([]float64, 4)
		Stationary(p, 4, mu, make([]float64, 16))
		return mu
	}
	require.NoError(t, close.AllWithin(stationary(1e-100), []float64{1e-300, 1e-200, 1e-100, 1}, gthTolerance, 0))
	require.NoError(t, close.AllWithin(stationary(1e-300), []float64{0, 0, 1e-300, 1}, gthTolerance, 0))
}

func TestBadChains(t *testing.T) {
	for want, rows := range map[string][][]float64{
		"1 rows, want 2":                        {{1}},
		"chain[0]: 3 entries, want 2":           {{1, 0, 0}, {0, 1}},
		"chain[1][0] = NaN":                     {{0.5, 0.5}, {math.NaN(), 1}},
		"chain[1][0] = -0.1":                    {{0.5, 0.5}, {-0.1, 1.1}},
		"chain[1][0] = 1.5, want a probability": {{0.5, 0.5}, {1.5, -0.5}},
		"chain[1][1] = +Inf":                    {{0.5, 0.5}, {0, math.Inf(1)}},
		"chain[1]: sums to 0.9, want 1":         {{0.5, 0.5}, {0.4, 0.5}},
		"token 1 is never reached from token 0": {{1, 0}, {0.5, 0.5}},
		"numerically reducible: token 0":        {{0.5, 0.5}, {1e-200, 1}},
		"token 0 is never reached from token 1": {{0.5, 0.5}, {0, 1}},
	} {
		_, err := NewChain(rows)
		require.ErrorContains(t, err, want)
	}
}

func TestPeriod(t *testing.T) {
	for want, rows := range map[int][][]float64{
		2: {{0, 1}, {1, 0}},
		3: {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}},
		1: {{0, 1, 0}, {0, 0, 1}, {0.5, 0.5, 0}},
	} {
		c, err := NewChain(rows)
		require.NoError(t, err)
		require.Equal(t, want, c.Period())
	}
}

func TestRenormalisesDecimals(t *testing.T) {
	c, err := NewChain([][]float64{{0.33333333333, 0.66666666666}, {0.5, 0.5}})
	require.NoError(t, err)
	require.NoError(t, close.Within(c.P(0, 0)+c.P(0, 1), 1, 0x1p-52, 0))
	require.Equal(t, 0.5, c.P(1, 0), "a normalised row keeps its bits")
}

func TestReversedTwiceIsTheChain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawn(t)
		back := c.Reversed().Reversed()
		for i, v := range c.Flat() {
			// Two multiplications and two divisions.
			require.NoError(t, close.Within(back.Flat()[i], v, 4*0x1p-53, 0))
		}
	})
}

func TestSpectrum(t *testing.T) {
	// [[1-a, a],[b, 1-b]] has eigenvalues 1 and 1-a-b; symmetric case rho = |1-2a|.
	c, err := NewChain([][]float64{{0.75, 0.25}, {0.25, 0.75}})
	require.NoError(t, err)
	rho, err := c.SecondSingularValue()
	require.NoError(t, err)
	// LAPACK's backward error is a few units of rounding times the norm, 1.
	require.NoError(t, close.Within(rho, 0.5, 0, 1e-14))
	gap, err := c.SpectralGap()
	require.NoError(t, err)
	require.NoError(t, close.Within(gap, 0.5, 0, 1e-14))
	rapid.Check(t, func(t *rapid.T) {
		c := drawn(t)
		rho, err := c.SecondSingularValue()
		require.NoError(t, err)
		values, err := c.Spectrum()
		require.NoError(t, err)
		require.LessOrEqual(t, rho, 1.0)
		require.NoError(t, close.Within(real(values[0]), 1, 0, 1e-12))
	})
}

func TestRelabelledCarriesTheStationaryDistribution(t *testing.T) {
	c, err := NewChain([][]float64{{0.5, 0.25, 0.25}, {0.1, 0.2, 0.7}, {0.3, 0.3, 0.4}})
	require.NoError(t, err)
	r := c.Relabelled([]int{2, 0, 1})
	require.Equal(t, c.P(0, 1), r.P(2, 0))
	again, err := NewChain(r.Rows())
	require.NoError(t, err)
	require.NoError(t, close.AllWithin(r.Stationary(), again.Stationary(), gthTolerance, 0))
}
