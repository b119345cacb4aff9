package condition

import (
	"math"

	"causalgrad/theory/graph"
)

// comparison accumulates, over chains, by how much the parent's entry of each
// child's row exceeds every other entry k <= i of a matrix (a signal or a
// gradient). Differences of one chain are taken first, so that a standard
// error is that of the difference, not of two entries that vary together.
type comparison struct {
	edges []graph.Edge
	lead  [][]moment // [edge][k]: the parent's entry minus entry k
	scale moment     // largest magnitude in the matrix: what rounding is relative to
}

func newComparison(f graph.Forest) *comparison {
	c := &comparison{edges: f.Edges()}
	for _, e := range c.edges {
		c.lead = append(c.lead, make([]moment, e.Child+1))
	}
	return c
}

func (c *comparison) add(matrix [][]float64) {
	for n, e := range c.edges {
		row := matrix[e.Child]
		for k := range c.lead[n] {
			c.lead[n][k].add(row[e.Parent] - row[k])
		}
	}
	largest := 0.0
	for i, row := range matrix {
		for _, v := range row[:i+1] {
			largest = math.Max(largest, math.Abs(v))
		}
	}
	c.scale.add(largest)
}
