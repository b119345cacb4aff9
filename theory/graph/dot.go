package graph

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/graph/formats/dot"
	"gonum.org/v1/gonum/graph/formats/dot/ast"
)

// parseDOT reads one directed Graphviz graph whose node names are positions
// (or Target); an arrow goes from parent to child. Attributes are ignored.
//
// It walks the syntax tree itself: the library's decoder (gonum v0.17.0) loses
// the edges of a subgraph's nodes that the file named before.
func parseDOT(data []byte, length int) (g Graph, err error) {
	defer func() { // the parser panics on some malformed graphs
		if p := recover(); p != nil {
			g, err = nil, fmt.Errorf("not a readable DOT graph: %v", p)
		}
	}()
	file, err := dot.ParseBytes(data)
	if err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
		return nil, fmt.Errorf("not a readable DOT graph: %s", line)
	}
	if len(file.Graphs) != 1 {
		return nil, fmt.Errorf("%d DOT graphs, want one", len(file.Graphs))
	}
	if !file.Graphs[0].Directed {
		return nil, errors.New("the DOT graph is undirected, want \"digraph\" with arrows from parent to child")
	}
	reader := dotReader{subgraphs: map[string][]string{}}
	if _, err := reader.statements(file.Graphs[0].Stmts); err != nil {
		return nil, err
	}
	return reader.list.graph(length)
}

// dotReader gathers the edges of a syntax tree.
type dotReader struct {
	list      edgeList
	subgraphs map[string][]string // the nodes of named subgraphs; only looked up
}

// statements returns the names of the nodes that occur, in order.
func (r *dotReader) statements(list []ast.Stmt) ([]string, error) {
	var names []string
	for _, statement := range list {
		var found []string
		var err error
		switch s := statement.(type) {
		case *ast.NodeStmt:
			found, err = r.vertex(s.Node)
		case *ast.EdgeStmt:
			found, err = r.edges(s)
		case *ast.Subgraph:
			found, err = r.vertex(s)
		}
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	return names, nil
}

// edges adds the arrows a -> b -> ... of a statement, between all nodes of
// neighbouring subgraphs.
func (r *dotReader) edges(s *ast.EdgeStmt) ([]string, error) {
	from, err := r.vertex(s.From)
	if err != nil {
		return nil, err
	}
	names := slices.Clone(from)
	for arrow := s.To; arrow != nil; arrow = arrow.To {
		to, err := r.vertex(arrow.Vertex)
		if err != nil {
			return nil, err
		}
		for _, parent := range from {
			for _, child := range to {
				if err := r.list.edge(parent, child); err != nil {
					return nil, err
				}
			}
		}
		names, from = append(names, to...), to
	}
	return names, nil
}

// vertex returns the node's name, or the distinct ones of a subgraph.
func (r *dotReader) vertex(v ast.Vertex) ([]string, error) {
	switch v := v.(type) {
	case *ast.Node:
		name := v.ID
		if inner, err := strconv.Unquote(name); err == nil {
			name = inner
		}
		_, err := r.list.position(name)
		return []string{name}, err
	case *ast.Subgraph:
		if len(v.Stmts) == 0 {
			return r.subgraphs[v.ID], nil
		}
		names, err := r.statements(v.Stmts)
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
