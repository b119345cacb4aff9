package necessity

import (
	"math/big"
	"testing"

	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
)

func TestWithout(t *testing.T) {
	f := graph.Manual() // -1, 0, 0, 1, 2
	_, ok := without(f, 1)
	require.False(t, ok, "a parent stays")
	g, ok := without(f, 3)
	require.True(t, ok)
	require.Equal(t, "parents:-1,0,0,2", g.String())
	h, err := graph.NewForest([]int{-1, -1, 1, 2})
	require.NoError(t, err)
	g, ok = without(h, 0)
	require.True(t, ok)
	require.Equal(t, "parents:-1,0,1", g.String())
}

func TestCompositions(t *testing.T) {
	require.Equal(t, [][]int{{2, 0}, {1, 1}, {0, 2}}, compositions(2, 2))
	require.Len(t, compositions(7, 3), 36) // 9 choose 2
	count := 0
	choose(compositions(3, 2), 2, func([][]int) { count++ })
	require.Equal(t, 16, count)
	require.Equal(t, 16, power(4, 2))
	require.Greater(t, power(100, 100), exhaustive)
	require.Greater(t, power(exhaustive, 2), exhaustive)
	require.Equal(t, exhaustive, power(exhaustive, 1))
}

func TestFeasibleRows(t *testing.T) {
	s := shrinker{space: space{lowerBound: true, gamma: 0.5}}
	for _, row := range s.feasible(compositions(6, 3), Columns, 6) {
		for _, n := range row {
			require.GreaterOrEqual(t, n, 1) // 3 n/6 >= 1/2
		}
	}
	require.Len(t, s.feasible(compositions(6, 3), Columns, 6), 10)
	// The complement of an entry n/6 is (4-n)/6, so 1 <= n <= 3.
	require.Len(t, s.feasible(compositions(6, 3), Complement, 6), 7)
	// Without A1 entries are at least 0, of the complement too.
	anything := shrinker{}
	require.Len(t, anything.feasible(compositions(6, 3), Columns, 6), 28)
	require.Len(t, anything.feasible(compositions(6, 3), Complement, 6), 19)
	// In twelfths 2 <= n leaves 8 choose 2 rows, and n <= 6 takes 9 of them away.
	require.Len(t, s.feasible(compositions(12, 3), Columns, 12), 28)
	require.Len(t, s.feasible(compositions(12, 3), Complement, 12), 19)
}

func TestRounded(t *testing.T) {
	require.Equal(t, [][]int{{3, 4, 3}, {1, 0, 9}}, rounded([][]float64{{0.33, 0.35, 0.32}, {0.06, 0.03, 0.91}}, 10))
	// The first of equal remainders, and each row's largest only once.
	require.Equal(t, [][]int{{1, 0, 1}}, rounded([][]float64{{0.25, 0.25, 0.5}}, 2))
	require.Equal(t, [][]int{{2, 2, 6}}, rounded([][]float64{{0.19, 0.19, 0.62}}, 10))
	require.Equal(t, [][]int{{0, 2}}, rounded([][]float64{{0.05, 0.95}}, 2))
	require.Equal(t, [][]int{{1, 3}}, rounded([][]float64{{0.25, 0.75}}, 4))
	require.Equal(t, "[[3/10,2/5,3/10]]", ratioText(ratios([][]int{{3, 4, 3}}, 10)))
}

// TestShrinkingMakesFailuresSmall: from a failing candidate with needless edges,
// positions and digits to the smallest that fails.
func TestShrinkingMakesFailuresSmall(t *testing.T) {
	f, err := graph.Chain(9)
	require.NoError(t, err)
	s := shrinker{space: space{constructions: []Construction{Point}, gamma: 0.3, lowerBound: true, nonDegenerate: true}, minLength: 5}
	c, err := s.counterexample(candidate{forest: f, construction: Point, rows: [][]float64{{0.8123, 0.1877}, {0.2456, 0.7544}}})
	require.NoError(t, err)
	require.Equal(t, 5, c.Length)
	require.Equal(t, "[[2/3,1/3],[1/3,2/3]]", c.Ratios)
	g, err := graph.Parse(c.Forest, 0, 0)
	require.NoError(t, err)
	require.Len(t, g.(graph.Forest).Edges(), 1)
	require.NoError(t, c.Verify())
	require.Positive(t, s.evaluations)
}

