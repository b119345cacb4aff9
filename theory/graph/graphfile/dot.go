package graphfile

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"causalgrad/theory/userfile"

	"gonum.org/v1/gonum/graph/formats/dot"
	"gonum.org/v1/gonum/graph/formats/dot/ast"
)

// parseDOT reads one directed Graphviz graph; an arrow goes from parent to
// child. Attributes that turn or take away an arrow's head are refused; others
// are for drawing.
//
// It walks the syntax tree itself: the library's decoder (gonum v0.17.0) loses
// the edges of a subgraph's nodes that the file named before. The tree has no
// lines, so arrows are counted in the text: both have them in one order.
func parseDOT(text string, o Options) (r Reading, err error) {
	defer func() { // the parser panics on some malformed graphs
		if p := recover(); p != nil {
			r, err = Reading{}, fmt.Errorf("not a readable DOT graph: %s", userfile.Printable(fmt.Sprint(p)))
		}
	}()
	file, err := dot.ParseString(text)
	if err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
		return Reading{}, fmt.Errorf("not a readable DOT graph: %s", line)
	}
	if len(file.Graphs) != 1 {
		return Reading{}, fmt.Errorf("%d DOT graphs, want one", len(file.Graphs))
	}
	if !file.Graphs[0].Directed {
		return Reading{}, errors.New("the DOT graph is undirected, want \"digraph\" with arrows from parent to child")
	}
	d := dotReader{builder: newBuilder(), lines: arrowLines(text), subgraphs: map[string][]string{}}
	if _, err := d.statements(file.Graphs[0].Stmts, nil); err != nil {
		return Reading{}, err
	}
	return d.graph(o)
}

// dotReader gathers the edges of a syntax tree.
type dotReader struct {
	*builder
	lines     []int               // of the arrows not yet met
	subgraphs map[string][]string // the nodes of named subgraphs; only looked up
}

