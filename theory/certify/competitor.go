package certify

import (
	"sort"

	"causalgrad/theory/graph"
)

// competitor is a class of entries that a row's parent competes with, all with
// the same signal: positions at distances p (of k) and q (of the child i)
// below their nearest common ancestor, or positions of another tree, whose
// signal is 0. The child itself is the class p = q = 0.
type competitor struct {
	p, q  int
	other bool
}

// competitors lists the classes that occur in any row with a parent, nearest
// first. Positions k precede the child, so q >= 1 but for the child itself.
func competitors(f graph.Forest, self bool) []competitor {
	occurs := map[competitor]bool{} // read out sorted
	for _, e := range f.Edges() {
		above := map[int]int{} // ancestors of the child and their distances; only looked up
		for q, k := 0, e.Child; k != graph.Root; q, k = q+1, f.Parent(k) {
			above[k] = q
		}
		class := make([]competitor, e.Child)
		for k := range e.Child {
			q, ancestor := above[k]
			switch parent := f.Parent(k); {
			case ancestor:
				class[k] = competitor{q: q}
			case parent == graph.Root:
				class[k].other = true
			default:
				class[k] = class[parent]
				if !class[k].other {
					class[k].p++
				}
			}
			if k != e.Parent {
				occurs[class[k]] = true
			}
		}
		if self {
			occurs[competitor{}] = true
		}
	}
	var all []competitor
	for c := range occurs {
		all = append(all, c)
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if a.other != b.other {
			return b.other
		}
		if a.p+a.q != b.p+b.q {
			return a.p+a.q < b.p+b.q
		}
		return a.q < b.q
	})
	return all
}
