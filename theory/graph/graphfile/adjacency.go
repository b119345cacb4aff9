package graphfile

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"causalgrad/theory/graph"
	"causalgrad/theory/userfile"
)

// adjacency is a square matrix: an entry other than 0 is an edge.
type adjacency struct {
	values [][]float64
	names  []string // of the nodes; nil: numbers
	lines  []int    // of the rows, where they are text
	notes  []string
}

// parseAdjacency reads a table of text or a JSON nested list.
func parseAdjacency(text string, d direction, o Options) (Reading, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		v, err := userfile.ParseJSON([]byte(text))
		if err != nil {
			return Reading{}, err
		}
		m, err := v.Matrix("adjacency")
		if err != nil {
			return Reading{}, err
		}
		return fromAdjacency(adjacency{values: m}, d, o)
	}
	m, err := userfile.ParseMatrix(text)
	if err != nil {
		return Reading{}, err
	}
	names, err := m.Names()
	if err != nil {
		return Reading{}, err
	}
	a := adjacency{values: m.Values, names: names, lines: m.Lines, notes: m.Notes}
	if userfile.Counts(names) {
		a.names = nil
	}
	return fromAdjacency(a, d, o)
}

// fromAdjacency makes a graph of a matrix whose nodes are in the order of its
// rows, unless --order says otherwise.
func fromAdjacency(a adjacency, d direction, o Options) (Reading, error) {
	n := len(a.values)
	if !square(a.values) || n > graph.MaxSequenceLength {
		return Reading{}, fmt.Errorf("%d rows, want a square adjacency matrix of 2 to %d", n, graph.MaxSequenceLength)
	}
	b := newBuilder()
	b.notes = a.notes
	names := make([]string, n)
	for i := range names {
		names[i] = strconv.Itoa(i)
		if a.names != nil {
			names[i] = a.names[i]
		}
		if b.known[names[i]] {
			return Reading{}, fmt.Errorf("two nodes are named %s", userfile.Printable(names[i]))
		}
		b.declare(names[i])
	}
	weights, back, edges := 0, 0, 0
	for i, row := range a.values {
		line := i + 1
		if a.lines != nil {
			line = a.lines[i]
		}
		for k, v := range row {
			switch {
			case v == 0:
				continue
			case math.IsNaN(v) || math.IsInf(v, 0):
				return Reading{}, fmt.Errorf("line %d: entry [%d][%d] = %v, want 0 or a number", line, i, k, v)
			case a.values[k][i] != 0 && i != k:
				return Reading{}, fmt.Errorf("line %d: entries [%d][%d] and [%d][%d] are both set: an undirected edge, or a matrix of edge marks, "+
					"which is not read", line, i, k, k, i)
			case v != 1:
				weights++
			}
			parent, child := i, k
			if d == columnIsParent {
				parent, child = k, i
			}
			if edges++; parent > child {
				back++
			}
			if err := b.edge(names[parent], names[child], line); err != nil {
				return Reading{}, err
			}
		}
	}
	if weights > 0 {
		b.note("%d entries other than 0 and 1 are read as edges", weights)
	}
	order := o.Order
	if order == nil {
		if edges > 0 && back == edges {
			return Reading{}, errors.New("every edge goes back in the order of the rows: is it the other direction, adjacency-row-is-parent or " +
				"adjacency-column-is-parent?")
		}
		order = names
	}
	return b.ordered(order, o)
}

// looksAdjacent refuses a table of text that is a square of zeros and ones, or
// that is no list of weighted edges.
func looksAdjacent(text string) error {
	m, err := userfile.ParseMatrix(text)
	if err != nil || !square(m.Values) {
		return nil
	}
	if len(m.Values) > 3 {
		return errDirection
	}
	if len(m.Values) == 3 {
		for _, row := range m.Values {
			if row[0] < 0 || row[1] < 0 || row[2] == 0 || row[0] != math.Trunc(row[0]) || row[1] != math.Trunc(row[1]) {
				return errDirection
			}
		}
	}
	for _, row := range m.Values {
		for _, v := range row {
			if v != 0 && v != 1 {
				return nil
			}
		}
	}
	return errDirection
}
