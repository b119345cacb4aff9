package firststep

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// TestRootsOfAnotherDistribution: the polynomial-time gradient of a prior whose
// roots are uniform or listed is the rational one with those roots.
func TestRootsOfAnotherDistribution(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.IntRange(2, 3).Draw(t, "S")
		parents := []int{-1}
		for i := range rapid.IntRange(1, 4).Draw(t, "further positions") {
			parents = append(parents, rapid.IntRange(-1, i).Draw(t, "parent"))
		}
		f, err := graph.NewForest(parents)
		require.NoError(t, err)
		text := "uniform"
		if rapid.Bool().Draw(t, "listed") {
			text = map[int]string{2: "[0.75,0.25]", 3: "[0.125,0.25,0.625]"}[s] // exact in binary
		}
		roots, err := markov.ParseRoots(text)
		require.NoError(t, err)
		prior, err := markov.WithRoots(markov.Point{Chain: drawChain(t, s), Name: "chain"}, roots)
		require.NoError(t, err)
		c := prior.(markov.Finite).Support()[0]
		eps := drawEps(t)

		got, err := Gradient(f, c, eps)
		require.NoError(t, err)
		var rows [][]*big.Rat
		for a := range s {
			var row []*big.Rat
			for _, p := range c.Row(a) {
				row = append(row, new(big.Rat).SetFloat64(p))
			}
			rows = append(rows, row)
		}
		exactRoots := make([]*big.Rat, s)
		for a, p := range c.Roots() {
			if exactRoots[a] = new(big.Rat).SetFloat64(p); text == "uniform" {
				exactRoots[a] = big.NewRat(1, int64(s)) // a third is rounded in c
			}
		}
		exact, err := RationalFrom(f, rows, exactRoots, new(big.Rat).SetFloat64(eps))
		require.NoError(t, err)
		want := make([][]float64, len(exact))
		for i, row := range exact {
			for _, v := range row {
				x, _ := v.Float64()
				want[i] = append(want[i], x)
			}
		}
		requireClose(t, got, want, 1e-12, text) // the promise of Gradient
	})
}

func TestRationalFromRejects(t *testing.T) {
	f, err := graph.Chain(4)
	require.NoError(t, err)
	rows := rationals(t, []string{"1/2", "1/2"}, []string{"1/4", "3/4"})
	for want, roots := range map[string][]*big.Rat{
		"1 probabilities, want S = 2": {big.NewRat(1, 1)},
		"roots[1] = 0":                {big.NewRat(1, 1), new(big.Rat)},
		"sums to 3/4":                 {big.NewRat(1, 2), big.NewRat(1, 4)},
	} {
		_, err := RationalFrom(f, rows, roots, nil)
		require.ErrorContains(t, err, want)
	}
}
