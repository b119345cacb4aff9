package graphfile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"causalgrad/theory/graph"
	"causalgrad/theory/userfile"
)

// maxEdges bounds the edges of a file, repeated ones included: a short DOT file
// can name the square of its length.
const maxEdges = (graph.MaxSequenceLength + 1) * graph.MaxArity

// edge goes from parent to child and stands on a line of the file.
type edge struct {
	parent, child string
	line          int
}

// builder gathers the nodes and edges of a file in any order.
type builder struct {
	nodes  []string // each once, as they come
	listed []string // those that the file lists as nodes, in its order
	known  map[string]bool
	isNode map[string]bool // whether it is in listed
	edges  []edge
	notes  []string
}

func newBuilder() *builder { return &builder{known: map[string]bool{}, isNode: map[string]bool{}} }

// maxNodes bounds the nodes that are kept; with so many graph refuses the file.
const maxNodes = graph.MaxSequenceLength + 2

// name adds a node that an edge names.
func (b *builder) name(node string) {
	if !b.known[node] && len(b.nodes) < maxNodes {
		b.known[node] = true
		b.nodes = append(b.nodes, node)
	}
}

// declare adds a node that the file lists as one.
func (b *builder) declare(node string) {
	b.name(node)
	if !b.isNode[node] && len(b.listed) < maxNodes {
		b.isNode[node] = true
		b.listed = append(b.listed, node)
	}
}

// edge adds parent -> child.
func (b *builder) edge(parent, child string, line int) error {
	if len(b.edges) == maxEdges {
		return fmt.Errorf("line %d: more than %d edges", line, maxEdges)
	}
	b.name(parent)
	b.name(child)
	b.edges = append(b.edges, edge{parent, child, line})
	return nil
}

func (b *builder) note(format string, values ...any) {
	b.notes = append(b.notes, fmt.Sprintf(format, values...))
}

// graph makes a Forest or a DAG of what was gathered.
func (b *builder) graph(o Options) (Reading, error) {
	if len(b.nodes) == maxNodes {
		return Reading{}, fmt.Errorf("more than %d nodes", maxNodes-1)
	}
	if len(b.edges) == 0 && len(b.nodes) > 0 {
		b.note("no edge in it: every position is a root")
	}
	order := o.Order
	if order == nil && len(b.listed) == len(b.nodes) && b.names() {
		order = b.listed
	}
	if order == nil {
		return b.numbered(o)
	}
	return b.ordered(order, o)
}

// names tells whether some node is neither a position nor the target.
func (b *builder) names() bool {
	return slices.ContainsFunc(b.nodes, func(n string) bool { _, ok := position(n); return !ok && n != Target })
}

// position reads a 0-based position.
func position(name string) (int, bool) {
	p, err := strconv.Atoi(name)
	return p, err == nil && p >= 0 && p < graph.MaxSequenceLength && strconv.Itoa(p) == name
}

// ordered places nodes by their names; where a node has several parents, or the
// last is called target, the last one is the target.
func (b *builder) ordered(order []string, o Options) (Reading, error) {
	place := map[string]int{}
	for i, name := range order {
		if _, twice := place[name]; twice {
			return Reading{}, fmt.Errorf("--order: %s is listed twice", userfile.Printable(name))
		}
		place[name] = i
		if !b.known[name] {
			b.note("no line names %s, which is read as a root", userfile.Printable(name))
		}
	}
	for _, name := range b.nodes {
		if _, ok := place[name]; !ok {
			return Reading{}, fmt.Errorf("--order: node %s of the file is not in it", userfile.Printable(name))
		}
	}
	parents, err := b.parents(len(order), func(name string) int { return place[name] })
	if err != nil {
		return Reading{}, err
	}
	r := Reading{Names: order}
	shown := userfile.Printable(strings.Join(order, ", "))
	last := len(order) - 1
	if slices.ContainsFunc(parents, several) || order[last] == Target {
		b.note("nodes %s are positions 0 to %d and the target: T = %d", shown, last-1, last)
		r.Graph, err = asGraph(graph.NewDAG(parents))
	} else {
		b.note("nodes %s are positions 0 to %d; with the query, T = %d", shown, last, last+2)
		r.Graph, err = forest(parents, o.Length)
	}
	r.Notes = b.notes
	return r, err
}

func several(list []int) bool { return len(list) > 1 }

// numbered places nodes that are positions, or the target.
func (b *builder) numbered(o Options) (Reading, error) {
	positions, target := 0, false
	for _, name := range b.nodes {
		p, ok := position(name)
		switch {
		case ok:
			positions = max(positions, p+1)
		case name == Target:
			target = true
		default:
			order, _ := b.suggestion()
			return Reading{}, fmt.Errorf("%snode %q, want a 0-based position (0 to %d) or %q; named nodes need their order: --order %s",
				b.where(name), userfile.Printable(name), graph.MaxSequenceLength-1, Target, userfile.Printable(strings.Join(order, ",")))
		}
	}
	length := positions
	if target {
		length = max(positions, o.Length)
	}
	parents, err := b.parents(length+1, func(name string) int {
		if p, ok := position(name); ok {
			return p
		}
		return length
	})
	if err != nil {
		return Reading{}, err
	}
	b.noteUnnamed(positions)
	r := Reading{Notes: b.notes}
	if target {
		r.Graph, err = asGraph(graph.NewDAG(parents))
		return r, err
	}
	for child, list := range parents {
		if several(list) {
			return Reading{}, fmt.Errorf("line %d: position %d has two parents, %d and %d: want a forest, or a target (a node %q, or the last of --order) for a graph with several parents",
				b.lineOf(strconv.Itoa(list[1]), strconv.Itoa(child)), child, list[0], list[1], Target)
		}
	}
	r.Graph, err = forest(parents[:length], o.Length)
	return r, err
}

