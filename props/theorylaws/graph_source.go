package theorylaws

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

// written is a graph that a law writes for a Grapher: a forest or, with dag, a
// graph with several parents.
type written struct {
	parents []int
	dag     [][]int
}

// drawWritten draws a forest of at most 12 positions or a DAG.
func drawWritten(t *rapid.T) written {
	if rapid.Bool().Draw(t, "several parents") {
		return drawWrittenDAG(t)
	}
	return written{parents: gen.Forests(3, 13).Draw(t, "forest").Parents()}
}

func drawWrittenDAG(t *rapid.T) written {
	d := gen.DAGs(3, 9, 6).Draw(t, "dag")
	var lists [][]int
	for i := range d.SequenceLength() + 1 {
		lists = append(lists, slices.Clone(d.Parents(i)))
	}
	return written{dag: lists}
}

func (g written) length() int {
	if g.dag != nil {
		return len(g.dag) - 1
	}
	return len(g.parents) + 1
}

// lists is the parent list of every entry.
func (g written) lists() [][]int {
	if g.dag != nil {
		return g.dag
	}
	lists := make([][]int, len(g.parents))
	for i, p := range g.parents {
		if p >= 0 {
			lists[i] = []int{p}
		}
	}
	return lists
}

// ascending is the graph with sorted parent lists, which is all that edge lists
// and DOT files can say.
func (g written) ascending() written {
	if g.dag == nil {
		return g
	}
	sorted := make([][]int, len(g.dag))
	for i, list := range g.dag {
		sorted[i] = slices.Sorted(slices.Values(list))
	}
	return written{dag: sorted}
}

// text is the graph in the command's grammar without a blank.
func (g written) text() string {
	if g.dag != nil {
		return "dag:" + marshalled(g.filled())
	}
	return "parents:" + strings.Trim(marshalled(g.parents), "[]")
}

// filled has an empty list, not null, where an entry has no parents.
func (g written) filled() [][]int {
	lists := make([][]int, len(g.dag))
	for i, list := range g.dag {
		lists[i] = append([]int{}, list...)
	}
	return lists
}

func marshalled(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error() // integers always marshal
	}
	return string(text)
}

// drawText writes the graph in the grammar with blanks where they are allowed.
func (g written) drawText(t *rapid.T) GraphSource {
	blank := rapid.SampledFrom([]string{"", " ", "  "}).Draw(t, "blank")
	return GraphSource{Text: blank + strings.ReplaceAll(g.text(), ",", blank+","+blank) + blank, Length: g.drawLength(t)}
}

// drawLength asks for the graph's own length or for none.
func (g written) drawLength(t *rapid.T) int {
	if rapid.Bool().Draw(t, "length given") {
		return g.length()
	}
	return 0
}

// drawJSON writes an object or the list alone.
func (g written) drawJSON(t *rapid.T) GraphSource {
	key, list := "parents", marshalled(g.parents)
	if g.dag != nil {
		key, list = "dag", marshalled(g.filled())
	}
	if rapid.Bool().Draw(t, "object") {
		list = fmt.Sprintf("{\n %q: %s }\n", key, list)
	}
	return GraphSource{Text: list, Format: "json", Length: g.drawLength(t)}
}

// link is an edge by name; child may be "target".
type link struct{ parent, child string }

// links lists the edges in any order, and the positions that no edge names,
// which may be left out when the length is given.
func (g written) links(t *rapid.T) (links []link, alone []string, length int) {
	named := make([]bool, g.length())
	for child, list := range g.lists() {
		for _, p := range list {
			l := link{strconv.Itoa(p), strconv.Itoa(child)}
			named[p] = true
			if child == g.length() {
				l.child = "target"
			} else {
				named[child] = true
			}
			links = append(links, l)
		}
	}
	length = g.drawLength(t)
	for i := range len(g.lists()) {
		if i < g.length() && !named[i] && length == 0 {
			alone = append(alone, strconv.Itoa(i))
		}
	}
	return rapid.Permutation(links).Draw(t, "links"), alone, length
}

// drawEdges writes an edge list with comments and empty lines.
func (g written) drawEdges(t *rapid.T) GraphSource {
	links, alone, length := g.links(t)
	var lines []string
	for _, l := range links {
		lines = append(lines, l.parent+rapid.SampledFrom([]string{" ", "\t", ",", ", "}).Draw(t, "separator")+l.child)
	}
	lines = rapid.Permutation(append(lines, alone...)).Draw(t, "lines")
	end := rapid.SampledFrom([]string{"\n", "\r\n", " # a comment\n", "\n\n# 9 9 9\n"}).Draw(t, "line end")
	return GraphSource{Text: strings.Join(lines, end) + end, Format: "edges", Length: length}
}

// drawDOT writes a Graphviz graph: arrows one by one, in paths, to groups or to
// a named group, with attributes that mean nothing.
func (g written) drawDOT(t *rapid.T) GraphSource {
	links, alone, length := g.links(t)
	var statements []string
	for at := 0; len(links) > 0; at++ {
		var statement string
		statement, links = drawArrows(t, links, at)
		statements = append(statements, statement)
	}
	for _, name := range alone {
		statements = append(statements, name+" [shape=box]")
	}
	head := rapid.SampledFrom([]string{"digraph {", "digraph g { node [color=red];", "/* a\ncomment */ digraph \"a b\" {"}).Draw(t, "head")
	end := rapid.SampledFrom([]string{";", "\n", " ; // a comment\n"}).Draw(t, "end")
	body := ""
	for _, statement := range statements {
		body += statement + end
	}
	return GraphSource{Text: head + " " + body + "}",
		Format: rapid.SampledFrom([]string{"dot", "gv"}).Draw(t, "extension"), Length: length}
}

// drawArrows writes the first link and perhaps some of the others.
func drawArrows(t *rapid.T, links []link, at int) (statement string, rest []link) {
	first := links[0]
	take := func(takes func(l link) bool) (taken []link) {
		for _, l := range links {
			if takes(l) {
				taken = append(taken, l)
			} else {
				rest = append(rest, l)
			}
		}
		return taken
	}
	switch rapid.SampledFrom([]string{"arrow", "path", "group", "named", "sources"}).Draw(t, "style") {
	case "path":
		path, end := first.parent+" -> "+first.child, first.child
		for _, l := range links[1:] {
			if l.parent == end {
				path, end = path+" -> "+l.child, l.child
			} else {
				rest = append(rest, l)
			}
		}
		return path, rest
	case "group":
		taken := take(func(l link) bool { return l.parent == first.parent })
		return first.parent + " -> {" + strings.Join(ends(taken), " ") + "}", rest
	case "named":
		taken := take(func(l link) bool { return l.parent == first.parent })
		return fmt.Sprintf("subgraph s%d { %s }; %s -> subgraph s%d {}", at, strings.Join(ends(taken), "; "), first.parent, at), rest
	case "sources":
		taken := take(func(l link) bool { return l.child == first.child })
		var parents []string
		for _, l := range taken {
			parents = append(parents, l.parent, l.parent) // a group names a node once or twice
		}
		return "{" + strings.Join(parents, "; ") + "} -> " + first.child + " [weight=2]", rest
	}
	return fmt.Sprintf("%q -> %s:n [label=\"0 -> 1\"]", first.parent, first.child), links[1:]
}

func ends(links []link) []string {
	var names []string
	for _, l := range links {
		names = append(names, l.child)
	}
	return names
}
