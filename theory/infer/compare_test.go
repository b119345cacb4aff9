package infer

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"
)

// With n = 2 the t distribution has one degree of freedom: it is Cauchy's, whose tail
// above 1 is exactly 1/4.
func TestCompareFindsTheLeastClearCompetitor(t *testing.T) {
	type difference struct{ mean, stderr float64 }
	for name, c := range map[string]struct {
		differences []difference // of the candidates after the winner, 0
		competitor  int
		p           float64
	}{
		"nobody":              {nil, graph.Root, 1},
		"one":                 {[]difference{{3, 3}}, 1, 0.5},
		"the least clear":     {[]difference{{30, 3}, {3, 3}, {40, 3}}, 2, 0.5},
		"the first of equals": {[]difference{{3, 3}, {3, 3}}, 1, 0.5},
		"always ahead":        {[]difference{{3, 0}}, 1, 0},
		"never different":     {[]difference{{0, 0}}, 1, 1},
		"behind":              {[]difference{{-3, 3}}, 1, 1},
	} {
		row := Row{Child: 4, Winner: 0}
		row.compare(2, upTo(len(c.differences)+1), func(k int) (float64, float64) {
			return c.differences[k-1].mean, c.differences[k-1].stderr
		})
		require.Equal(t, c.competitor, row.Competitor, name)
		// The tail comes from an incomplete beta function, a few units of rounding.
		require.NoError(t, close.Within(row.P, c.p, 1e-14, 0), name)
	}
}

func TestLargestIsTheFirstOfEquals(t *testing.T) {
	entries := []float64{1, 2, 2, 0}
	require.Equal(t, 1, largest(upTo(4), func(k int) float64 { return entries[k] }))
}

// Columns 0 and 1 agree with column 2 in shares (1+d)/2 with d = 1/2 and 1/4,
// all three uniform over two tokens: the chi-square information is d^2, less
// its bias 1/N, and the influence 2d(1-d) where they agree, -2d(1+d) elsewhere.
// A third token never occurs, which must change nothing.
func TestSharedChainMarginOfAHandMadeTable(t *testing.T) {
	s := Sequences{N: 32, Columns: 3, Tokens: 3}
	for token := range uint16(2) {
		for n := range 16 { // 8 times both agree, 4 times the first, twice the second, twice none
			n /= 2
			first, second := token, token
			if n >= 6 {
				first = 1 - token
			}
			if n == 4 || n == 5 || n == 7 {
				second = 1 - token
			}
			s.Data = append(s.Data, first, second, token)
		}
	}
	r := SharedChain(s).Rows[1]
	require.Equal(t, []int{2, 0, 1}, []int{r.Child, r.Winner, r.Competitor})
	within := func(got, want float64) {
		t.Helper()
		// Sums of 32 terms of size up to 4, some 200 roundings of 2^-53.
		require.NoError(t, close.Within(got, want, 0, 1e-13))
	}
	within(r.Strength, 1.0/4-1.0/32)
	within(r.StrengthErr, math.Sqrt((24*0.25+8*2.25)/31/32))
	within(r.Margin, 1.0/4-1.0/16)
	within(r.MarginErr, math.Sqrt((16*0.125*0.125+8*1.125*1.125+4*1.875*1.875+4*0.875*0.875)/31/32))
}

func TestConstantColumnsCarryNoInformation(t *testing.T) {
	s := Sequences{N: 4, Columns: 2, Tokens: 2, Data: []uint16{0, 0, 0, 1, 0, 0, 0, 1}}
	c := newPair(s, 0, 1)
	require.Equal(t, []float64{0, 1}, []float64{c.information, c.p}) // sums of halves
}
