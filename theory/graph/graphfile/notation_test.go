package graphfile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawParents draws a list of parents for each position and, of a DAG, for the
// target, with at least one there.
func drawParents(t *rapid.T) (lists [][]int, dag bool) {
	dag = rapid.Bool().Draw(t, "several parents")
	positions := rapid.IntRange(graph.MinSequenceLength-1, 9).Draw(t, "positions")
	if dag {
		positions += 2 // the last token and the target
	}
	lists = make([][]int, positions)
	for i := range lists {
		least, most := 0, min(i, 1)
		if dag {
			most = min(i, graph.MaxArity)
		}
		if dag && i == len(lists)-1 {
			least = 1
		}
		earlier := make([]int, i)
		for k := range earlier {
			earlier[k] = k
		}
		lists[i] = append([]int{}, rapid.Permutation(earlier).Draw(t, "parents")[:rapid.IntRange(least, most).Draw(t, "arity")]...)
	}
	return lists, dag
}

// built is the graph of the lists by the constructors.
func built(t require.TestingT, lists [][]int, dag bool) graph.Graph {
	if dag {
		g, err := graph.NewDAG(lists)
		require.NoError(t, err)
		return g
	}
	parents := make([]int, len(lists))
	for i, list := range lists {
		parents[i] = graph.Root
		if len(list) > 0 {
			parents[i] = list[0]
		}
	}
	f, err := graph.NewForest(parents)
	require.NoError(t, err)
	return f
}

// edgesOf writes the lists as edges, in any order, and the last position alone,
// which may have no edge.
func edgesOf(t *rapid.T, lists [][]int, dag bool, arrow string) []string {
	positions := len(lists)
	if dag {
		positions--
	}
	lines := []string{strconv.Itoa(positions - 1)}
	for i, list := range lists {
		child := strconv.Itoa(i)
		if i == positions {
			child = Target
		}
		for _, p := range list {
			lines = append(lines, strconv.Itoa(p)+arrow+child)
		}
	}
	return rapid.Permutation(lines).Draw(t, "lines")
}

// A graph is read as it was written: in the grammar, in JSON, and as an edge
// list or a DOT file in any order, where the parents come out ascending. However
// the text is then damaged, it is refused in one line or read as a graph.
func TestEveryNotationIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lists, dag := drawParents(t)
		want := built(t, lists, dag)
		kind, list, _ := strings.Cut(want.String(), ":")
		if !dag {
			list = "[" + list + "]"
		}
		ascending := func() graph.Graph {
			for _, l := range lists {
				slices.Sort(l)
			}
			return built(t, lists, dag)
		}
		extension := rapid.SampledFrom([]string{".json", ".edges", ".dot"}).Draw(t, "format")
		var text string
		switch extension {
		case ".json":
			text = fmt.Sprintf(`{"%s": %s}`, kind, list)
		case ".edges":
			text, want = strings.Join(edgesOf(t, lists, dag, " "), "\n"), ascending()
		case ".dot":
			text, want = "digraph {\n"+strings.Join(edgesOf(t, lists, dag, " -> "), "\n")+"\n}", ascending()
		}
		r, err := parse([]byte(text), extension, unstated, Options{})
		require.NoError(t, err, "%q", text)
		require.Equal(t, want, r.Graph, "%q", text)
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		damage := rapid.SampledFrom([]string{"", "0", "9", ",", "-", ":", "[", "]", "{", "}", "\"", ">", " ", "\n", "#", ";", "\x00", "e"}).Draw(t, "damage")
		damaged := text[:at] + damage + text[at+1:]
		r, err = parse([]byte(damaged), extension, unstated, Options{})
		if err != nil {
			require.NotContains(t, err.Error(), "\n", "%q", damaged)
			return
		}
		again, err := graph.Parse(r.Graph.String(), 0, 1)
		require.NoError(t, err, "%q", damaged)
		require.Equal(t, r.Graph, again, "%q", damaged)
	})
}
