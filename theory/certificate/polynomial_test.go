package certificate

import (
	"math/big"
	"testing"

	"causalgrad/theory/chisq"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// at is the value of a form at weights.
func (f *form) at(weights [3][3]int64) *big.Int {
	power := func(x int64, n int) *big.Int { return new(big.Int).Exp(big.NewInt(x), big.NewInt(int64(n)), nil) }
	var values [3][]*big.Int // of the monomials
	for a, d := range f.degree {
		values[a] = make([]*big.Int, monomials(d))
		for i := 0; i <= d; i++ {
			for j := 0; i+j <= d; j++ {
				value := power(weights[a][0], i)
				value.Mul(value, power(weights[a][1], j))
				values[a][monomial(d, i, j)] = value.Mul(value, power(weights[a][2], d-i-j))
			}
		}
	}
	total, n := new(big.Int), f.sizes()
	for i := range f.coefficients {
		term := new(big.Int).Mul(values[0][i/(n[1]*n[2])], values[1][i/n[2]%n[1]])
		term.Mul(term, values[2][i%n[2]])
		total.Add(total, term.Mul(term, &f.coefficients[i]))
	}
	return total
}

// drawRow draws a row of multiples of 1/64.
func drawRow(t *rapid.T) [3]int64 {
	x := rapid.Int64Range(0, 64).Draw(t, "first")
	y := rapid.Int64Range(0, 64-x).Draw(t, "second")
	return [3]int64{x, y, 64 - x - y}
}

// At any chain of a cell the form is (margin - bound) tau[0] tau[1] tau[2] in its units:
// denominator^2 BoundDenominator denominator^6, at weights that add up to n times n^12.
func TestExcessIsTheMargin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var cell rows
		for a := range 3 {
			for v := range 3 {
				cell[a][v] = drawRow(t)
			}
		}
		const n = 8
		var weights, chain [3][3]int64
		for a := range 3 {
			weights[a][0] = rapid.Int64Range(0, n).Draw(t, "weight")
			weights[a][1] = rapid.Int64Range(0, n-weights[a][0]).Draw(t, "weight")
			weights[a][2] = n - weights[a][0] - weights[a][1]
			for b := range 3 {
				for v := range 3 {
					chain[a][b] += weights[a][v] * cell[a][v][b]
				}
			}
		}
		bound := rapid.Int64Range(-BoundDenominator, BoundDenominator).Draw(t, "bound")
		got := new(big.Rat).SetInt(excess(&cell, 64, bound).at(weights))
		units := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(64*n), big.NewInt(8), nil))
		units.Mul(units, big.NewRat(n*n*n*n, 1)).Mul(units, big.NewRat(BoundDenominator, 1))
		margin, ok := selfMargin(chain, 64*n)
		if !ok {
			require.Zero(t, got.Sign(), "0 where a stationary probability is")
			return
		}
		want := new(big.Rat).Sub(margin, big.NewRat(bound, BoundDenominator))
		for a := range 3 {
			b, c := (a+1)%3, (a+2)%3
			flow := chain[b][a]*chain[c][a] + chain[b][a]*chain[c][b] + chain[b][c]*chain[c][a]
			want.Mul(want, big.NewRat(flow, 64*n*64*n))
		}
		require.Zero(t, want.Mul(want, units).Cmp(got), "%v at %v: %s, want %s", cell, weights, got, want)
	})
}

// The margin of one chain against package chisq, in floating point.
func TestSelfMarginIsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var chain [3][3]int64
		pi := make([][]float64, 3)
		for a := range chain {
			chain[a] = drawRow(t)
			for _, x := range chain[a] {
				pi[a] = append(pi[a], float64(x)/64)
			}
		}
		c, err := markov.NewChain(pi)
		if err != nil {
			return // reducible, which is not the same as a stationary probability of 0
		}
		margin, ok := selfMargin(chain, 64)
		require.True(t, ok)
		got, _ := margin.Float64()
		kernel := chisq.NewKernel(c)
		// Kernels of norm at most 1 whose entries have errors of a few units over the
		// square root of a stationary probability, which is at least 64^-2/3.
		require.InDelta(t, kernel.Signal(0, 1)-kernel.Signal(0, 0), got, 2000*0x1p-53*3*64*64)
	})
}

// Two rows share a token wherever they are drawn in their triangles, and rows are
// equal nowhere, if the proofs say so; and a proof is found where it should be.
func TestEarlierPositions(t *testing.T) {
	at := func(x, y int64) [3]int64 { return [3]int64{x, y, 64 - x - y} }
	small := func(x, y int64) [3][3]int64 { return [3][3]int64{at(x, y), at(x+4, y), at(x, y+4)} }
	turned := func(x, y int64) [3][3]int64 { return [3][3]int64{at(x, y), at(x, y-4), at(x-4, y)} }
	for _, c := range []struct {
		cell   rows
		common bool
	}{
		{rows{small(10, 10), small(10, 10), small(10, 10)}, true},
		{rows{small(10, 10), small(14, 10), small(10, 10)}, true}, // a point
		{rows{small(10, 10), small(15, 10), small(10, 10)}, false},
		{rows{small(10, 10), small(10, 14), small(14, 10)}, false}, // two points
		{rows{small(10, 10), turned(14, 14), small(10, 10)}, true}, // an edge
		{rows{small(10, 10), turned(14, 14), turned(14, 14)}, true},
		{rows{small(10, 10), turned(15, 14), small(10, 10)}, false},
		{rows{small(10, 10), small(12, 10), small(10, 12)}, true},  // a point
		{rows{small(10, 10), small(12, 10), small(10, 13)}, false}, // every two meet, all three do not
	} {
		for order := range 3 {
			turned := rows{c.cell[order], c.cell[(order+1)%3], c.cell[(order+2)%3]}
			require.Equal(t, c.common, commonRow(&turned), "%v", turned)
		}
	}
	vertex, edge, inner := [3][3]int64{at(64, 0), at(60, 4), at(60, 0)}, [3][3]int64{at(0, 64), at(0, 0), at(4, 30)}, small(10, 10)
	require.False(t, shareTokens(&vertex, &edge))
	require.True(t, shareTokens(&vertex, &inner))
	require.True(t, shareTokens(&edge, &inner))
	require.True(t, connected(&rows{vertex, edge, inner}), "through the third row")
	require.False(t, connected(&rows{vertex, edge, edge}), "no row of edge's triangle shares a token with both its ends")
}
