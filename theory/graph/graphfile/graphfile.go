// Package graphfile reads causal graphs from the files of other programs: DOT,
// GraphML, GEXF, GML, node-link JSON, lists of edges, of parents and of children,
// adjacency matrices, DAGitty's and Tetrad's text, each in a file of its own here.
//
// Every format comes down to nodes and edges from parent to child with the line
// where they stand; builder makes a graph.Graph of them. What could mean two
// things is refused with its line and the flag that decides; what was decided is
// said in a note. The package draws nothing and knows no tokens.
package graphfile

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"causalgrad/theory/graph"
	"causalgrad/theory/ndarray"
	"causalgrad/theory/suggest"
	"causalgrad/theory/userfile"
)

// Target is the name that files give to the target of a graph with several
// parents.
const Target = "target"

// Formats names what is read, for help texts and refusals.
const Formats = "DOT, GraphML, GEXF, GML, node-link JSON, lists of edges or parents (text, JSON, .npy), .adjlist, DAGitty or Tetrad text"

// Grammar describes what Parse reads.
const Grammar = graph.Grammar + ", @FILE (" + Formats + "), adjacency-row-is-parent:@FILE or adjacency-column-is-parent:@FILE"

// Options are what the user says beside the graph's text.
type Options struct {
	// Length is T for the named families and files that leave it open, and must
	// agree with others; 0: as the text says.
	Length int
	// Seed draws the random family.
	Seed uint64
	// Order lists the names of a file's nodes, position 0 first; nil: as the file
	// says.
	Order []string
}

// Reading is a graph and what was decided in reading it.
type Reading struct {
	Graph graph.Graph
	Names []string // of the positions and, of a DAG, the target; nil: numbers
	Notes []string // sentences for the user
}

// Parse reads a graph in the grammar of the command, of a file or not.
func Parse(text string, o Options) (Reading, error) {
	trimmed := strings.TrimSpace(text)
	name, adjacency, isFile := fileOf(trimmed)
	if !isFile {
		if o.Order != nil {
			return Reading{}, fmt.Errorf("--order: graph %q names no nodes, only a file does", userfile.Printable(text))
		}
		g, err := graph.Parse(text, o.Length, o.Seed)
		if err != nil {
			err = fmt.Errorf("%w%s", err, unmarked(trimmed))
		}
		return Reading{Graph: g}, err
	}
	if err := graph.CheckLength(o.Length); err != nil {
		return Reading{}, fmt.Errorf("graph %q: %w", userfile.Printable(text), err)
	}
	r, err := read(name, adjacency, o)
	if err != nil {
		return Reading{}, userfile.Error(name, err)
	}
	if err := graph.Agree(r.Graph, o.Length); err != nil {
		return Reading{}, userfile.Error(name, err)
	}
	for i, note := range r.Notes {
		r.Notes[i] = fmt.Sprintf("file %s: %s", userfile.Printable(name), note)
	}
	return r, nil
}

// direction says what a row of an adjacency matrix is.
type direction int

const (
	unstated direction = iota
	rowIsParent
	columnIsParent
)

// fileOf takes the file's name out of a graph's text.
func fileOf(text string) (name string, d direction, ok bool) {
	for prefix, d := range map[string]direction{"@": unstated,
		"adjacency-row-is-parent:@": rowIsParent, "adjacency-column-is-parent:@": columnIsParent} {
		if name, ok := strings.CutPrefix(text, prefix); ok {
			return name, d, true
		}
	}
	return "", unstated, false
}

// unmarked is the end of a message about a text that names a file without "@".
func unmarked(text string) string {
	if meant := suggest.File(text, "@"+text); meant != "" {
		return meant
	}
	kind, name, _ := strings.Cut(text, ":")
	if spelled := kind + ":@" + name; IsFile(spelled) {
		return suggest.File(name, spelled)
	}
	return suggest.File(name, "@"+name)
}

// IsFile tells whether a graph's text names a file.
func IsFile(text string) bool {
	_, _, ok := fileOf(strings.TrimSpace(text))
	return ok
}

// maxFileSize bounds a graph file: far above what MaxSequenceLength positions need.
const maxFileSize = 16 << 20

func read(name string, d direction, o Options) (Reading, error) {
	data, err := userfile.Read(name, maxFileSize)
	if err != nil {
		return Reading{}, err
	}
	return parse(data, strings.ToLower(filepath.Ext(strings.TrimSuffix(name, ".gz"))), d, o)
}

// A reader turns text into a graph.
type reader func(text string, o Options) (Reading, error)

// beginnings tell formats by their first words, where the ending does not.
var beginnings = []struct {
	first *regexp.Regexp
	read  reader
}{
	{regexp.MustCompile(`^(?i)(strict\s+)?(di)?graph\b[^\[]*\{`), parseDOT},
	{regexp.MustCompile(`^(?i)(dag|pdag|mag|pag)\b[^\[\n]*\{`), parseDAGitty},
	{regexp.MustCompile(`^Graph Nodes:`), parseTetrad},
	{regexp.MustCompile(`^<`), parseGraphML},
	{regexp.MustCompile(`^network\s+\S+\s*\{`), bif},
	{regexp.MustCompile(`^\[[A-Za-z][^\[\]"{}]*\]\s*(\[[^\[\]"{}]*\]\s*)*$`), bnlearn},
	{regexp.MustCompile(`^[\[{]`), parseJSON},
	{regexp.MustCompile(`(?m)^\s*graph\s*\[`), parseGML},
	{regexp.MustCompile(`^(?i)\*(vertices|network|arcs)`), pajek},
}

var endings = map[string]reader{".dot": parseDOT, ".gv": parseDOT, ".graphml": parseGraphML, ".gexf": parseGraphML, ".adjlist": parseAdjacencyList, ".net": pajek, ".bif": bif, ".g6": graph6, ".s6": graph6, ".lgl": lgl, ".gml": parseGML,
	".json": parseJSON, ".edges": parseEdges, ".edgelist": parseEdges}

// parse reads a file's content; extension is its name's ending in lower case.
func parse(data []byte, extension string, d direction, o Options) (Reading, error) {
	if ndarray.IsArray(data) || extension == ".npy" {
		return parseArray(data, d, o)
	}
	text, err := userfile.Text(data)
	if err != nil {
		return Reading{}, fmt.Errorf("%w; a graph is read from %s", err, Formats)
	}
	if d != unstated {
		return parseAdjacency(text, d, o)
	}
	if read := endings[extension]; read != nil {
		return read(text, o)
	}
	begin := strings.TrimSpace(text)
	for _, b := range beginnings {
		if b.first.MatchString(begin) {
			return b.read(text, o)
		}
	}
	if err := looksAdjacent(text); err != nil {
		return Reading{}, err
	}
	return parseEdges(text, o)
}
