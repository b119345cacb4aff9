package graphfile

import (
	"errors"
	"fmt"
	"math"

	"causalgrad/theory/graph"
	"causalgrad/theory/ndarray"
)

// parseArray reads a .npy file or an .npz archive of one array: the parents of every position, as the official
// code keeps them, or an adjacency matrix.
func parseArray(data []byte, d direction, o Options) (Reading, error) {
	a, err := ndarray.Read(data)
	if err != nil {
		return Reading{}, err
	}
	matrix := len(a.Shape) == 2 && a.Shape[0] == a.Shape[1]
	switch {
	case matrix && d != unstated:
		m := make([][]float64, a.Shape[0])
		for i := range m {
			m[i] = a.Data[i*len(m) : (i+1)*len(m)]
		}
		return fromAdjacency(adjacency{values: m}, d, o)
	case matrix:
		return Reading{}, errDirection
	case len(a.Shape) == 1 && d == unstated:
		return fromParents(a.Data, o)
	}
	return Reading{}, fmt.Errorf("array of shape %v, want a list of parents (T-1) or, with its direction, a square adjacency matrix", a.Shape)
}

var errDirection = errors.New("an adjacency matrix: say what its rows are, adjacency-row-is-parent:@FILE or " +
	"adjacency-column-is-parent:@FILE")

// fromParents makes a forest of a list of whole numbers.
func fromParents(list []float64, o Options) (Reading, error) {
	if o.Order != nil {
		return Reading{}, errors.New("--order: a list of parents names no nodes")
	}
	parents := make([]int, len(list))
	for i, v := range list {
		if v != math.Trunc(v) || math.Abs(v) > math.MaxInt32 {
			return Reading{}, fmt.Errorf("parents[%d] = %v, want an integer", i, v)
		}
		parents[i] = int(v)
	}
	g, err := asGraph(graph.NewForest(parents))
	return Reading{Graph: g}, err
}
