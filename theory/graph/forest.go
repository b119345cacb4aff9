package graph

import (
	"fmt"
	"strconv"
	"strings"
)

// Forest is a causal forest: each of the T-1 prefix positions is a root or has
// one earlier parent. The last token, position T-1, is outside it. A Forest is
// immutable; build it with NewForest.
type Forest struct {
	parents []int
	depth   []int // edges to the root of the position's tree
}

// NewForest validates parents: parents[i] is Root or an index below i. At
// least two positions (T >= 3) are required; a forest of roots alone is valid.
func NewForest(parents []int) (Forest, error) {
	if n := len(parents) + 1; n < MinSequenceLength || n > MaxSequenceLength {
		return Forest{}, fmt.Errorf("parents: %d positions, want %d to %d (sequence length is one more)",
			len(parents), MinSequenceLength-1, MaxSequenceLength-1)
	}
	depth := make([]int, len(parents))
	for i, p := range parents {
		if p == Root {
			continue
		}
		if p < Root || p >= i {
			return Forest{}, fmt.Errorf("parents[%d] = %d, want -1 (a root) or an earlier position 0..%d", i, p, i-1)
		}
		depth[i] = depth[p] + 1
	}
	return Forest{parents: append([]int(nil), parents...), depth: depth}, nil
}

// SequenceLength is T, one more than the number of prefix positions.
func (f Forest) SequenceLength() int { return len(f.parents) + 1 }

// Positions is the number of prefix positions, T-1.
func (f Forest) Positions() int { return len(f.parents) }

// Parent returns the parent of position i, or Root.
func (f Forest) Parent(i int) int { return f.parents[i] }

// Parents returns a copy of the parent list.
func (f Forest) Parents() []int { return append([]int(nil), f.parents...) }

// Edges lists the edges by child.
func (f Forest) Edges() []Edge {
	var edges []Edge
	for i, p := range f.parents {
		if p != Root {
			edges = append(edges, Edge{Child: i, Parent: p})
		}
	}
	return edges
}

// Depth is the number of edges from position i up to its root.
func (f Forest) Depth(i int) int { return f.depth[i] }

// CommonAncestor returns the nearest common ancestor of i and k and the
// distances of i and of k below it; ok is false when they lie in different
// trees. A position is its own ancestor at distance 0.
func (f Forest) CommonAncestor(i, k int) (node, fromI, fromK int, ok bool) {
	a, b := i, k
	for a != b {
		// Parents precede children, so the later of the two moves up.
		if a > b {
			a, fromI = f.parents[a], fromI+1
		} else {
			b, fromK = f.parents[b], fromK+1
		}
		if a == Root || b == Root {
			return Root, 0, 0, false
		}
	}
	return a, fromI, fromK, true
}

// Distance is the number of edges between i and k; ok is false across trees.
func (f Forest) Distance(i, k int) (d int, ok bool) {
	_, a, b, ok := f.CommonAncestor(i, k)
	return a + b, ok
}

// String is the forest in the command's grammar, "parents:-1,0,0".
func (f Forest) String() string {
	words := make([]string, len(f.parents))
	for i, p := range f.parents {
		words[i] = strconv.Itoa(p)
	}
	return "parents:" + strings.Join(words, ",")
}
