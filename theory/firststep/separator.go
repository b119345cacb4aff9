package firststep

import "causalgrad/theory/graph"

// separator splits one connected part of the forest at a position: given its
// token, the branches around it are independent. Every pair of positions of
// one tree lies in different branches of exactly one separator of the forest.
type separator struct {
	// positions lists the part, the separator itself first, then branch after
	// branch, each in breadth-first order.
	positions []int
	// starts[x] is where branch x begins in positions; branch 0 is the
	// separator alone. A last entry closes the last branch.
	starts []int
	// from[p] is the place in positions of the neighbour of positions[p]
	// nearer to the separator; -1 for the separator.
	from []int
	// inner[p] tells whether some other position is reached through p.
	inner []bool
}

// separators lists the separators of the forest's centroid decomposition:
// each halves its part, so a position lies in at most log2(T)+1 parts.
func separators(f graph.Forest) []separator {
	w := newWalker(f)
	var list []separator
	var split func(start int)
	split = func(start int) {
		s := w.around(w.centroid(start))
		list = append(list, s)
		w.removed[s.positions[0]] = true
		for x := 1; x+1 < len(s.starts); x++ {
			split(s.positions[s.starts[x]])
		}
	}
	for i := range f.Positions() {
		if f.Parent(i) == graph.Root {
			split(i)
		}
	}
	return list
}

// trees is the forest as one more separator, with an empty place in the
// middle: its branches are the trees, which are independent.
func trees(f graph.Forest) separator {
	w := newWalker(f)
	s := separator{starts: []int{0}}
	for i := range f.Positions() {
		if f.Parent(i) == graph.Root {
			order, _ := w.component(i, graph.Root)
			s.positions = append(s.positions, order...)
			s.starts = append(s.starts, len(s.positions))
		}
	}
	return s
}

// walker moves along the edges of a forest, in both directions, around the
// positions already removed.
type walker struct {
	neighbours [][]int
	removed    []bool
}

func newWalker(f graph.Forest) *walker {
	n := f.Positions()
	w := &walker{make([][]int, n), make([]bool, n)}
	for _, e := range f.Edges() {
		w.neighbours[e.Child] = append(w.neighbours[e.Child], e.Parent)
		w.neighbours[e.Parent] = append(w.neighbours[e.Parent], e.Child)
	}
	return w
}

// component lists what can be reached from start without passing the position
// barrier, breadth first, with the place in the list from which each was found.
func (w *walker) component(start, barrier int) (order, from []int) {
	order, from = []int{start}, []int{-1}
	for at := 0; at < len(order); at++ {
		previous := barrier
		if from[at] >= 0 {
			previous = order[from[at]]
		}
		for _, v := range w.neighbours[order[at]] {
			if v != previous && !w.removed[v] {
				order, from = append(order, v), append(from, at)
			}
		}
	}
	return order, from
}

// centroid returns a position of start's part without which no connected rest
// has more than half of the part's positions.
func (w *walker) centroid(start int) int {
	order, from := w.component(start, graph.Root)
	n := len(order)
	size, heaviest := make([]int, n), make([]int, n) // of what hangs on each place
	for at := n - 1; at > 0; at-- {
		size[at]++
		if max(heaviest[at], n-size[at]) <= n/2 {
			return order[at]
		}
		size[from[at]] += size[at]
		heaviest[from[at]] = max(heaviest[from[at]], size[at])
	}
	return start // a tree has a centroid, and it is none of the others
}

// around lays out the part of a position branch by branch.
func (w *walker) around(centre int) separator {
	s := separator{positions: []int{centre}, starts: []int{0, 1}, from: []int{-1}}
	for _, v := range w.neighbours[centre] {
		if w.removed[v] {
			continue
		}
		base := len(s.positions)
		order, from := w.component(v, centre)
		s.positions = append(s.positions, order...)
		for _, place := range from {
			s.from = append(s.from, base+place)
		}
		s.from[base] = 0
		s.starts = append(s.starts, len(s.positions))
	}
	s.inner = make([]bool, len(s.positions))
	for _, place := range s.from[1:] {
		s.inner[place] = true
	}
	return s
}
