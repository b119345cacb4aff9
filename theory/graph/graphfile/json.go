package graphfile

import (
	"errors"
	"fmt"
	"strconv"

	"causalgrad/theory/graph"
	"causalgrad/theory/userfile"
)

// parseJSON reads {"parents": [...]}, {"dag": ...} with a flat list (as the
// official code has it) or a list of lists, any of these lists alone, and
// networkx's node-link form.
func parseJSON(text string, o Options) (Reading, error) {
	v, err := userfile.ParseJSON([]byte(text))
	if err != nil {
		return Reading{}, fmt.Errorf("want {\"parents\": [...]}, {\"dag\": [[...]]} or a node-link graph: %w", err)
	}
	if _, ok := v.Get("nodes"); ok {
		return parseNodeLink(v, o)
	}
	if o.Order != nil {
		return Reading{}, errors.New("--order: lists of parents name no nodes")
	}
	if v.Kind != userfile.Object {
		return parseList(v, "the list", false)
	}
	if err := v.Only("parents", "dag"); err != nil {
		return Reading{}, fmt.Errorf("%w, or a node-link graph's nodes and edges", err)
	}
	parents, hasParents := v.Get("parents")
	dag, hasDAG := v.Get("dag")
	switch {
	case hasParents && hasDAG:
		return Reading{}, errors.New("has both \"parents\" and \"dag\", want one")
	case hasParents:
		return parseList(parents, "parents", true)
	case hasDAG:
		return parseList(dag, "dag", true)
	}
	return Reading{}, errors.New("has neither \"parents\" nor \"dag\"")
}

// parseList reads the parents of a forest or the parent lists of a DAG; keyed
// tells whether a key says what it is.
func parseList(v userfile.Value, name string, keyed bool) (Reading, error) {
	if err := v.Want(userfile.List, name); err != nil {
		return Reading{}, err
	}
	if len(v.Items) > 0 && v.Items[0].Kind == userfile.List && name != "parents" {
		return parseLists(v, keyed)
	}
	place := name
	if !keyed {
		place = "parents"
	}
	parents, err := v.Ints(place)
	if err != nil {
		return Reading{}, err
	}
	g, err := asGraph(graph.NewForest(parents))
	return Reading{Graph: g}, err
}

func parseLists(v userfile.Value, keyed bool) (Reading, error) {
	lists, err := graph.Lists(v)
	if err != nil {
		return Reading{}, err
	}
	g, err := asGraph(graph.NewDAG(lists))
	if err != nil {
		if m, e := v.Matrix("dag"); e == nil && square(m) {
			return Reading{}, fmt.Errorf("%w; for an adjacency matrix say what its rows are: adjacency-row-is-parent:@FILE or "+
				"adjacency-column-is-parent:@FILE", err)
		}
		return Reading{}, err
	}
	r := Reading{Graph: g}
	if !keyed {
		last := len(lists) - 1
		r.Notes = []string{fmt.Sprintf("%d lists of parents: those of %d positions, T = %d, and last the target's, %v",
			last+1, last, last, lists[last])}
	}
	return r, nil
}

func square(rows [][]float64) bool {
	for _, row := range rows {
		if len(row) != len(rows) {
			return false
		}
	}
	return len(rows) > 1
}

// parseNodeLink reads networkx.node_link_data: "edges" or, before networkx 3.4,
// "links", of a directed graph.
func parseNodeLink(v userfile.Value, o Options) (Reading, error) {
	if err := v.Only("directed", "multigraph", "graph", "nodes", "edges", "links"); err != nil {
		return Reading{}, err
	}
	directed, ok := v.Get("directed")
	if !ok || directed.Kind != userfile.Bool || directed.Number != 1 {
		return Reading{}, errors.New("the graph is not directed (\"directed\": true): want edges from parent to child")
	}
	nodes, _ := v.Get("nodes")
	edges, hasEdges := v.Get("edges")
	links, hasLinks := v.Get("links")
	if hasEdges == hasLinks {
		return Reading{}, errors.New("want either \"edges\" or \"links\"")
	}
	if hasLinks {
		edges = links
	}
	if err := errors.Join(nodes.Want(userfile.List, "nodes"), edges.Want(userfile.List, "edges")); err != nil {
		return Reading{}, err
	}
	b := newBuilder()
	for _, node := range nodes.Items {
		id, err := name(node, "id")
		if err != nil {
			return Reading{}, err
		}
		if b.known[id] {
			return Reading{}, fmt.Errorf("line %d: node %s is listed twice", node.Line, userfile.Printable(id))
		}
		b.declare(id)
	}
	for _, e := range edges.Items {
		parent, err := name(e, "source")
		if err != nil {
			return Reading{}, err
		}
		child, err := name(e, "target")
		if err != nil {
			return Reading{}, err
		}
		if !b.known[parent] || !b.known[child] {
			return Reading{}, fmt.Errorf("line %d: edge %s -> %s: not both are in \"nodes\"",
				e.Line, userfile.Printable(parent), userfile.Printable(child))
		}
		if err := b.edge(parent, child, e.Line); err != nil {
			return Reading{}, err
		}
	}
	return b.graph(o)
}

// name is a node's name under a key: a text or a whole number.
func name(v userfile.Value, key string) (string, error) {
	if err := v.Want(userfile.Object, "an entry of \"nodes\" or \"edges\""); err != nil {
		return "", err
	}
	id, ok := v.Get(key)
	if !ok {
		return "", fmt.Errorf("line %d: no %q", v.Line, key)
	}
	if id.Kind == userfile.String {
		return id.Text, nil
	}
	n, err := id.Int(key)
	return strconv.Itoa(n), err
}
