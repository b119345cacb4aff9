package gen

import (
	"causalgrad/theory/graph"
	"pgregory.net/rapid"
)

// DAG is a DAG and the family it was drawn from.
type DAG struct {
	graph.DAG
	Family string
}

// family draws the number of parents of entry i > 0 of T+1; the target's
// is raised to 1 afterwards.
type family struct {
	name  string
	arity func(t *rapid.T, i, most int) int
}

var families = []family{
	{"one parent", func(*rapid.T, int, int) int { return 1 }},
	{"two parents", func(_ *rapid.T, i, most int) int { return min(i, most, 2) }},
	{"mixed arity", func(t *rapid.T, i, most int) int { return rapid.IntRange(0, min(i, most)).Draw(t, "arity") }},
	{"target only", func(_ *rapid.T, i, most int) int { return 0 }},
}

// Families lists the families of DAGs.
func Families() []string {
	names := make([]string, len(families))
	for i, f := range families {
		names[i] = f.name
	}
	return names
}

// DAGs draws DAGs of sequence lengths T from least to most with at most
// maxArity parents an entry.
func DAGs(least, most, maxArity int) *rapid.Generator[DAG] {
	return rapid.Custom(func(t *rapid.T) DAG {
		f := families[rapid.IntRange(0, len(families)-1).Draw(t, "family")]
		length := rapid.IntRange(least, most).Draw(t, "length")
		parents := make([][]int, length+1)
		for i := range parents {
			k := 0
			if i > 0 {
				k = f.arity(t, i, maxArity)
			}
			if i == length {
				k = max(k, 1)
			}
			parents[i] = distinct(t, i, k)
		}
		g, err := graph.NewDAG(parents)
		if err != nil {
			panic(err) // parents come first and are distinct
		}
		return DAG{g, f.name}
	})
}

// distinct draws k distinct positions below i, in any order.
func distinct(t *rapid.T, i, k int) []int {
	chosen := []int{}
	free := count(i)
	for range k {
		at := rapid.IntRange(0, len(free)-1).Draw(t, "parent")
		chosen = append(chosen, free[at])
		free = append(free[:at:at], free[at+1:]...)
	}
	return chosen
}

// TwoLayers draws DAGs of sequence lengths least to most in which the first
// two or three positions have no parents and all later entries, the target
// among them, have one to maxArity of those as parents, 2 at most, in any order.
func TwoLayers(least, most, maxArity int) *rapid.Generator[graph.DAG] {
	return rapid.Custom(func(t *rapid.T) graph.DAG {
		length := rapid.IntRange(least, most).Draw(t, "length")
		roots := rapid.IntRange(2, 3).Draw(t, "roots")
		parents := make([][]int, length+1)
		for i := roots; i <= length; i++ {
			parents[i] = distinct(t, roots, rapid.IntRange(1, min(maxArity, 2)).Draw(t, "arity"))
		}
		g, err := graph.NewDAG(parents)
		if err != nil {
			panic(err) // parents come first and are distinct
		}
		return g
	})
}
