package gen

import (
	"causalgrad/theory/graph"
	"pgregory.net/rapid"
)

// Reorderings draws a relabelling of f's positions that keeps every parent
// before its child: order[i] is the new place of position i. It shrinks
// towards the identity.
func Reorderings(f graph.Forest) *rapid.Generator[[]int] {
	return rapid.Custom(func(t *rapid.T) []int {
		order := make([]int, f.Positions())
		placed := make([]bool, len(order))
		for place := range order {
			var ready []int
			for i := range order {
				if p := f.Parent(i); !placed[i] && (p == graph.Root || placed[p]) {
					ready = append(ready, i)
				}
			}
			i := ready[rapid.IntRange(0, len(ready)-1).Draw(t, "next")]
			order[i], placed[i] = place, true
		}
		return order
	})
}

// Reordered is the forest with position i at order[i], an isomorphic one.
func Reordered(f graph.Forest, order []int) graph.Forest {
	parents := make([]int, f.Positions())
	for i, place := range order {
		parents[place] = graph.Root
		if p := f.Parent(i); p != graph.Root {
			parents[place] = order[p]
		}
	}
	again, err := graph.NewForest(parents)
	if err != nil {
		panic(err) // parents keep their lead
	}
	return again
}
