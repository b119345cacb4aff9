package construct

import (
	"fmt"

	"causalgrad/theory/graph"
)

// context is what a construction reads off a graph: for each position the
// parents by which it is evidence, and the target's parents.
type context struct {
	length int
	// parents[i] has k entries where position i is evidence on the target's
	// row, and is nil where it is silent.
	parents [][]int
	target  []int // k positions; {T-1} for a forest
	forest  bool
}

func forestContext(f graph.Forest) (context, error) {
	t := f.SequenceLength()
	c := context{length: t, parents: make([][]int, t), target: []int{t - 1}, forest: true}
	for _, e := range f.Edges() {
		c.parents[e.Child] = []int{e.Parent}
	}
	return c, c.check(f)
}

// dagContext leaves out position T-1 even where its arity is the target's: its
// first-layer row has to carry the target's context.
func dagContext(g graph.DAG) (context, error) {
	t := g.SequenceLength()
	c := context{length: t, parents: make([][]int, t), target: g.Target()}
	for i := range t - 1 {
		if p := g.Parents(i); len(p) == len(c.target) {
			c.parents[i] = p
		}
	}
	return c, c.check(g)
}

func (c context) check(g graph.Graph) error {
	if c.evidence() == 0 {
		return fmt.Errorf("graph %v: no position before the last has %d parents as the target has, want at least one", g, c.arity())
	}
	return nil
}

// arity is the target's number of parents, k.
func (c context) arity() int { return len(c.target) }

// evidence is the number of positions that are evidence.
func (c context) evidence() int {
	n := 0
	for _, p := range c.parents {
		if p != nil {
			n++
		}
	}
	return n
}

// attends lists, for head j of the first layer, where each row's score B goes:
// -1 for a row that stays uniform.
func (c context) attends(j int, r Roots) []int {
	to := make([]int, c.length)
	for i, p := range c.parents {
		switch {
		case p != nil:
			to[i] = p[j]
		case i == c.length-1 && !c.forest:
			to[i] = c.target[j]
		case r == RootsSink:
			to[i] = 0
		default:
			to[i] = -1
		}
	}
	return to
}
