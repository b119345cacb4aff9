package graphfile

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/ndarray"

	"github.com/stretchr/testify/require"
)

func saved(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

const six = "parents:-1,0,0,1,-1,4"

// The same graph as programs write it.
func TestParseReadsWhatProgramsWrite(t *testing.T) {
	for name, c := range map[string]struct{ text, want, note string }{
		"networkx edge list": {"@testdata/04_write_edgelist.edges", six, ""},
		"networkx node-link": {"@testdata/01_node_link_edges.json", six, ""},
		"networkx GraphML":   {"@testdata/10.graphml", six, ""},
		"the official dag":   {"@testdata/20_parents_int64.npy", six, ""},
		"DAGitty":            {"@testdata/41_dagitty.txt", "parents:-1,0,1", ""},
		"from 1": {"@testdata/53_one_based.edges", "parents:-1,-1,1,1,2,-1,5",
			"no line names position 0, read as a root; if the nodes count from 1: --order 1,2,3,4,5,6"},
		"lists of parents": {"@testdata/25_parent_lists_6.json", "dag:[[],[0],[0],[1],[],[4]]",
			"6 lists of parents: those of 5 positions, T = 5, and last the target's, [4]"},
		"weights": {"@" + saved(t, "g.edges", "0 1 0.5\n0 2 -3\n"), "parents:-1,0,0", "weights"},
		"weights in braces": {"@" + saved(t, "g.edgelist", "0 1 {'weight': 0.5}\n0 2 {}\n"), "parents:-1,0,0",
			"attributes of edges are left out"},
		"pandas": {"@" + saved(t, "g.csv", "source,target,weight\n0,1,2\n1,2,2\n"), "parents:-1,0,1",
			"line 1 is a header: column 1 holds the parents"},
		"pandas with an index": {"@" + saved(t, "g.csv", ",source,target\n0,0,1\n1,1,2\n2,2,3"), "parents:-1,0,1,2", "counts rows"},
		"child first":          {"@" + saved(t, "g.csv", "child,parent\n1,0\n2,1\n"), "parents:-1,0,1", "column 2 holds the parents"},
		"BOM and semicolons": {"@" + saved(t, "g.csv", "\xef\xbb\xbf0;1\r\n1;2\r\n"), "parents:-1,0,1",
			"line 1 is read as the edge 0 -> 1; a header that counts columns is to be left out"},
		"pandas, no names": {"@" + saved(t, "g.csv", "0,1,2\n0,1,0.5\n0,2,0.5\n"), "parents:-1,0,0",
			"line 1 is a header: column 1 holds the parents"},
		"no edge":            {"@" + saved(t, "g.txt", "0\n1\n2\n"), "parents:-1,-1,-1", "no edge in it: every position is a root"},
		"savetxt of parents": {"@" + saved(t, "p.txt", "-1.000000000000000000e+00\n0.000000000000000000e+00\n1.0\n"), "parents:-1,0,1", ""},
		"a line of parents":  {"@" + saved(t, "p.csv", "-1,0,0\n"), "parents:-1,0,0", ""},
		"a list":             {"@" + saved(t, "p.json", "[-1, 0, 0.0]"), "parents:-1,0,0", ""},
		"the official key":   {"@" + saved(t, "p.json", `{"dag": [-1, 0, 0]}`), "parents:-1,0,0", ""},
		"JSON":               {"@" + saved(t, "g.json", `{"parents": [-1, 0, 0]}`), "parents:-1,0,0", ""},
		"JSON DAG":           {"@" + saved(t, "g.json", `{"dag": [[], [], [0, 1], [1, 0]]}`), "dag:[[],[],[0,1],[1,0]]", ""},
		"links": {"@" + saved(t, "g.json",
			`{"directed":true,"nodes":[{"id":"0"},{"id":"1"},{"id":"2"}],"links":[{"source":"0","target":"2"}]}`), "parents:-1,-1,0", ""},
		"edges":            {"@" + saved(t, "g.edges", "# a tree\n0 1\n0,2 # a comment\n\n3\n2\t4\r\n"), "parents:-1,0,0,-1,2", ""},
		"edges, any order": {"@" + saved(t, "g.edges", "1 3\n0 1\n"), "parents:-1,0,-1,1", "no line names position 2, read as a root"},
		"edges, several":   {"@" + saved(t, "g.edges", "1 2\n0 2\n1 target\n2 target\n"), "dag:[[],[],[0,1],[1,2]]", ""},
		"DOT": {"@" + saved(t, "g.dot", `digraph g { node [shape=box]; 0 -> 1 -> 3 [weight=2]; "0" -> 2; 4 }`),
			"parents:-1,0,0,1,-1", ""},
		"DOT, subgraph": {"@" + saved(t, "g.gv", "digraph { 0 -> {1 2} }"), "parents:-1,0,0", ""},
		"DOT, several":  {"@" + saved(t, "g.gv", "digraph { 0 -> 2; 1 -> 2; {0 2} -> target }"), "dag:[[],[],[0,1],[0,2]]", ""},
		"DOT, subgraphs by name": {"@" + saved(t, "g.gv",
			"digraph { subgraph pair { 1; 2 } subgraph other { 3 } 0 -> subgraph pair {}; 1 -> subgraph other {} }"), "parents:-1,0,0,1", ""},
		"DOT as causal-learn": {"@" + saved(t, "g.dot",
			"digraph {\n0 [label=X0];\n0 -> 1 [dir=both, arrowtail=none, arrowhead=normal];\n1 -> 2 [dir=forward, arrowhead=vee];\n}"),
			"parents:-1,0,1", ""},
		"DOT, no ending": {"@" + saved(t, "g.txt", "strict digraph \"x\" {\n0 -> 1; 1 -> 2 }"), "parents:-1,0,1", ""},
		"GML of networkx": {"@" + saved(t, "g.gml",
			"graph [\n  directed 1\n  node [ id 0 label \"1\" ]\n  node [ id 1 label \"0\" ]\n  node [ id 2 label \"2\" ]\n  edge [ source 1 "+
				"target 0 ]\n]"), "parents:-1,0,-1", ""},
		"GML without labels": {"@" + saved(t, "g.gml",
			"Creator \"igraph\"\nVersion 1\ngraph\n[\n directed 1\n node [ id 0 ] node [ id 1 ] node [ id 2 ]\n edge [ source 0 target 2 "+
				"weight 2.5 ] # x\n]"), "parents:-1,-1,0", ""},
		"Tetrad": {"@" + saved(t, "g.txt", "Graph Nodes:\nX1;X2;X3\n\nGraph Edges:\n1. X1 --> X2 dd nl\n2. X2 --> X3\n"),
			"parents:-1,0,1", "nodes X1, X2, X3 are positions 0 to 2; with the query, T = 4"},
		"DAGitty, names": {"@" + saved(t, "g.txt",
			"dag \"g\" {\nrain [pos=\"0,1\"]\nwet [pos=\"1,1\"]\n\"dry land\"\nwet <- rain -> \"dry land\"\n}"), "parents:-1,0,0",
			"rain, wet, dry land"},
		"DAGitty, groups": {"@" + saved(t, "g.dag", "dag { 0 -> {1 2}; {1 2} -> target }"), "dag:[[],[0],[0],[1,2]]", ""},
		"GEXF of networkx": {"@" + saved(t, "g.gexf", `<?xml version='1.0' encoding='utf-8'?>
<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2"><meta><creator>NetworkX 3.4</creator></meta>
<graph defaultedgetype="directed" mode="static" name=""><nodes><node id="0" label="0"/><node id="1" label="1"/><node id="2" label="2"/></nodes>
<edges><edge source="0" target="1" id="0"/><edge source="0" target="2" id="1" type="directed"/></edges></graph></gexf>`), "parents:-1,0,0", ""},
		"adjacency list": {"@" + saved(t, "g.adjlist", "#/home/me/x.py\n# GMT Mon\n# \n0 1 2\n1 3\n2\n3\n4\n"),
			"parents:-1,0,0,1,-1", ""},
		"multiline adjacency": {"@" + saved(t, "g.adjlist", "# x\n0 2\n1 {}\n2 {'weight': 0.5}\n1 1\n3 {}\n2 0\n3 0\n4 0\n"),
			"parents:-1,0,0,1,-1", ""},
		"adjacency list of names": {"@" + saved(t, "g.adjlist", "rain wet slippery\nwet\nslippery\n"), "parents:-1,0,0", "rain, wet, slippery"},
		"R with row names": {"@" + saved(t, "g.csv", "\"\",\"from\",\"to\"\n\"1\",\"0\",\"1\"\n\"2\",\"0\",\"2\"\n"), "parents:-1,0,0",
			"counts rows"},
		"R's write.table": {"@" + saved(t, "g.txt", "\"from\" \"to\"\n\"1\" \"0\" \"1\"\n\"2\" \"0\" \"2\"\n"), "parents:-1,0,0",
			"counts rows"},
		"a parent for every node": {"@" + saved(t, "g.csv", "node;parent\n0;\n1;0\n2;0\n"), "parents:-1,0,0", "column 2 holds the parents"},
		"adjacency": {"adjacency-row-is-parent:@" + saved(t, "a.csv", "0,1,1\n0,0,0\n0,0,0\n"), "parents:-1,0,0",
			"nodes 0, 1, 2 are positions 0 to 2"},
		"adjacency, turned": {"adjacency-column-is-parent:@" + saved(t, "a.txt", "0 0 0\n1 0 0\n1 0 0\n"), "parents:-1,0,0", ""},
		"adjacency, R": {"adjacency-row-is-parent:@" + saved(t, "a.txt", "\"V1\" \"V2\"\n\"1\" 0 1\n\"2\" 0 0\n"), "parents:-1,0",
			"nodes V1, V2 are positions 0 to 1"},
		"adjacency, pandas": {"adjacency-row-is-parent:@" + saved(t, "a.csv", ",a,b,c\na,0,0.5,0\nb,0,0,-2\nc,0,0,0\n"),
			"parents:-1,0,1", "2 entries other than 0 and 1 are read as edges"},
		"adjacency, array": {"adjacency-row-is-parent:@" + saved(t, "a.npy",
			string(ndarray.WriteNPY([]int{3, 3}, []float64{0, 1, 0, 0, 0, 1, 0, 0, 0}))),
			"parents:-1,0,1", "nodes 0, 1, 2 are positions 0 to 2"},
		"adjacency, JSON": {"adjacency-row-is-parent:@" + saved(t, "a.json", "[[0,0,1,0],[0,0,1,0],[0,0,0,1],[0,0,0,0]]"),
			"dag:[[],[],[0,1],[2]]", "and the target: T = 3"},
		"GraphML, undirected one": {"@" + saved(t, "g.xml",
			`<graphml><graph edgedefault="undirected"><node id="0"/><node id="1"/><edge source="0" target="1" directed="true"/></graph></graphml>`), "parents:-1,0", ""},
	} {
		r, err := Parse(c.text, Options{})
		require.NoError(t, err, name)
		require.Equal(t, c.want, r.Graph.String(), name)
		if c.note == "" {
			if !strings.HasPrefix(c.text, "adj") {
				require.Empty(t, r.Notes, name)
			}
			continue
		}
		require.Contains(t, strings.Join(r.Notes, "\n"), c.note, name)
	}
}

func TestLengthAndOrder(t *testing.T) {
	for _, c := range []struct {
		file, text string
		o          Options
		want       string
	}{
		{"g.edges", "0 1\n", Options{Length: 5}, "parents:-1,0,-1,-1"},
		{"g.dot", "digraph { 0 -> 1 }", Options{Length: 4}, "parents:-1,0,-1"},
		{"g.edges", "0 1\n1 target\n", Options{Length: 3}, "dag:[[],[0],[],[1]]"},
		{"g.edges", "1 2\n1 3\n", Options{Order: []string{"1", "2", "3"}}, "parents:-1,0,0"},
		{"g.edges", "a b\n", Options{Order: []string{"c", "a", "b"}}, "parents:-1,-1,1"},
		{"g.edges", "a b\nb target\na target\n", Options{Order: []string{"a", "b", "c", "target"}}, "dag:[[],[0],[],[0,1]]"},
		{"a.csv", "a,b,c\n0,0,0\n1,0,0\n0,1,0\n", Options{Order: []string{"c", "b", "a"}}, "parents:-1,0,1"},
	} {
		text := "@" + saved(t, c.file, c.text)
		if c.file == "a.csv" {
			text = "adjacency-row-is-parent:" + text
		}
		r, err := Parse(text, c.o)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, r.Graph.String(), c.text)
	}
	r, err := Parse("@testdata/43_named.dot", Options{Order: []string{"rain", "sprinkler", "wet", "slippery"}})
	require.NoError(t, err)
	require.Equal(t, "dag:[[],[],[0,1],[2]]", r.Graph.String())
	require.Equal(t, []string{"file testdata/43_named.dot: nodes rain, sprinkler, wet, slippery are positions 0 to 2 and the target: T = 3"}, r.Notes)
	require.EqualError(t, r.NotForest(), "several parents: position 2 (wet) has 2 parents, 0 (rain), 1 (sprinkler)")
	r, err = Parse("@testdata/25_parent_lists_6.json", Options{})
	require.NoError(t, err)
	require.EqualError(t, r.NotForest(), "is read as lists of parents, the last the target's, although no list has two: a forest of 6 "+
		"positions is parents:-1,0,0,1,-1,4")
}

