package infer

import (
	"math"

	"causalgrad/theory/detmath"
	"causalgrad/theory/graph"

	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
)

// ChowLiuTree is the maximum-likelihood tree of the pooled data.
type ChowLiuTree struct {
	Information [][]float64 // plug-in mutual information in nats, [i][k], k < i
	Parent      []int       // in the tree rooted at position 0; graph.Root there
	Earlier     []int       // the earlier position with the most information; graph.Root at 0
}

// ChowLiu is the maximum spanning tree of the plug-in mutual information of
// the first columns (Chow and Liu 1968), and beside it the best tree whose
// parents come before their children. Equal weights go to the pair that comes
// first.
func ChowLiu(s Sequences, columns int) ChowLiuTree {
	t := ChowLiuTree{Information: square(columns), Parent: make([]int, columns), Earlier: make([]int, columns)}
	weighted := simple.NewWeightedUndirectedGraph(0, math.Inf(1))
	for i := range columns {
		weighted.AddNode(simple.Node(i))
		t.Parent[i], t.Earlier[i] = graph.Root, graph.Root
	}
	for i := 1; i < columns; i++ {
		for k := range i {
			t.Information[i][k] = mutual(s, k, i)
			// Kruskal minimises; the small term orders what is equal.
			tie := float64(float64(i*columns+k) * 1e-15)
			weighted.SetWeightedEdge(weighted.NewWeightedEdge(simple.Node(i), simple.Node(k), tie-t.Information[i][k]))
		}
		t.Earlier[i] = largest(upTo(i), func(k int) float64 { return t.Information[i][k] })
	}
	tree := simple.NewWeightedUndirectedGraph(0, math.Inf(1))
	path.Kruskal(tree, weighted)
	reached, queue := make([]bool, columns), []int{0}
	reached[0] = true
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		for c := range columns {
			if !reached[c] && tree.HasEdgeBetween(int64(p), int64(c)) {
				reached[c], t.Parent[c] = true, p
				queue = append(queue, c)
			}
		}
	}
	return t
}

// mutual is the plug-in mutual information of two columns, in nats.
func mutual(s Sequences, k, i int) float64 {
	size := s.Tokens
	joint, left, right := make([]int, size*size), make([]int, size), make([]int, size)
	for n := range s.N {
		a, b := int(s.Row(n)[k]), int(s.Row(n)[i])
		joint[a*size+b]++
		left[a]++
		right[b]++
	}
	sum, n := 0.0, float64(s.N)
	for a := range size {
		for b := range size {
			if c := float64(joint[a*size+b]); c > 0 {
				sum += float64(c / n * detmath.Log(c*n/float64(float64(left[a])*float64(right[b]))))
			}
		}
	}
	return math.Max(sum, 0)
}
