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
	n        int
	edges    []graph.Edge
	lead     [][]moment  // [edge][k]: the parent's entry minus entry k
	rounding [][]float64 // [edge][k]: mean bound on what rounding did to that difference
}

func newComparison(f graph.Forest) *comparison {
	c := &comparison{edges: f.Edges()}
	for _, e := range c.edges {
		c.lead = append(c.lead, make([]moment, e.Child+1))
		c.rounding = append(c.rounding, make([]float64, e.Child+1))
	}
	return c
}

// add takes the matrix of a chain, with a bound on the error of each entry.
func (c *comparison) add(matrix, bound [][]float64) {
	c.n++
	for n, e := range c.edges {
		row, errors := matrix[e.Child], bound[e.Child]
		for k := range c.lead[n] {
			c.lead[n][k].add(row[e.Parent] - row[k])
			c.rounding[n][k] += (errors[e.Parent] + errors[k] - c.rounding[n][k]) / float64(c.n)
		}
	}
}

// signalError bounds the rounding of a signal: relative to the largest of the
// matrix, whose entries are sums of products of a centred kernel. Where the
// kernel itself is rounding (equal rows: entries of 1e-16 or so instead of 0), the
// signal is its square, which stays below noise.
func signalError(signal [][]float64) [][]float64 {
	const relative, noise = 1e-12, 1e-28
	largest := 0.0
	for _, row := range signal {
		for _, v := range row {
			largest = math.Max(largest, math.Abs(v))
		}
	}
	bound := make([][]float64, len(signal))
	for i := range signal {
		for range signal[i] {
			bound[i] = append(bound[i], float64(relative*largest)+noise)
		}
	}
	return bound
}