func TestParseRefusesWhatItWouldMisread(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"bidirected":  {"testdata/64_causallearn_bidirected.dot", "", "line 8: edge 1 -- 2 is bidirected (a hidden common cause)"},
		"drawn back":  {"testdata/61b_dir_back.dot", "", "line 1: edge 1 -- 2 is drawn from its second node to its first"},
		"null":        {"testdata/70_null_inner.json", "", "line 1: parents[2] is null, want a number"},
		"unknown key": {"testdata/35_extra_length.json", "", `unknown key "length", want parents, dag`},
		"named":       {"testdata/43_named.dot", "", "named nodes need their order: --order rain,sprinkler,wet,slippery"},
		"default dir": {"g.dot", "digraph {\n edge [dir=none];\n 0 -> 1 }", "line 3: edge 0 -- 1 is undirected"},
		"dir within":  {"g.dot", "digraph { 0 -> 1; subgraph { edge [dir=back]; 1 -> 2 } }", "edge 1 -- 2 is drawn from"},
		"PAG": {"g.dot", "digraph {\n/* -> */ 0 -> 1 // ->\n\"x->\" [label=<a<b>-- c>]\n1 -> 2 [arrowtail=odot, " +
			"arrowhead=normal, dir=both] }", "line 4: edge 1 -- 2 has the ends odot and normal"},
		"no head":              {"g.dot", "digraph { 0 -> 1 [arrowhead=none] }", "edge 0 -- 1 is undirected"},
		"reversed by its ends": {"g.dot", "digraph { 0 -> 1 [dir=both, arrowtail=normal, arrowhead=none] }", "is drawn from its second node"},
		"invisible":            {"g.dot", "digraph { 0 -> 1 [style=invis] }", "is invisible"},
		"DOT, undirected":      {"g.dot", "graph { 0 -- 1 }", "undirected"},
		"DOT, truncated":       {"g.dot", "digraph { 0 -> ", "not a readable DOT graph"},
		"DOT, empty":           {"g.dot", "", "DOT graph"},
		"DOT, two":             {"g.dot", "digraph {0->1} digraph {0->1}", "2 DOT graphs"},
		"DOT, two parents":     {"g.dot", "digraph { 0 -> 2;\n 1 -> 2 }", "line 2: position 2 has two parents, 0 and 1"},
		"DOT, self loop":       {"g.dot", "digraph { 0 -> 1; 2 -> 2 }", "line 1: edge 2 -> 2: want a parent at an earlier position"},
		"edges, back": {"g.edges", "1 0\n0 1\n",
			"line 1: edge 1 -> 0, and line 2 has it the other way: an undirected graph? want every edge once, from parent to child"},
		"edges, cycle": {"g.edges", "0 1\n1 2\n2 0\n", "line 3: edge 2 -> 0 goes back and closes a cycle"},
		"edges, children first": {"g.edges", "2 1\n1 0\n",
			"line 1: edge 2 -> 1 goes back in the order of the nodes: want parents first, --order 2,1,0"},
		"edges, arrows": {"g.txt", "0 -> 1\n0 -> 2\n", `line 1: 0 -> 1: want "parent child"; edges with arrows are read as DOT`},
		"edges, a name": {"g.edges", "0 1\n1 x\n", `line 2: node "x", want a 0-based position`},
		"LGL":           {"g.lgl", "# 0\n1\n", "LGL holds undirected graphs"},
		"Tetrad, of a PAG": {"g.txt", "Graph Nodes:\nA;B\nGraph Edges:\n1. A --> B pd nl\n",
			"line 4: edge A --> B is of a PAG and may not be direct (pd)"},
		"edges, two parents":  {"g.edges", "0 2\n1 2\n", "line 2: position 2 has two parents, 0 and 1: want a forest, or a target"},
		"edges, double":       {"g.edges", "0 1\n1 2\n1 2\n", "line 3: edge 1 -> 2 is named twice"},
		"edges, some weights": {"g.edges", "0 1 2\n1 2\n", "line 1: 3 words"},
		"edges, weight 0":     {"g.edges", "0 1 2\n1 2 0.0\n", `line 2: weight "0.0"`},
		"edges, adjlist":      {"g.edges", "0 1 2\n1 3\n2\n3\n", "line 1: 3 words"},
		"edges, four":         {"g.edges", "0 1 2 3\n", "4 words"},
		"edges, negative":     {"g.edges", "0 -1\n", "node \"-1\""},
		"edges, huge":         {"g.edges", "0 99999999999\n", "node \"99999999999\""},
		"edges, beyond":       {"g.edges", "0 4096\n", `node "4096", want a 0-based position (0 to 4095)`},
		"edges, from target":  {"g.edges", "target 1\n", "the target has no children"},
		"edges, empty":        {"g.edges", "\n", "parents: 0 positions"},
		"edges, binary":       {"g.edges", "\x00\x01", "is not text"},
		"named, back": {"g.json", `{"directed":true,"nodes":[{"id":"b"},{"id":"a"}],"edges":[{"source":"a","target":"b"}]}`,
			"edge a -> b goes back in the order of the nodes: want parents first, --order a,b"},
		"node-link":           {"g.json", `{"directed":false,"nodes":[{"id":0}],"edges":[]}`, "is not directed"},
		"node-link, no edges": {"g.json", `{"directed":true,"nodes":[{"id":0}]}`, `want either "edges" or "links"`},
		"node-link, stranger": {"g.json", `{"directed":true,"nodes":[{"id":0}],"edges":[{"source":0,"target":7}]}`,
			"edge 0 -> 7: not both are in"},
		"node-link, a tuple": {"g.json", `{"directed":true,"nodes":[{"id":[0,1]}],"edges":[]}`, "id is a list, want a number"},
		"node-link, no id":   {"g.json", `{"directed":true,"nodes":[{"name":0}],"edges":[]}`, `no "id"`},
		"cytoscape":          {"g.json", `{"data":{},"elements":{}}`, `unknown key "data"`},
		"JSON, neither":      {"g.json", "{}", "neither"},
		"JSON, both":         {"g.json", `{"parents":[-1,0],"dag":[[],[],[],[0]]}`, "both"},
		"JSON, twice":        {"g.json", `{"parents":[-1,0],"parents":[-1,-1]}`, `key "parents" is given twice`},
		"JSON, fraction":     {"g.json", `[-1, 0.5]`, "parents[1] = 0.5, want an integer"},
		"JSON, truncated":    {"g.json", `{"parents":[-1,`, "want {"},
		"JSON, adjacency":    {"g.json", `[[0,1,0],[0,0,1],[0,0,0]]`, "adjacency-row-is-parent:@FILE"},
		"CSV, adjacency":     {"g.csv", "0,1\n0,0\n", "say what its rows are"},
		"GraphML, undirected": {"g.graphml", "<graphml><graph edgedefault=\"undirected\">\n<node id=\"0\"/><node id=\"1\"/>\n<edge " +
			"source=\"0\" target=\"1\"/></graph></graphml>", "line 3: edge 0 -- 1 is undirected"},
		"GraphML, broken": {"g.graphml", "<graphml><graph>", "not readable XML"},
		"GraphML, none":   {"g.graphml", "<html></html>", "want GraphML"},
		"GEXF":            {"g.gexf", "<gexf></gexf>", "no <graph>"},
		"GEXF, undirected": {"g.gexf", "<gexf><graph>\n<node id='0'/><node id='1'/><edge source='0' target='1'/></graph></gexf>",
			"line 2: edge 0 -- 1 is undirected"},
		"GEXF, mutual": {"g.gexf", "<gexf><graph defaultedgetype='directed'><node id='0'/><node id='1'/><edge source='0' " +
			"target='1' type='mutual'/></graph></gexf>", "edge 0 -- 1 is undirected"},
		"BIF":                 {"g.bif", "network unknown {\n}\n", "pgmpy.readwrite.BIFReader"},
		"BIF, no ending":      {"g.txt", "network unknown {\n}\n", "BIF is not read"},
		"a model string":      {"g.txt", "[A][B|A][C|A:B]\n", "arcs(model2network"},
		"sparse6":             {"g.s6", ">>sparse6<<:Ea\n", "undirected graphs"},
		"sparse6, no ending":  {"g.txt", ">>sparse6<<:Ea\n", "no edge in it; a graph is read from DOT"},
		"multiline in text":   {"g.txt", "0 1\n1 {}\n1 0\n", "line 2: attributes without an edge; a multiline"},
		"edge marks":          {"g.csv", "0,-1,0\n1,0,-1\n0,1,0\n", "an adjacency matrix"},
		"weights of LiNGAM":   {"g.csv", "0,0,0\n0.8,0,0\n0,-1.2,0\n", "an adjacency matrix"},
		"a column of truth":   {"g.csv", "Variable1,Variable2,Directed\nA,B,TRUE\n", "or a header: source,target or from,to"},
		"arrows in words":     {"g.txt", "A -> B\nA -> C\n", "line 1: A -> B: want"},
		"Pajek":               {"g.net", "*vertices 2\n1 a\n2 b\n*arcs\n1 2\n", "networkx.write_graphml(networkx.DiGraph(networkx.read_pajek("},
		"Pajek, no ending":    {"g.txt", "*Network x\n*Vertices 2\n", "Pajek is not read"},
		"no adjacency list":   {"g.txt", "0 1 2\n1 3\n2\n", "line 1: 3 words, want"},
		"multiline, too many": {"g.adjlist", "0 3\n1 {}\n", "line 1: \"3\" children of 0"},
		"multiline, no count": {"g.adjlist", "0 x\n1 {}\n", "line 1: \"x\" children"},
		"multiline, words":    {"g.adjlist", "0 1\n1 2 {}\n", "line 2: 2 words, want a child of 0"},
		"GML, undirected":     {"g.gml", "graph [\n node [ id 0 ] ]", "line 1: the graph is not directed"},
		"GML, open":           {"g.gml", "graph [ directed 1 node [ id 0", "truncated"},
		"GML, stranger":       {"g.gml", "graph [ directed 1 node [ id 0 ]\nedge [ source 0 target 9 ] ]", "line 2: edge 0 -> 9"},
		"DAGitty, bidirected": {"g.txt", "dag {\n0 -> 1\n1 <-> 2\n}", "line 3: edge 1 <-> 2 is bidirected"},
		"DAGitty, undirected": {"g.txt", "dag {\n0 -- 1\n}", "line 2: edge 0 -- 1: want an arrow"},
		"DAGitty, hidden":     {"g.txt", "dag {\n0 -> 1\nu [latent,pos=\"1,1\"]\n}", "line 3: a latent node"},
		"DAGitty, pdag":       {"g.txt", "pdag { 0 -> 1 }", "a pdag, want a dag"},
		"DAGitty, open":       {"g.txt", "dag { 0 -> 1", "truncated"},
		"Tetrad, bidirected":  {"g.txt", "Graph Nodes:\nA;B\nGraph Edges:\n1. A <-> B\n", "line 4: edge A <-> B"},
		"pickle":              {"g.pkl", "\x80\x04\x95", "is a Python pickle; a graph is read from DOT"},
		"array, matrix":       {"a.npy", "\x93NUMPY\x01\x00", "not a readable .npy file"},
	} {
		path := c.file
		if c.text != "" || !strings.HasPrefix(path, "testdata") {
			path = saved(t, c.file, c.text)
		}
		_, err := Parse("@"+path, Options{})
		require.ErrorContains(t, err, c.want, name)
		require.ErrorContains(t, err, "file ", name)
		require.NotContains(t, err.Error(), "\n", name)
	}
	for _, c := range []struct {
		text string
		o    Options
		want string
	}{
		{"@" + t.TempDir(), Options{}, "is a directory"},
		{"chain", Options{Order: []string{"a"}}, "names no nodes, only a file does"},
		{"@testdata/20_parents_int64.npy", Options{Order: []string{"a"}}, "names no nodes"},
		{"@testdata/20_parents_int64.npy", Options{Length: 6},
			"has sequence length 7 (T is the number of parents, 6, and one more for the query), but length 6 was asked for"},
		{"@testdata/43_named.dot", Options{Order: []string{"rain", "wet", "slippery"}}, "node sprinkler of the file is not in it"},
		{"@testdata/43_named.dot", Options{Order: []string{"rain", "rain"}}, "rain is listed twice"},
		{"@testdata/43_named.dot", Options{Order: []string{"slippery", "wet", "rain", "sprinkler"}}, "goes back in the order"},
		{"adjacency-row-is-parent:@" + saved(t, "a.csv", "0,1\n1,0\n"), Options{}, "line 1: entries [0][1] and [1][0] are both set"},
		{"adjacency-row-is-parent:@" + saved(t, "a.csv", "0,0,0\n1,0,0\n1,0,0\n"), Options{}, "is it the other direction"},
		{"adjacency-row-is-parent:@" + saved(t, "a.csv", "0,1,0\n0,1,0\n0,0,0\n"), Options{}, "edge 1 -> 1"},
		{"adjacency-row-is-parent:@" + saved(t, "a.csv", "0,1,0\n0,0,0\n"), Options{}, "2 rows, want a square"},
		{"adjacency-row-is-parent:@" + saved(t, "a.csv", "0,nan,0\n0,0,0\n0,0,0\n"), Options{}, "line 1: entry [0][1] = NaN"},
		{"adjacency-row-is-parent:@testdata/20_parents_int64.npy", Options{}, "array of shape [6]"},
	} {
		_, err := Parse(c.text, c.o)
		require.ErrorContains(t, err, c.want, c.text)
		require.NotContains(t, err.Error(), "\n")
	}
}

