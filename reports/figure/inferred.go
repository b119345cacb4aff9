package figure

import (
	"fmt"

	"causalgrad/theory/graph"
)

// Inferred draws what sequences say of every pair of positions, [i][k], k < i, each row
// by its largest entry, with the edges that they show framed.
func Inferred(id, title, name string, parents []int, entries [][]float64) (Figure, error) {
	n := len(parents)
	if err := requireSquare("entries", entries, n); err != nil {
		return Figure{}, fmt.Errorf("figure %s: %w", id, err)
	}
	below := blank(n, n)
	var edges []cell
	for i := range below {
		if i > 0 {
			high := positive(largest([][]float64{entries[i][:i]}))
			for k := range i {
				below[i][k] = entries[i][k] / high
			}
		}
		if parents[i] != graph.Root {
			edges = append(edges, cell{i, parents[i]})
		}
	}
	s := scale{-1, 1, Diverging()}
	rows := [][]panel{{
		{heatPlot(name, "position k (0-based)", "position i (0-based)", heat{values: below, scale: s, outlines: edges}), matrixSide, matrixSide},
		barPanel(s, "entry / largest of its row", matrixSide),
	}}
	alt := fmt.Sprintf("The %s of every pair of positions, by the largest of its row, with the %s framed that the sequences show.", name, count(len(edges), "edge"))
	return compose(id, title, alt, rows, nil)
}
