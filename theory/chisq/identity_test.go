package chisq

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// rational is a chain in rational arithmetic: entries are multiples of 1/64.
type rational struct {
	rows [][]*big.Rat
	mu   []*big.Rat
}

func drawRational(t *rapid.T) (rational, *markov.Chain) {
	s := rapid.IntRange(2, 4).Draw(t, "S")
	var r rational
	var rows [][]float64
	for range s {
		var row []*big.Rat
		var values []float64
		left := 64
		for b := range s {
			n := left
			if b < s-1 {
				n = rapid.IntRange(1, left-(s-1-b)).Draw(t, "entry") // positive, and some for those to come
			}
			left -= n
			row, values = append(row, big.NewRat(int64(n), 64)), append(values, float64(n)/64)
		}
		r.rows, rows = append(r.rows, row), append(rows, values)
	}
	c, err := markov.NewChain(rows)
	require.NoError(t, err)
	r.mu = solveStationary(r.rows)
	return r, c
}

// solveStationary solves mu (pi - I) = 0, sum mu = 1 by Gauss-Jordan elimination.
func solveStationary(rows [][]*big.Rat) []*big.Rat {
	s := len(rows)
	m := make([][]*big.Rat, s)
	for b := range s {
		m[b] = make([]*big.Rat, s+1)
		for a := range s {
			m[b][a] = new(big.Rat).Set(rows[a][b])
			if a == b {
				m[b][a].Sub(m[b][a], big.NewRat(1, 1))
			}
			if b == s-1 {
				m[b][a] = big.NewRat(1, 1)
			}
		}
		m[b][s] = new(big.Rat)
	}
	m[s-1][s] = big.NewRat(1, 1)
	for col := range s {
		pivot := col
		for m[pivot][col].Sign() == 0 {
			pivot++
		}
		m[col], m[pivot] = m[pivot], m[col]
		inverse := new(big.Rat).Inv(m[col][col])
		for j := range m[col] {
			m[col][j] = new(big.Rat).Mul(m[col][j], inverse)
		}
		for i := range s {
			factor := m[i][col]
			if i == col || factor.Sign() == 0 {
				continue
			}
			for j := range m[i] {
				m[i][j] = new(big.Rat).Sub(m[i][j], new(big.Rat).Mul(factor, m[col][j]))
			}
		}
	}
	mu := make([]*big.Rat, s)
	for i := range mu {
		mu[i] = m[i][s]
	}
	return mu
}

func drawForest(t *rapid.T) graph.Forest {
	parents := []int{-1}
	for i := range rapid.IntRange(2, 6).Draw(t, "further positions") {
		parents = append(parents, rapid.IntRange(-1, i).Draw(t, "parent"))
	}
	f, err := graph.NewForest(parents)
	require.NoError(t, err)
	return f
}

// joint is P(s_i=a, s_k=b) by walking both positions up to their nearest common
// ancestor.
func (r rational) joint(f graph.Forest, i, k int) [][]*big.Rat {
	s := len(r.rows)
	_, p, q, related := f.CommonAncestor(i, k)
	power := func(n int) [][]*big.Rat {
		m := make([][]*big.Rat, s)
		for a := range m {
			m[a] = make([]*big.Rat, s)
			for b := range m[a] {
				m[a][b] = new(big.Rat)
			}
			m[a][a] = big.NewRat(1, 1)
		}
		for range n {
			next := make([][]*big.Rat, s)
			for a := range next {
				next[a] = make([]*big.Rat, s)
				for b := range next[a] {
					next[a][b] = new(big.Rat)
					for l := range s {
						next[a][b].Add(next[a][b], new(big.Rat).Mul(m[a][l], r.rows[l][b]))
					}
				}
			}
			m = next
		}
		return m
	}
	x, y := power(p), power(q)
	joint := make([][]*big.Rat, s)
	for a := range joint {
		joint[a] = make([]*big.Rat, s)
		for b := range joint[a] {
			joint[a][b] = new(big.Rat)
			if !related {
				joint[a][b].Mul(r.mu[a], r.mu[b])
				continue
			}
			for l := range s {
				term := new(big.Rat).Mul(r.mu[l], x[l][a])
				joint[a][b].Add(joint[a][b], term.Mul(term, y[l][b]))
			}
		}
	}
	return joint
}

