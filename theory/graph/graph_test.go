package graph

import (
	"math"
	"testing"

	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestNamedGraphs(t *testing.T) {
	for text, want := range map[string]string{
		"chain":        "parents:-1,0,1,2,3",
		"icl":          "parents:-1,0,-1,2,-1",
		"manual":       "parents:-1,0,0,1,2",
		"trigram-half": "dag:[[],[],[0,1],[1,2],[1,3],[2,4],[2,5]]",
	} {
		g, err := Parse(text, 6, 1)
		require.NoError(t, err)
		require.Equal(t, want, g.String())
		require.Equal(t, 6, g.SequenceLength())
	}
}

func TestParseReadsWhatStringWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(MinSequenceLength, 12).Draw(t, "length")
		text := rapid.SampledFrom([]string{"chain", "icl", "random:0.3", "random:uniform", "trigram-half"}).Draw(t, "graph")
		g, err := Parse(text, n, rapid.Uint64().Draw(t, "seed"))
		require.NoError(t, err)
		again, err := Parse(g.String(), n, 0)
		require.NoError(t, err)
		require.Equal(t, g, again)
	})
}

func TestBadGraphsGetOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "unknown graph",
		"chian":                 "unknown graph \"chian\", want chain",
		"parents:":              "parents[0] = \"\", want an integer",
		"parents:-1,x":          "parents[1] = \"x\", want an integer",
		"parents:-1,0,2":        "parents[2] = 2, want -1 (a root) or an earlier position 0..1",
		"parents:-1,1":          "parents[1] = 1",
		"parents:-1,-2":         "parents[1] = -2",
		"parents:-1":            "1 positions, want 2",
		"dag:[[]":               "want a JSON list of lists",
		"dag:[[],[],[0,5],[1]]": "dag[2][1] = 5",
		"dag:[[],[],[0,0],[1]]": "listed twice",
		"dag:[[],[],[0],[]]":    "target has no parents",
		"dag:[[],[0]]":          "2 lists",
	} {
		_, err := Parse(text, 0, 1)
		require.ErrorContains(t, err, want, "graph %q", text)
		require.NotContains(t, err.Error(), "\n")
	}
	_, err := Parse("random:2", 5, 1)
	require.ErrorContains(t, err, "root probability \"2\"")
	_, err = Parse("chain:3", 5, 1)
	require.ErrorContains(t, err, "takes no argument")
	_, err = Parse("random:NaN", 5, 1)
	require.ErrorContains(t, err, "root probability")
	_, err = Parse("chain", 0, 1)
	require.ErrorContains(t, err, "needs a sequence length")
	_, err = Parse("parents:-1,0", 7, 1)
	require.ErrorContains(t, err, "has sequence length 3 (T is the number of parents, 2, and one more for the query), but length 7 was asked for")
	_, err = Parse("chain", 2, 1)
	require.Error(t, err)
	_, err = Parse("chain", -5, 1)
	require.Error(t, err)
}

// ancestors lists i and everything above it, the plain way.
func ancestors(f Forest, i int) []int {
	var list []int
	for ; i != Root; i = f.Parent(i) {
		list = append(list, i)
	}
	return list
}

func TestCommonAncestorAgainstAncestorLists(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(MinSequenceLength, 15).Draw(t, "length")
		f, err := Random(n, 0.3, stream.New(stream.Key{Seed: rapid.Uint64().Draw(t, "seed")}))
		require.NoError(t, err)
		i := rapid.IntRange(0, n-2).Draw(t, "i")
		k := rapid.IntRange(0, n-2).Draw(t, "k")
		above := ancestors(f, k)
		want, wantI, wantK := Root, 0, 0
		for steps, a := range ancestors(f, i) {
			if at := indexOf(above, a); at >= 0 {
				want, wantI, wantK = a, steps, at
				break
			}
		}
		node, fromI, fromK, ok := f.CommonAncestor(i, k)
		require.Equal(t, want != Root, ok)
		if ok {
			require.Equal(t, []int{want, wantI, wantK}, []int{node, fromI, fromK})
			d, _ := f.Distance(i, k)
			require.Equal(t, wantI+wantK, d)
		}
		require.Equal(t, len(ancestors(f, i))-1, f.Depth(i))
	})
}

func indexOf(list []int, v int) int {
	for at, w := range list {
		if v == w {
			return at
		}
	}
	return -1
}

func TestEdgesAndCopies(t *testing.T) {
	f := Manual()
	require.Equal(t, []Edge{{1, 0}, {2, 0}, {3, 1}, {4, 2}}, f.Edges())
	f.Parents()[1] = 7
	require.Equal(t, 0, f.Parent(1))
	g, err := NewDAG([][]int{{}, {}, {0, 1}, {1}, {2, 3, 0}})
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 3}, g.Arities())
	require.Equal(t, []int{2, 3, 0}, g.Target())
	g, err = NewDAG([][]int{{}, {0}, {1, 0}, {2}, {3}})
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, g.Arities(), "each once")
}

func TestRandomRootProbabilities(t *testing.T) {
	s := stream.New(stream.Key{Seed: 4, Purpose: stream.Graph})
	roots, n := 0, 0
	for range 500 {
		f, err := Random(20, 0.5, s)
		require.NoError(t, err)
		n += 18 // position 0 is always a root
		roots += 18 - len(f.Edges())
	}
	// Binomial(9000, 1/2): 5 standard deviations are 237, false alarm 6e-7.
	require.LessOrEqual(t, max(n/2-roots, roots-n/2), 237)
	all, err := Random(5, 1, s)
	require.NoError(t, err)
	require.Empty(t, all.Edges())
}

// Each earlier position is as likely as the others to be the parent, and in the
// uniform family as likely as none.
func TestRandomParentsAreUniform(t *testing.T) {
	const position, draws = 4, 4000
	s := stream.New(stream.Key{Seed: 5, Purpose: stream.Graph})
	for name, c := range map[string]struct {
		draw func() (Forest, error)
		root float64
	}{
		"random:0.2":     {func() (Forest, error) { return Random(position+2, 0.2, s) }, 0.2},
		"random:uniform": {func() (Forest, error) { return RandomUniform(position+2, s) }, 1.0 / (position + 1)},
	} {
		counts := map[int]int{}
		for range draws {
			f, err := c.draw()
			require.NoError(t, err)
			counts[f.Parent(position)]++
		}
		for parent := Root; parent < position; parent++ {
			share := (1 - c.root) / position
			if parent == Root {
				share = c.root
			}
			// Five standard deviations: a false alarm of 6e-7 a count, and the seed is fixed.
			require.InDelta(t, draws*share, counts[parent], 5*math.Sqrt(draws*share*(1-share)), "%s: times that the parent is %d", name, parent)
		}
	}
}

// A random forest is a function of its seed: two forests of 39 positions are the
// same with probability 1/39!, below 1e-45.
func TestRandomForestsAreThoseOfTheirSeed(t *testing.T) {
	for _, text := range []string{"random", "random:0.3", "random:uniform"} {
		forests := map[uint64]Graph{}
		for seed := range uint64(3) {
			g, err := Parse(text, 40, seed)
			require.NoError(t, err)
			again, err := Parse(text, 40, seed)
			require.NoError(t, err)
			require.Equal(t, g, again, "%s with seed %d", text, seed)
			forests[seed] = g
		}
		require.NotEqual(t, forests[0], forests[1], text)
		require.NotEqual(t, forests[1], forests[2], text)
	}
}
