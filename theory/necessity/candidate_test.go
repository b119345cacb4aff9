package necessity

import (
	"math/big"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func drawRows(t *rapid.T, tokens int) [][]float64 {
	s := stream.New(stream.Key{Seed: rapid.Uint64().Draw(t, "seed"), Purpose: stream.Law})
	rows := make([][]float64, tokens)
	for a := range rows {
		rows[a] = make([]float64, tokens)
		s.Dirichlet(rapid.SampledFrom([]float64{0.5, 1, 5}).Draw(t, "alpha"), rows[a])
	}
	return rows
}

func drawForest(t *rapid.T, length int) graph.Forest {
	f, err := graph.Random(length, 0.3, stream.New(stream.Key{Seed: rapid.Uint64().Draw(t, "forest"), Purpose: stream.Graph}))
	require.NoError(t, err)
	return f
}

// TestConstructionsHaveConstantMean, exactly, for all but the point.
func TestConstructionsHaveConstantMean(t *testing.T) {
	rows := [][]*big.Rat{
		{big.NewRat(1, 2), big.NewRat(1, 3), big.NewRat(1, 6)},
		{big.NewRat(1, 4), big.NewRat(1, 4), big.NewRat(1, 2)},
		{big.NewRat(2, 3), big.NewRat(1, 12), big.NewRat(1, 4)},
	}
	complement := func(v *big.Rat) *big.Rat { return new(big.Rat).Sub(big.NewRat(2, 3), v) }
	for c, size := range map[Construction]int{Columns: 6, Shifts: 3, Complement: 2} {
		list := members(c, rows, complement)
		require.Len(t, list, size)
		require.Equal(t, rows, list[0])
		for a := range 3 {
			for b := range 3 {
				sum := new(big.Rat)
				for _, m := range list {
					sum.Add(sum, m[a][b])
				}
				require.Zero(t, sum.Cmp(big.NewRat(int64(size), 3)), "%s[%d][%d]", c, a, b)
			}
		}
	}
	require.Equal(t, [][][]*big.Rat{rows}, members(Point, rows, complement))
}

// TestKernelAgainstTheDecomposition: the closed form for rank 2.
func TestKernelAgainstTheDecomposition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, err := markov.NewChain(drawRows(t, rapid.IntRange(2, 3).Draw(t, "tokens")))
		if err != nil {
			t.Skip("numerically reducible")
		}
		squared, rho := kernel(c)
		want, err := c.SecondSingularValue()
		require.NoError(t, err)
		// rho^2 is right to a few roundings of squared < 2; where the two singular
		// values are equal the root in spread turns 1e-16 into 1e-8.
		require.NoError(t, close.Within(rho, want, 0, 1e-7))
		require.LessOrEqual(t, rho*rho, squared*(1+1e-14))
	})
}

// TestEvaluateAgainstProve: the float gradient and the exact enumeration score
// a candidate alike.
func TestEvaluateAgainstProve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.IntRange(2, 3).Draw(t, "tokens")
		c := candidate{forest: drawForest(t, rapid.IntRange(3, 5).Draw(t, "length")), construction: Columns, rows: drawRows(t, tokens)}
		if tokens == 3 {
			c.construction = rapid.SampledFrom([]Construction{Point, Columns, Shifts}).Draw(t, "construction")
		}
		got, ok := space{}.evaluate(c)
		if !ok {
			_, err := prove(c.forest, c.construction, rationalRows(c.rows), nil)
			require.Zero(t, len(c.forest.Edges()), "not evaluated for another reason: %v", err)
			return
		}
		p, err := prove(c.forest, c.construction, rationalRows(c.rows), nil)
		require.NoError(t, err)
		want, _ := p.relative.Float64()
		// Entries are right to 1e-12 of the matrix's largest; rows are seldom below
		// a hundredth of it, and never here below 1e-4.
		require.NoError(t, close.Within(got.margin, want, 0, 1e-8))
	})
}

// TestColumnOrdersStandForTheOrbit: they are one chain of each class under
// relabelling.
func TestColumnOrdersStandForTheOrbit(t *testing.T) {
	rows := [][]float64{{0.5, 0.3, 0.2}, {0.1, 0.2, 0.7}, {0.3, 0.3, 0.4}}
	base, err := markov.NewChain(rows)
	require.NoError(t, err)
	orbit, err := markov.NewOrbit(base, "base")
	require.NoError(t, err)
	f := graph.Manual()
	e, err := firststep.Average(f, orbit, 0, firststep.Options{})
	require.NoError(t, err)
	got, ok := space{}.evaluate(candidate{forest: f, construction: Columns, rows: rows})
	require.True(t, ok)
	// Relative margins, of gradients right to 1e-12 of the largest entry; the
	// rows of this small forest are all within a factor 100 of it.
	require.NoError(t, close.Within(got.margin, worstRow(f, e.Mean).margin, 0, 1e-9))
}

func TestSpaceKeepsItsHypotheses(t *testing.T) {
	f := graph.Manual()
	sticky := [][]float64{{0.75, 0.25}, {0.25, 0.75}} // S min = 1/2 = ||B||_F = rho
	for _, c := range []struct {
		s    space
		want bool
	}{
		{space{}, true},
		{space{lowerBound: true, gamma: 0.5}, true},
		{space{lowerBound: true, gamma: 0.501}, false},
		{space{nonDegenerate: true, gamma: 0.5}, true},
		{space{nonDegenerate: true, gamma: 0.501}, false},
		// Manual has pairs at distance 1: 4, 2: 3, 3: 2, 4: 1, so T_eff is
		// 36/(6 + 2(4/2 + 3/4 + 2/8 + 1/16)) = 36/12.125.
		{space{effective: 36 / 12.125}, true},
		{space{effective: 36/12.125 + 1e-6}, false},
	} {
		_, ok := c.s.chains(candidate{forest: f, construction: Point, rows: sticky})
		require.Equal(t, c.want, ok, "%+v", c.s)
	}
	_, ok := space{}.chains(candidate{forest: f, construction: Columns, rows: [][]float64{{1, 0}, {0.5, 0.5}}})
	require.False(t, ok, "a member is reducible")
	_, ok = space{}.evaluate(candidate{forest: f, construction: Complement, rows: [][]float64{{0.8, 0.1, 0.1}, {0.3, 0.3, 0.4}, {0.3, 0.3, 0.4}}})
	require.False(t, ok, "2/3 - 0.8 is negative")
}
