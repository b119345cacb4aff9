package figure

import (
	"fmt"
	"math"

	"causalgrad/theory/graph"
)

// FirstStep draws the exact first gradient on A1 (theory/firststep, T x T) and
// the chi-square information (theory/chisq, (T-1) x (T-1)) of a forest as heat maps
// with the true edges framed, for one chain or a prior's mean. Rows of the
// gradient shrink like 1/i, so each is shown relative to its largest entry; entries
// above the diagonal do not exist. name says what the gradient is.
func FirstStep(id, title, name string, f graph.Forest, gradient, information [][]float64) (Figure, error) {
	t := f.SequenceLength()
	for _, m := range []struct {
		name   string
		values [][]float64
		size   int
	}{{"gradient", gradient, t}, {"information", information, t - 1}} {
		if err := requireSquare(m.name, m.values, m.size); err != nil {
			return Figure{}, fmt.Errorf("figure %s: %w", id, err)
		}
	}
	relative := relativeRows(gradient)
	below := blank(t-1, t-1)
	for i := range below {
		copy(below[i][:i], information[i][:i]) // the diagonal, S - 1, would drown the rest
	}
	edges, found := adjacencyCells(f), 0
	for _, e := range edges {
		if argmax(gradient[e.row][:e.row+1]) == e.column {
			found++
		}
	}
	diverging, sequential := scale{-1, 1, Diverging()}, sequentialScale(below)
	rows := [][]panel{{
		{heatPlot(name, "key position k (0-based)", "query position i (0-based)", heat{values: relative, scale: diverging, outlines: edges}), matrixSide, matrixSide},
		barPanel(diverging, "entry / largest of its row", matrixSide),
		{heatPlot("chi-square information, k < i", "position k (0-based)", "position i (0-based)", heat{values: below, scale: sequential, outlines: edges}), matrixSide, matrixSide},
		barPanel(sequential, "information (dimensionless)", matrixSide),
	}}
	alt := fmt.Sprintf("The %s and the chi-square information of every pair of positions, with the %s framed: in %d of them the gradient's row is largest at the parent.",
		name, count(len(edges), "true edge"), found)
	return compose(id, title, alt, rows, nil)
}

// relativeRows are the entries k <= i of each row by the largest of the row.
func relativeRows(m [][]float64) [][]float64 {
	relative := blank(len(m), len(m))
	for i, row := range m {
		high := positive(largest([][]float64{row[:i+1]}))
		for k := range i + 1 {
			relative[i][k] = row[k] / high
		}
	}
	return relative
}

// requireSquare reports a matrix of another size or with an entry on or below
// the diagonal that is no number.
func requireSquare(name string, m [][]float64, size int) error {
	if len(m) != size {
		return fmt.Errorf("%s has %d rows, want %d", name, len(m), size)
	}
	for i, row := range m {
		if len(row) != size {
			return fmt.Errorf("%s[%d] has %d entries, want %d", name, i, len(row), size)
		}
		for k, v := range row[:i+1] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("%s[%d][%d] = %v, want a finite number", name, i, k, v)
			}
		}
	}
	return nil
}
