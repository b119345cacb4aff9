package gen

import (
	"slices"

	"causalgrad/theory/graph"
	"pgregory.net/rapid"
)

// Forest is a forest and the shape it was drawn as.
type Forest struct {
	graph.Forest
	Shape string
}

// shape draws the parent of position i from the parents before it.
type shape struct {
	name   string
	parent func(t *rapid.T, i int) int
}

// The shapes. "free" can be any forest and is what others shrink to last.
var shapes = []shape{
	{"chain", func(_ *rapid.T, i int) int { return i - 1 }},
	{"star", func(_ *rapid.T, i int) int { return min(i, 1) - 1 }},
	{"pairs", func(_ *rapid.T, i int) int {
		if i%2 == 1 {
			return i - 1
		}
		return graph.Root
	}},
	{"all roots", func(*rapid.T, int) int { return graph.Root }},
	// A spine 0, 2, 4, ... with one leaf at each of its nodes.
	{"caterpillar", func(_ *rapid.T, i int) int {
		if i%2 == 1 {
			return i - 1
		}
		return max(i-2, graph.Root)
	}},
	{"binary", func(_ *rapid.T, i int) int { return (i+1)/2 - 1 }},
	// Two chains that take turns: neighbours in time lie in different trees.
	{"interleaved", func(_ *rapid.T, i int) int { return max(i-2, graph.Root) }},
	{"one tree", func(t *rapid.T, i int) int {
		if i == 0 {
			return graph.Root
		}
		return rapid.IntRange(0, i-1).Draw(t, "parent")
	}},
	// About every third position starts a tree; the others join any tree.
	{"many trees", func(t *rapid.T, i int) int {
		if i == 0 || rapid.IntRange(0, 2).Draw(t, "root") == 2 {
			return graph.Root
		}
		return rapid.IntRange(0, i-1).Draw(t, "parent")
	}},
}

// Shapes lists the shapes of Forests.
func Shapes() []string {
	names := make([]string, len(shapes))
	for i, s := range shapes {
		names[i] = s.name
	}
	return names
}

// Forests draws forests of sequence lengths T from least to most, at least 3.
func Forests(least, most int) *rapid.Generator[Forest] {
	return rapid.Custom(func(t *rapid.T) Forest {
		s := shapes[rapid.IntRange(0, len(shapes)-1).Draw(t, "shape")]
		return s.draw(t, rapid.IntRange(least, most).Draw(t, "length"))
	})
}

// ForestsOf draws forests of one shape, a name of Shapes.
func ForestsOf(name string, least, most int) *rapid.Generator[Forest] {
	i := slices.Index(Shapes(), name)
	if i < 0 {
		panic("gen: no shape is called " + name)
	}
	return rapid.Custom(func(t *rapid.T) Forest {
		return shapes[i].draw(t, rapid.IntRange(least, most).Draw(t, "length"))
	})
}

func (s shape) draw(t *rapid.T, length int) Forest {
	parents := make([]int, length-1)
	for i := range parents {
		parents[i] = s.parent(t, i)
	}
	f, err := graph.NewForest(parents)
	if err != nil {
		panic(err) // every shape puts parents first
	}
	return Forest{f, s.name}
}

// Connected draws forests with at least one edge.
func Connected(least, most int) *rapid.Generator[Forest] {
	return Forests(least, most).Filter(func(f Forest) bool { return len(f.Edges()) > 0 })
}
