package graph

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Target is the name that edge lists and DOT files give to a DAG's target.
const Target = "target"

// targetPosition stands for Target while the length is still unknown.
const targetPosition = -2

// maxEdges bounds the edges of a file, repeated ones included: a short DOT file
// can name the square of its length.
const maxEdges = (MaxSequenceLength + 1) * MaxArity

// edgeList gathers positions and edges in any order. It becomes a Forest, or a
// DAG when the target is named; the length is then one more, or equal to, the
// largest position plus one.
type edgeList struct {
	positions int // the largest position named, plus 1
	target    bool
	edges     []Edge // Child may be targetPosition
}

// position reads a 0-based position or Target.
func (l *edgeList) position(word string) (int, error) {
	if word == Target {
		l.target = true
		return targetPosition, nil
	}
	p, err := strconv.Atoi(word)
	if err != nil || p < 0 || p >= MaxSequenceLength {
		return 0, fmt.Errorf("node %q, want a 0-based position (0 to %d) or %q", word, MaxSequenceLength-1, Target)
	}
	l.positions = max(l.positions, p+1)
	return p, nil
}

// edge adds parent -> child.
func (l *edgeList) edge(parent, child string) error {
	p, err := l.position(parent)
	if err != nil {
		return err
	}
	if p == targetPosition {
		return fmt.Errorf("edge %s -> %s: the target has no children", parent, child)
	}
	c, err := l.position(child)
	if err != nil {
		return err
	}
	if len(l.edges) == maxEdges {
		return fmt.Errorf("more than %d edges", maxEdges)
	}
	l.edges = append(l.edges, Edge{Child: c, Parent: p})
	return nil
}

// graph builds the Forest or, when the target is named, the DAG. Positions
// that no line names are roots, up to the given sequence length (0: none).
func (l *edgeList) graph(length int) (Graph, error) {
	if l.target {
		return l.dag(max(length, l.positions))
	}
	parents := make([]int, max(length-1, l.positions))
	for i := range parents {
		parents[i] = Root
	}
	for _, e := range l.edges {
		if parents[e.Child] != Root {
			return nil, fmt.Errorf("position %d has two parents, %d and %d: want a forest, or an edge to %q for a graph with several parents",
				e.Child, parents[e.Child], e.Parent, Target)
		}
		parents[e.Child] = e.Parent
	}
	return asGraph(NewForest(parents))
}

// dag lists the parents of each entry in ascending order: these formats have
// no order of their own.
func (l *edgeList) dag(length int) (Graph, error) {
	parents := make([][]int, length+1)
	for _, e := range l.edges {
		child := e.Child
		if child == targetPosition {
			child = length
		}
		parents[child] = append(parents[child], e.Parent)
	}
	for _, list := range parents {
		slices.Sort(list)
	}
	return asGraph(NewDAG(parents))
}

// parseEdges reads an edge list: "parent child" a line, separated by blanks or
// a comma; a position alone on its line is a root (or a child of a later line);
// # begins a comment.
func parseEdges(data []byte, length int) (Graph, error) {
	var list edgeList
	scanner := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; scanner.Scan(); n++ {
		text, _, _ := strings.Cut(scanner.Text(), "#")
		words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == '\r' })
		var err error
		switch len(words) {
		case 0:
		case 1:
			_, err = list.position(words[0])
		case 2:
			err = list.edge(words[0], words[1])
		default:
			err = fmt.Errorf("%d words, want \"parent child\"", len(words))
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("want an edge list, \"parent child\" a line: %w", err)
	}
	return list.graph(length)
}
