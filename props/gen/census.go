package gen

import (
	"slices"

	"causalgrad/theory/graph"
	"pgregory.net/rapid"
)

// Share tells how often a class occurs among draws of one kind of thing.
type Share struct {
	Kind  string `json:"kind"`  // "chain", "forest", ...
	Class string `json:"class"` // a name it was drawn as, or a property it has
	Draws int    `json:"draws"` // of this class
	Of    int    `json:"of"`    // all draws of the kind
	// Least is the smallest fraction that the laws can do with.
	Least float64 `json:"least"`
}

// Fraction is the share as a number from 0 to 1.
func (s Share) Fraction() float64 { return float64(s.Draws) / float64(s.Of) }

// Enough reports whether the class occurs often enough.
func (s Share) Enough() bool { return s.Fraction() >= s.Least }

// class is something that a drawn value can be.
type class[V any] struct {
	name  string
	least float64
	is    func(V) bool
}

// Census draws each kind of thing n times, with seeds from seed on, and counts
// the classes: first the names that things are drawn as, then the properties
// that theorems speak of, measured on the drawn thing itself.
func Census(seed, n int) []Share {
	return slices.Concat(
		shares("forest", Forests(3, 9), seed, n, forestClasses()),
		shares("dag", DAGs(3, 8, 3), seed, n, dagClasses()),
		shares("chain", Chains(2, 4), seed, n, chainClasses()),
		shares("parameters", Parameters(30), seed, n, paramClasses()),
	)
}

func shares[V any](kind string, g *rapid.Generator[V], seed, n int, classes []class[V]) []Share {
	all := make([]Share, len(classes))
	for c := range classes {
		all[c] = Share{Kind: kind, Class: classes[c].name, Of: n, Least: classes[c].least}
	}
	for i := range n {
		v := g.Example(seed + i)
		for c := range classes {
			if classes[c].is(v) {
				all[c].Draws++
			}
		}
	}
	return all
}

// named makes a class of each name that things are drawn as.
func named[V any](names []string, least float64, nameOf func(V) string) []class[V] {
	var all []class[V]
	for _, name := range names {
		all = append(all, class[V]{name, least, func(v V) bool { return nameOf(v) == name }})
	}
	return all
}

func forestClasses() []class[Forest] {
	return append(named(Shapes(), 0.03, func(f Forest) string { return f.Shape }), []class[Forest]{
		{"no edge", 0.03, func(f Forest) bool { return len(f.Edges()) == 0 }},
		{"a single tree", 0.2, func(f Forest) bool { return len(f.Edges()) == f.Positions()-1 }},
		{"two trees or more", 0.2, func(f Forest) bool { return len(f.Edges()) < f.Positions()-1 }},
		{"a node with two children", 0.2, func(f Forest) bool { return f.most(f.children) >= 2 }},
		{"depth three or more", 0.1, func(f Forest) bool { return f.most(f.Depth) >= 3 }},
		{"a parent further back than the position before", 0.2, func(f Forest) bool { return f.most(f.lag) >= 2 }},
		{"three positions or fewer", 0.1, func(f Forest) bool { return f.Positions() <= 3 }},
		{"seven positions or more", 0.1, func(f Forest) bool { return f.Positions() >= 7 }},
	}...)
}

// most is the largest value of a count over positions.
func (f Forest) most(of func(i int) int) int {
	largest := 0
	for i := range f.Positions() {
		largest = max(largest, of(i))
	}
	return largest
}

func (f Forest) children(i int) int {
	n := 0
	for _, e := range f.Edges() {
		if e.Parent == i {
			n++
		}
	}
	return n
}

// lag is how many positions back the parent is; 0 for a root.
func (f Forest) lag(i int) int {
	if p := f.Parents()[i]; p != graph.Root {
		return i - p
	}
	return 0
}
