package graphfile

import (
	"fmt"
	"strconv"

	"causalgrad/theory/userfile"
)

// parseAdjacencyList reads what networkx.write_adjlist writes, a parent and its
// children on every line, and write_multiline_adjlist, a parent with the number of
// its children and under it a child on every line, with its edge's attributes.
func parseAdjacencyList(text string, o Options) (Reading, error) {
	lines := edgeLines(text)
	for _, l := range lines {
		if l.braces {
			return parseMultiline(lines, o)
		}
	}
	b := newBuilder()
	for _, l := range lines {
		b.declare(l.words[0])
		for _, child := range l.words[1:] {
			if err := b.edge(l.words[0], child, l.number); err != nil {
				return Reading{}, err
			}
		}
	}
	return b.graph(o)
}

func parseMultiline(lines []edgeLine, o Options) (Reading, error) {
	b := newBuilder()
	for len(lines) > 0 {
		head := lines[0]
		lines = lines[1:]
		if len(head.words) != 2 {
			return Reading{}, fmt.Errorf("line %d: %d words, want a node and the number of its children", head.number, len(head.words))
		}
		children, err := strconv.Atoi(head.words[1])
		if err != nil || children < 0 || children > len(lines) {
			return Reading{}, fmt.Errorf("line %d: %q children of %s, want the number of lines with them, at most %d",
				head.number, userfile.Printable(head.words[1]), userfile.Printable(head.words[0]), len(lines))
		}
		b.declare(head.words[0])
		for _, l := range lines[:children] {
			if len(l.words) != 1 {
				return Reading{}, fmt.Errorf("line %d: %d words, want a child of %s", l.number, len(l.words), userfile.Printable(head.words[0]))
			}
			if err := b.edge(head.words[0], l.words[0], l.number); err != nil {
				return Reading{}, err
			}
		}
		lines = lines[children:]
	}
	return b.graph(o)
}
