package graph

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func saved(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

func TestParseReadsFilesOfEveryFormat(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		length     int
		want       string
	}{
		"JSON":               {"g.json", `{"parents": [-1, 0, 0]}`, 0, "parents:-1,0,0"},
		"JSON DAG":           {"g.json", `[[], [], [0, 1], [1, 0]]`, 0, "dag:[[],[],[0,1],[1,0]]"},
		"edges":              {"g.edges", "# a tree\n0 1\n0,2 # a comment\n\n3\n2\t4\r\n", 0, "parents:-1,0,0,-1,2"},
		"edges, any order":   {"g.edges", "1 3\n0 1\n", 0, "parents:-1,0,-1,1"},
		"edges, longer":      {"g.edges", "0 1\n", 5, "parents:-1,0,-1,-1"},
		"edges, several":     {"g.edges", "1 2\n0 2\n1 target\n2 target\n", 0, "dag:[[],[],[0,1],[1,2]]"},
		"DOT":                {"g.dot", `digraph g { node [shape=box]; 0 -> 1 -> 3 [weight=2]; "0" -> 2; 4 }`, 0, "parents:-1,0,0,1,-1"},
		"DOT, subgraph":      {"g.gv", "digraph { 0 -> {1 2} }", 0, "parents:-1,0,0"},
		"DOT, several":       {"g.gv", "digraph { 0 -> 2; 1 -> 2; {0 2} -> target }", 0, "dag:[[],[],[0,1],[0,2]]"},
		"DOT, longer":        {"g.dot", "digraph { 0 -> 1 }", 4, "parents:-1,0,-1"},
		"edges, DAG, longer": {"g.edges", "0 1\n1 target\n", 3, "dag:[[],[0],[],[1]]"},
	} {
		g, err := Parse("@"+saved(t, c.file, c.text), c.length, 1)
		require.NoError(t, err, name)
		require.Equal(t, c.want, g.String(), name)
	}
}

func TestParseRefusesBadFiles(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"edges, cycle":         {"g.edges", "1 0\n0 1\n", "parents[0] = 1, want -1 (a root) or an earlier"},
		"edges, self":          {"g.edges", "0 1\n1 1\n", "position 1 has two parents"},
		"edges, self alone":    {"g.edges", "0 1\n2 2\n", "parents[2] = 2"},
		"edges, two parents":   {"g.edges", "0 2\n1 2\n", "position 2 has two parents, 0 and 1"},
		"edges, double edge":   {"g.edges", "0 1\n1 2\n1 2\n", "position 2 has two parents, 1 and 1"},
		"edges, words":         {"g.edges", "0 1 2\n", "line 1: 3 words"},
		"edges, name":          {"g.edges", "0 1\na b\n", "line 2: node \"a\", want a 0-based position"},
		"edges, negative":      {"g.edges", "-1 0\n", "node \"-1\""},
		"edges, huge":          {"g.edges", "0 99999999999\n", "node \"99999999999\""},
		"edges, from target":   {"g.edges", "target 1\n", "the target has no children"},
		"edges, double in DAG": {"g.edges", "0 1\n0 1\n1 target\n2\n", "parent 0 is listed twice"},
		"edges, empty":         {"g.edges", "\n", "parents: 0 positions"},
		"edges, binary":        {"g.edges", "\x00\x01", "want a 0-based position"},
		"DOT, undirected":      {"g.dot", "graph { 0 -- 1 }", "undirected"},
		"DOT, truncated":       {"g.dot", "digraph { 0 -> ", "not a readable DOT graph"},
		"DOT, empty":           {"g.dot", "", "DOT graph"},
		"DOT, two":             {"g.dot", "digraph {0->1} digraph {0->1}", "2 DOT graphs"},
		"DOT, name":            {"g.dot", "digraph { x -> y }", "node \"x\""},
		"DOT, two parents":     {"g.dot", "digraph { 0 -> 2; 1 -> 2 }", "position 2 has two parents"},
		"DOT, self loop":       {"g.dot", "digraph { 0 -> 1; 2 -> 2 }", "parents[2] = 2"},
		"JSON, neither":        {"g.json", "{}", "neither"},
		"JSON, both":           {"g.json", `{"parents":[-1,0],"dag":[[],[],[],[0]]}`, "both"},
		"JSON, truncated":      {"g.json", `{"parents":[-1,`, "want {"},
	} {
		file := saved(t, c.file, c.text)
		_, err := Parse("@"+file, 0, 1)
		require.ErrorContains(t, err, c.want, name)
		require.ErrorContains(t, err, file, name)
		require.NotContains(t, err.Error(), "\n", name)
	}
	_, err := Parse("@"+t.TempDir(), 0, 1)
	require.ErrorContains(t, err, "want a file of at most")
}

// Any text is a graph that Parse reads back, or an error of one line.
func FuzzGraphFiles(f *testing.F) {
	f.Add("0 1\n1 2\n2 target\n")
	f.Add("digraph { 0 -> {1 2}; 3 }")
	f.Add("digraph { 0 -> 0; subgraph x { 1 } -> 2:n }")
	f.Fuzz(func(t *testing.T, text string) {
		for _, parse := range []func([]byte, int) (Graph, error){parseEdges, parseDOT} {
			g, err := parse([]byte(text), 0)
			if err != nil {
				continue
			}
			again, err := Parse(g.String(), 0, 0)
			require.NoError(t, err)
			require.Equal(t, g, again)
		}
	})
}