// TestProofByHand: the smallest instance, T = 3 with one edge, has the two
// entries +-x in row 1, whose exact value another test of the gradient fixes.
func TestProofByHand(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0})
	require.NoError(t, err)
	p, err := prove(f, Point, ratios([][]int{{9, 1}, {1, 9}}, 10), nil)
	require.NoError(t, err)
	require.Equal(t, []int{1, 0, 1}, []int{p.child, p.parent, p.competitor})
	require.Zero(t, new(big.Rat).Add(p.parentEntry, p.rival).Sign()) // rows sum to 0
	require.Zero(t, new(big.Rat).Sub(p.parentEntry, p.rival).Cmp(p.margin))
	_, err = prove(f, Complement, ratios([][]int{{9, 1}, {1, 9}}, 10), nil)
	require.NoError(t, err)
	edgeless, err := graph.NewForest([]int{-1, -1})
	require.NoError(t, err)
	_, err = prove(edgeless, Point, ratios([][]int{{9, 1}, {1, 9}}, 10), nil)
	require.ErrorContains(t, err, "no edge")
}

// TestShrinkingDropsTheFirstPosition, and any other alone: on a sticky chain
// whatever has an edge fails, at every length.
func TestShrinkingDropsTheFirstPosition(t *testing.T) {
	sticky := [][]float64{{0.9, 0.1}, {0.1, 0.9}}
	for _, c := range []struct {
		parents []int
		least   int
		want    string
	}{
		{[]int{-1, -1, 1}, 3, "parents:-1,0"}, // the edge stays, so the first goes
		{[]int{-1, 0, 0}, 3, "parents:-1,0"},
		{[]int{-1, 0, 0}, 4, "parents:-1,0,-1"}, // long enough: an edge goes
		{[]int{-1, 0}, 2, ""},                   // the shortest there is
		{[]int{-1, -1, 1}, 4, ""},
	} {
		s := shrinker{minLength: c.least}
		got, changed := s.forest(candidate{forest: forest(t, c.parents...), construction: Point, rows: sticky})
		require.Equal(t, c.want != "", changed, "%v", c.parents)
		if changed {
			require.Equal(t, c.want, got.forest.String())
		}
	}
}

// TestShrinkingTakesTheClearestRoots of the smallest total that fails, of equally
// clear ones the first. With uniform roots nothing loses.
func TestShrinkingTakesTheClearestRoots(t *testing.T) {
	s := shrinker{space: space{strict: true}}
	got := s.roots(candidate{forest: forest(t, -1, 0, 1), construction: Columns, roots: weights{300, 300, 424},
		rows: [][]float64{{0.75, 0, 0.25}, {0.5, 0.25, 0.25}, {0.875, 0.125, 0}}})
	require.Equal(t, weights{1, 1, 2}, got.roots, "of margin -0.078; 2, 1, 1 of -0.0007; 1, 2, 1 does not fail")
	got = s.roots(candidate{forest: forest(t, -1, 0, 0), construction: Point, roots: weights{300, 300, 424},
		rows: [][]float64{{0.25, 0, 0.75}, {0.125, 0.75, 0.125}, {0, 0.25, 0.75}}})
	require.Equal(t, weights{1, 2, 1}, got.roots, "of margin -2, as 1, 1, 2; 2, 1, 1 does not fail")
}

// TestShrinkingTakesTheSmallestDenominator that has a failure, wherever the
// search was, and the first of equally clear ones.
func TestShrinkingTakesTheSmallestDenominator(t *testing.T) {
	s := shrinker{space: space{lowerBound: true, gamma: 0.3}}
	got, exact, ok := s.chain(candidate{forest: forest(t, -1, -1, 1), construction: Columns, rows: [][]float64{{0.83, 0.17}, {0.83, 0.17}}})
	require.True(t, ok)
	require.Equal(t, "[[1/2,1/2],[1/2,1/2]]", ratioText(exact))
	require.Equal(t, [][]float64{{0.5, 0.5}, {0.5, 0.5}}, got.rows)
	require.Equal(t, 1, s.evaluations, "the only chain of halves")

	// Nothing of halves loses; of thirds two chains do, one the other's transpose,
	// with entries -x and x in row 1: both of margin -2 exactly.
	s = shrinker{space: space{nonDegenerate: true, gamma: 0.3, strict: true}}
	start := [][]float64{{0.8, 0.1, 0.1}, {0.1, 0.8, 0.1}, {0.1, 0.1, 0.8}}
	_, exact, ok = s.chain(candidate{forest: forest(t, -1, 0), construction: Point, rows: start})
	require.True(t, ok)
	require.Equal(t, "[[2/3,1/3,0],[0,2/3,1/3],[1/3,0,2/3]]", ratioText(exact))
}
