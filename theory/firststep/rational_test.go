package firststep

import (
	"math/big"
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
)

func rationals(t *testing.T, rows ...[]string) [][]*big.Rat {
	var out [][]*big.Rat
	for _, row := range rows {
		var list []*big.Rat
		for _, text := range row {
			v, ok := new(big.Rat).SetString(text)
			require.True(t, ok)
			list = append(list, v)
		}
		out = append(out, list)
	}
	return out
}

// TestRationalByHand takes the smallest case, T = 3 with one edge, and sums its
// twelve terms in the order of the definition, with fractions written out.
func TestRationalByHand(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0})
	require.NoError(t, err)
	rows := rationals(t, []string{"3/4", "1/4"}, []string{"1/2", "1/2"})
	mu := []*big.Rat{big.NewRat(2, 3), big.NewRat(1, 3)}
	for _, eps := range []*big.Rat{nil, big.NewRat(1, 10)} {
		got, err := Rational(f, rows, eps)
		require.NoError(t, err)
		for i := range 3 {
			for k := range 3 {
				want := new(big.Rat)
				if k <= i {
					want = byDefinition(rows, mu, eps, i, k)
				}
				require.Zero(t, got[i][k].Cmp(want), "G[%d][%d] = %s, want %s", i, k, got[i][k], want)
			}
		}
	}
}

func byDefinition(rows [][]*big.Rat, mu []*big.Rat, eps *big.Rat, i, k int) *big.Rat {
	if eps == nil {
		eps = new(big.Rat)
	}
	sum := new(big.Rat)
	for first := range 2 {
		for second := range 2 {
			for q := range 2 {
				sequence := []int{first, second, q}
				held := big.NewRat(0, 1) // 1[s_k=q] minus its mean over l <= i
				for l := range i + 1 {
					if sequence[l] == q {
						held.Add(held, big.NewRat(-1, int64(i+1)))
					}
				}
				if sequence[k] == q {
					held.Add(held, big.NewRat(1, 1))
				}
				for s := range 2 {
					frequency := new(big.Rat)
					for _, token := range sequence {
						if token == s {
							frequency.Add(frequency, big.NewRat(1, 3))
						}
					}
					if frequency.Sign() == 0 {
						continue
					}
					term := new(big.Rat).Neg(frequency)
					if sequence[i] == s {
						term.Add(term, big.NewRat(1, 1))
					}
					term.Quo(term, new(big.Rat).Add(frequency, eps))
					for _, factor := range []*big.Rat{rows[q][s], mu[first], rows[first][second], held} {
						term.Mul(term, factor)
					}
					sum.Add(sum, term)
				}
			}
		}
	}
	return sum.Mul(sum, big.NewRat(1, int64(2*3*(i+1))))
}

func TestRationalStationary(t *testing.T) {
	rows := rationals(t, []string{"1/2", "1/3", "1/6"}, []string{"1/4", "1/4", "1/2"}, []string{"1", "0", "0"})
	mu, err := RationalStationary(rows)
	require.NoError(t, err)
	total := new(big.Rat)
	for b, m := range mu {
		total.Add(total, m)
		in := new(big.Rat)
		for a := range rows {
			in.Add(in, new(big.Rat).Mul(mu[a], rows[a][b]))
		}
		require.Zero(t, in.Cmp(m))
	}
	require.Zero(t, total.Cmp(big.NewRat(1, 1)))
}

func TestRationalRejects(t *testing.T) {
	f, err := graph.Chain(5)
	require.NoError(t, err)
	long, err := graph.Chain(40)
	require.NoError(t, err)
	good := rationals(t, []string{"3/4", "1/4"}, []string{"1/2", "1/2"})
	for _, bad := range []struct {
		forest graph.Forest
		rows   [][]*big.Rat
		eps    *big.Rat
		want   string
	}{
		{f, good, big.NewRat(-1, 2), "eps = -1/2"},
		{graph.Forest{}, good, nil, "sequence length 1"},
		{long, good, nil, "more than 65536 prefixes"},
		{f, good[:1], nil, "1 rows"},
		{f, [][]*big.Rat{good[0], good[1][:1]}, nil, "chain[1]: 1 entries"},
		{f, [][]*big.Rat{good[0], {nil, good[1][1]}}, nil, "chain[1][0]"},
		{f, rationals(t, []string{"5/4", "-1/4"}, []string{"1/2", "1/2"}), nil, "chain[0][1] = -1/4"},
		{f, rationals(t, []string{"3/4", "1/4"}, []string{"1/2", "2/3"}), nil, "chain[1]"},
		{f, rationals(t, []string{"3/4", "1/4"}, []string{"1/2", "500000002/1000000000"}), nil, "chain[1]"},
		{f, rationals(t, []string{"1", "0"}, []string{"1/2", "1/2"}), nil, "reducible"},
		{f, rationals(t, []string{"1/2", "1/2"}, []string{"0", "1"}), nil, "reducible"},
	} {
		_, err := Rational(bad.forest, bad.rows, bad.eps)
		require.ErrorContains(t, err, bad.want)
		require.NotContains(t, err.Error(), "\n")
	}
}

// TestRationalTakesRoundedRows: a sum that misses 1 by exactly 1e-9, either way.
func TestRationalTakesRoundedRows(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0})
	require.NoError(t, err)
	for _, last := range []string{"500000001/1000000000", "499999999/1000000000"} {
		_, err := Rational(f, rationals(t, []string{"3/4", "1/4"}, []string{"1/2", last}), nil)
		require.NoError(t, err)
	}
}

// Transitions that never happen are left out of the sum; nothing else changes.
func TestRationalWithoutSomeTransitions(t *testing.T) {
	f := graph.Manual()
	zero, half, one := new(big.Rat), big.NewRat(1, 2), big.NewRat(1, 1)
	exact, err := Rational(f, [][]*big.Rat{{zero, one}, {half, half}}, nil)
	require.NoError(t, err)
	c, err := markov.NewChain([][]float64{{0, 1}, {0.5, 0.5}})
	require.NoError(t, err)
	var want [][]float64
	for _, row := range exact {
		var values []float64
		for _, v := range row {
			x, _ := v.Float64()
			values = append(values, x)
		}
		want = append(want, values)
	}
	requireClose(t, enumerate(f, c, 0), want, tolerance, "enumeration")
}
