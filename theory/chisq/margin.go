package chisq

import (
	"math"

	"causalgrad/theory/graph"
)

// Margin is, for one child, the parent's entry of a row minus the largest
// competing entry.
type Margin struct {
	Child      int     // i
	Parent     int     // p(i)
	Argmax     int     // where the row is largest
	Competitor int     // the largest entry other than the parent's
	Value      float64 // parent's entry minus competitor's
}

// Margins compares entries [i][k] of a lower-triangular matrix (a signal or a
// gradient) for every child. Competitors are k < i, and k = i too when self is
// true. A child whose only earlier position is its parent has no competitor
// unless self: Competitor is then graph.Root and Value +Inf.
func Margins(f graph.Forest, matrix [][]float64, self bool) []Margin {
	var margins []Margin
	for _, e := range f.Edges() {
		row := matrix[e.Child]
		last := e.Child
		if self {
			last++
		}
		m := Margin{Child: e.Child, Parent: e.Parent, Argmax: e.Parent, Competitor: graph.Root, Value: math.Inf(1)}
		for k := range last {
			if k != e.Parent && (m.Competitor == graph.Root || row[k] > row[m.Competitor]) {
				m.Competitor = k
			}
		}
		if m.Competitor != graph.Root {
			m.Value = row[e.Parent] - row[m.Competitor]
			if m.Value < 0 {
				m.Argmax = m.Competitor
			}
		}
		margins = append(margins, m)
	}
	return margins
}