// Any bytes are a graph that Parse reads back, or an error of one line.
func FuzzRead(f *testing.F) {
	entries, err := os.ReadDir("testdata")
	require.NoError(f, err)
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		data, err := os.ReadFile(filepath.Join("testdata", e.Name()))
		require.NoError(f, err)
		f.Add(data, uint8(0))
	}
	for _, text := range []string{"0 1\n1 2\n2 target\n", "digraph { 0 -> {1 2}; 3 }", "digraph { 0 -> 0; subgraph x { 1 } -> 2:n }",
		"a b\nb c", "-1 0 1",
		"graph [ directed 1 node [ id 0 label \"a\" ] node [ id 1 label \"b\" ] edge [ source 0 target 1 ] ]",
		"Graph Nodes:\nA;B\nGraph Edges:\n1. A --> B",
		"dag { a [latent] {b c} -> d <- e }", "0,1\n0,0", "source,target\n0,1"} {
		for kind := range uint8(len(extensions)) {
			f.Add([]byte(text), kind)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, kind uint8) {
		extension := extensions[int(kind)%len(extensions)]
		r, err := parse(data, extension, direction(kind%3), Options{})
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			require.Less(t, len([]rune(err.Error())), 600)
			return
		}
		again, err := graph.Parse(r.Graph.String(), 0, 0)
		require.NoError(t, err)
		require.Equal(t, r.Graph, again)
		for _, note := range r.Notes {
			require.NotContains(t, note, "\n")
		}
	})
}

var extensions = []string{"", ".dot", ".graphml", ".gml", ".json", ".edges", ".npy", ".txt", ".csv"}

// TestOneNodeTooMany: further nodes are counted, not kept.
func TestOneNodeTooMany(t *testing.T) {
	for _, n := range []int{maxNodes, maxNodes + 1} {
		b := newBuilder()
		for i := range n {
			b.name(fmt.Sprint(i))
		}
		_, err := b.graph(Options{})
		require.EqualError(t, err, fmt.Sprintf("more than %d nodes", maxNodes-1), "%d nodes", n)
	}
}

// TestArrowsOutsideOfComments: a # opens one at the start of a line alone.
func TestArrowsOutsideOfComments(t *testing.T) {
	require.Equal(t, []int{2, 3, 5}, arrowLines("# a -> b\nc -> d\ne # -> f\n// g -> h\ni /* -> */ -- j\n\"k -> l\"\n"))
}