// signal is g_ik by its definition.
func (r rational) signal(f graph.Forest, i, k int) *big.Rat {
	sum := new(big.Rat)
	for a, row := range r.joint(f, k, i) {
		for b, p := range row {
			centred := new(big.Rat).Sub(p, new(big.Rat).Mul(r.mu[a], r.mu[b]))
			centred.Mul(centred, r.rows[a][b])
			sum.Add(sum, centred.Quo(centred, r.mu[b]))
		}
	}
	return sum
}

// TestMarginIsAnIdentity proves it on random instances: the margin by the
// definition of the signal equals the sum over pairs of rows, in rational
// arithmetic, and what Decompose computes is that sum up to rounding.
func TestMarginIsAnIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, c := drawRational(t)
		f := drawForest(t)
		for _, e := range f.Edges() {
			for k := range e.Child {
				if k == e.Parent {
					continue
				}
				margin := new(big.Rat).Sub(r.signal(f, e.Child, e.Parent), r.signal(f, e.Child, k))
				joint := r.joint(f, k, e.Parent)
				sum := new(big.Rat)
				pairs, err := Decompose(f, c, e.Child, k)
				require.NoError(t, err)
				for _, pair := range pairs {
					distance := new(big.Rat)
					for b := range r.mu {
						d := new(big.Rat).Sub(r.rows[pair.A][b], r.rows[pair.C][b])
						d.Mul(d, d)
						distance.Add(distance, d.Quo(d, r.mu[b]))
					}
					weight := new(big.Rat).Add(joint[pair.A][pair.C], joint[pair.C][pair.A])
					weight.Mul(weight, big.NewRat(1, 2))
					sum.Add(sum, new(big.Rat).Mul(weight, distance))
					exact, _ := weight.Float64()
					// Sums of non-negative products: the powers of pi take 2 T products of
					// S terms, mu and the last product some more.
					relative := float64((2*f.SequenceLength()+4)*(c.Tokens()+2)) * 0x1p-53
					require.NoError(t, close.Within(pair.Weight, exact, relative, 0), "weight of rows %d and %d on %v", pair.A, pair.C, f)
					// The entries are multiples of 1/64, so their differences are exact.
					exact, _ = distance.Float64()
					require.NoError(t, close.Within(pair.Distance, exact, relative, 0), "distance of rows %d and %d", pair.A, pair.C)
				}
				require.Zero(t, sum.Cmp(margin), "row %d against %d on %v: the pairs add up to %v, the margin is %v", e.Child, k, f, sum, margin)
				exact, _ := margin.Float64()
				relative := float64((2*f.SequenceLength()+8)*(c.Tokens()+2)) * 0x1p-52
				require.NoError(t, close.Within(Total(pairs), exact, relative, 0), "row %d against %d on %v", e.Child, k, f)
			}
		}
	})
}

// TestDecomposeExplains: two rows that agree contribute nothing, however likely.
func TestDecomposeExplains(t *testing.T) {
	f, err := graph.Chain(5)
	require.NoError(t, err)
	c, err := markov.NewChain([][]float64{{0.5, 0.25, 0.25}, {0.5, 0.25, 0.25}, {0.25, 0.25, 0.5}})
	require.NoError(t, err)
	pairs, err := Decompose(f, c, 3, 1)
	require.NoError(t, err)
	require.Len(t, pairs, 3)
	require.Zero(t, pairs[0].Distance)
	require.Positive(t, pairs[0].Weight)
	require.Positive(t, pairs[1].Value(), "rows 0 and 2")
}

func TestDecomposeRefuses(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 1})
	require.NoError(t, err)
	c, err := markov.NewChain([][]float64{{0.5, 0.5}, {0.25, 0.75}})
	require.NoError(t, err)
	for want, at := range map[string][2]int{
		"position 0: it has no parent":                   {0, 0},
		"position 3: it has no parent":                   {3, 0},
		"against 1: want an earlier position other than": {2, 1},
		"against 2: want an earlier position":            {2, 2},
		"against -1: want an earlier position":           {2, -1},
	} {
		_, err := Decompose(f, c, at[0], at[1])
		require.ErrorContains(t, err, want)
	}
}