// statements returns the names of the nodes that occur, in order. defaults are
// the edge attributes in force; those set here end with the list.
func (r *dotReader) statements(list []ast.Stmt, defaults map[string]string) ([]string, error) {
	var names []string
	defaults = maps.Clone(defaults)
	for _, statement := range list {
		var found []string
		var err error
		switch s := statement.(type) {
		case *ast.NodeStmt:
			found, err = r.vertex(s.Node, defaults)
			for _, name := range found {
				r.declare(name)
			}
		case *ast.EdgeStmt:
			found, err = r.arrows(s, defaults)
		case *ast.Subgraph:
			found, err = r.vertex(s, defaults)
		case *ast.AttrStmt:
			if s.Kind == ast.EdgeKind {
				defaults = with(defaults, s.Attrs)
			}
		}
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	return names, nil
}

// with is a copy of attributes in which later ones replace earlier ones.
func with(attributes map[string]string, more []*ast.Attr) map[string]string {
	all := map[string]string{}
	maps.Copy(all, attributes)
	for _, a := range more {
		all[strings.ToLower(unquote(a.Key))] = strings.ToLower(unquote(a.Val))
	}
	return all
}

func unquote(id string) string {
	if inner, err := strconv.Unquote(id); err == nil {
		return inner
	}
	return strings.Trim(id, `"`)
}

// arrows adds a -> b -> ... of a statement, between all nodes of neighbouring
// subgraphs.
func (r *dotReader) arrows(s *ast.EdgeStmt, defaults map[string]string) ([]string, error) {
	from, err := r.vertex(s.From, defaults)
	if err != nil {
		return nil, err
	}
	attributes := with(defaults, s.Attrs)
	names := slices.Clone(from)
	for arrow := s.To; arrow != nil; arrow = arrow.To {
		line := 0
		if len(r.lines) > 0 {
			line, r.lines = r.lines[0], r.lines[1:]
		}
		to, err := r.vertex(arrow.Vertex, defaults)
		if err != nil {
			return nil, err
		}
		why := headless(attributes)
		if !arrow.Directed {
			why = "is undirected"
		}
		for _, parent := range from {
			for _, child := range to {
				if why != "" {
					return nil, fmt.Errorf("line %d: edge %s -- %s %s: want an arrow from parent to child",
						line, userfile.Printable(parent), userfile.Printable(child), why)
				}
				if err := r.edge(parent, child, line); err != nil {
					return nil, err
				}
			}
		}
		names, from = append(names, to...), to
	}
	return names, nil
}

// heads are the shapes of an arrow's end that say "from there to here".
var heads = []string{"normal", "vee", "open", "empty", "onormal", "halfopen",
	"lnormal", "rnormal", "olnormal", "ornormal", "ediamond", "diamond"}

// headless says why the attributes of an edge do not make it an arrow from its
// first node to its second; "" where they do.
func headless(attributes map[string]string) string {
	head, tail := attributes["arrowhead"], attributes["arrowtail"]
	if head == "" {
		head = "normal"
	}
	if tail == "" {
		tail = "normal"
	}
	switch dir := attributes["dir"]; dir {
	case "", "forward":
		tail = "none"
	case "back":
		head = "none"
	case "none":
		head, tail = "none", "none"
	case "both":
	default:
		return fmt.Sprintf("has dir=%s", userfile.Printable(dir))
	}
	isHead, isTail := slices.Contains(heads, head), slices.Contains(heads, tail)
	switch {
	case attributes["style"] == "invis":
		return "is invisible"
	case isHead && tail == "none":
		return ""
	case isHead && isTail:
		return "is bidirected (a hidden common cause)"
	case head == "none" && tail == "none":
		return "is undirected"
	case head == "none" && isTail:
		return "is drawn from its second node to its first"
	}
	return fmt.Sprintf("has the ends %s and %s", userfile.Printable(tail), userfile.Printable(head))
}

// vertex returns the node's name, or the distinct ones of a subgraph.
func (r *dotReader) vertex(v ast.Vertex, defaults map[string]string) ([]string, error) {
	switch v := v.(type) {
	case *ast.Node:
		name := unquote(v.ID)
		r.name(name)
		return []string{name}, nil
	case *ast.Subgraph:
		if len(v.Stmts) == 0 {
			return r.subgraphs[v.ID], nil
		}
		names, err := r.statements(v.Stmts, defaults)
		if err != nil {
			return nil, err
		}
		names = distinct(names)
		if v.ID != "" {
			r.subgraphs[v.ID] = names
		}
		return names, nil
	}
	return nil, fmt.Errorf("vertex %v, want a node or a subgraph", v)
}

func distinct(names []string) []string {
	seen := map[string]bool{} // only looked up
	var out []string
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}

// arrowLines lists the line of every -> and -- outside of quotes, comments and
// HTML texts, in order.
func arrowLines(text string) []int {
	var lines []int
	line, depth := 1, 0
	for i := 0; i < len(text); i++ {
		rest := text[i:]
		skip := 0
		switch {
		case text[i] == '\n':
			line++
		case depth == 0 && text[i] == '"':
			skip = quotedLength(rest)
		case depth == 0 && strings.HasPrefix(rest, "//"), depth == 0 && text[i] == '#' && (i == 0 || text[i-1] == '\n'):
			skip = strings.IndexByte(rest+"\n", '\n')
		case depth == 0 && strings.HasPrefix(rest, "/*"):
			skip = len(rest)
			if end := strings.Index(rest, "*/"); end >= 0 {
				skip = end + 2
			}
		case depth == 0 && (strings.HasPrefix(rest, "->") || strings.HasPrefix(rest, "--")):
			lines = append(lines, line)
			skip = 2
		case text[i] == '<':
			depth++
		case text[i] == '>' && depth > 0:
			depth--
		}
		if skip > 0 {
			line += strings.Count(rest[:skip], "\n")
			i += skip - 1
		}
	}
	return lines
}

// quotedLength is the length of a quoted text with its quotes.
func quotedLength(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}