// where is the line of the first edge of a node, for the beginning of a message.
func (b *builder) where(node string) string {
	for _, e := range b.edges {
		if e.parent == node || e.child == node {
			return fmt.Sprintf("line %d: ", e.line)
		}
	}
	return ""
}

func (b *builder) lineOf(parent, child string) int {
	for _, e := range b.edges {
		if e.parent == parent && e.child == child {
			return e.line
		}
	}
	return 0
}

// parents lists the parents of n entries in ascending order: these formats have
// no order of their own. Every edge must go to a later entry and be there once.
func (b *builder) parents(n int, place func(string) int) ([][]int, error) {
	parents := make([][]int, n)
	for _, e := range b.edges {
		p, c := place(e.parent), place(e.child)
		shown := fmt.Sprintf("edge %s -> %s", userfile.Printable(e.parent), userfile.Printable(e.child))
		switch {
		case p >= c && b.lineOf(e.child, e.parent) > 0 && e.child != e.parent:
			return nil, fmt.Errorf("line %d: %s, and line %d has it the other way: an undirected graph? want every edge once, from parent to child",
				e.line, shown, b.lineOf(e.child, e.parent))
		case e.parent == Target:
			return nil, fmt.Errorf("line %d: %s: the target has no children", e.line, shown)
		case p >= c && e.child != e.parent:
			order, acyclic := b.suggestion()
			if !acyclic {
				return nil, fmt.Errorf("line %d: %s goes back and closes a cycle, or hangs on one: want a directed graph without cycles", e.line, shown)
			}
			return nil, fmt.Errorf("line %d: %s goes back in the order of the nodes: want parents first, --order %s",
				e.line, shown, userfile.Printable(strings.Join(order, ",")))
		case p >= c:
			return nil, fmt.Errorf("line %d: %s: want a parent at an earlier position than its child", e.line, shown)
		case slices.Contains(parents[c], p):
			return nil, fmt.Errorf("line %d: %s is named twice", e.line, shown)
		}
		parents[c] = append(parents[c], p)
	}
	for _, list := range parents {
		slices.Sort(list)
	}
	return parents, nil
}

// suggestion is an order of the nodes in which parents come first, as near to
// the file's as that allows; nodes of a cycle come last, and acyclic is false.
func (b *builder) suggestion() (order []string, acyclic bool) {
	waiting := map[string]int{}
	children := map[string][]string{}
	for _, e := range b.edges {
		waiting[e.child]++
		children[e.parent] = append(children[e.parent], e.child)
	}
	done := map[string]bool{}
	free := slices.DeleteFunc(slices.Clone(b.nodes), func(n string) bool { return waiting[n] > 0 })
	for len(free) > 0 {
		n := free[0]
		free = free[1:]
		order, done[n] = append(order, n), true
		for _, c := range children[n] {
			if waiting[c]--; waiting[c] == 0 {
				free = append(free, c)
			}
		}
	}
	acyclic = len(order) == len(b.nodes)
	for _, n := range b.nodes {
		if !done[n] {
			order = append(order, n)
		}
	}
	return order, acyclic
}

// noteUnnamed says which positions below the last no line names: that is what a
// list counted from 1 looks like.
func (b *builder) noteUnnamed(positions int) {
	var missing, named []string
	for p := range positions {
		name := strconv.Itoa(p)
		if b.known[name] {
			named = append(named, name)
		} else {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return
	}
	hint := ""
	if missing[0] == "0" && len(missing) == 1 {
		hint = "; if the nodes count from 1: --order " + strings.Join(named, ",")
	}
	b.note("no line names position %s, read as a root%s", userfile.Printable(strings.Join(missing, ", ")), userfile.Printable(hint))
}

// forest makes a Forest of lists of at most one parent, with further roots up to
// the length asked for.
func forest(parents [][]int, length int) (graph.Graph, error) {
	list := make([]int, max(len(parents), length-1))
	for i := range list {
		list[i] = graph.Root
		if i < len(parents) && len(parents[i]) > 0 {
			list[i] = parents[i][0]
		}
	}
	return asGraph(graph.NewForest(list))
}

// asGraph keeps a failed constructor's zero value out of the interface.
func asGraph[G graph.Graph](g G, err error) (graph.Graph, error) {
	if err != nil {
		return nil, err
	}
	return g, nil
}

// NotForest says why a DAG is not the forest that a command needs: which
// position has several parents or, where none has, what the lists were read as.
func (r Reading) NotForest() error {
	d, ok := r.Graph.(graph.DAG)
	if !ok {
		return nil
	}
	named := func(p int) string {
		text := strconv.Itoa(p)
		if p == d.SequenceLength() {
			text = "T"
		}
		if p < len(r.Names) && r.Names[p] != text {
			text += " (" + userfile.Printable(r.Names[p]) + ")"
		}
		return text
	}
	forest := make([]string, d.SequenceLength()+1)
	for i := range forest {
		list := d.Parents(i)
		if len(list) > 1 {
			var parents []string
			for _, p := range list {
				parents = append(parents, named(p))
			}
			return fmt.Errorf("several parents: position %s has %d parents, %s", named(i), len(list), strings.Join(parents, ", "))
		}
		forest[i] = strconv.Itoa(graph.Root)
		if len(list) == 1 {
			forest[i] = strconv.Itoa(list[0])
		}
	}
	return fmt.Errorf("is read as lists of parents, the last the target's, although no list has two: a forest of %d positions is parents:%s",
		len(forest), userfile.Printable(strings.Join(forest, ",")))
}
