package graph

import "causalgrad/theory/stream"

// Chain is the paper's chain of sequence length T: position i has parent i-1.
func Chain(length int) (Forest, error) {
	parents := make([]int, max(length-1, 0))
	for i := range parents {
		parents[i] = i - 1
	}
	return NewForest(parents)
}

// ICL is the paper's in-context-learning graph: isolated pairs, even positions
// (0-based) are roots and each odd one is the child of its predecessor.
func ICL(length int) (Forest, error) {
	parents := make([]int, max(length-1, 0))
	for i := range parents {
		parents[i] = Root
		if i%2 == 1 {
			parents[i] = i - 1
		}
	}
	return NewForest(parents)
}

// Manual is the paper's hand-made forest of sequence length 6.
func Manual() Forest {
	f, err := NewForest([]int{Root, 0, 0, 1, 2})
	if err != nil {
		panic(err) // a constant
	}
	return f
}

// Random draws a forest: position 0 is a root, each later one a root with
// probability rootProbability, else the child of a uniform earlier position.
func Random(length int, rootProbability float64, s *stream.Stream) (Forest, error) {
	parents := make([]int, max(length-1, 0))
	for i := range parents {
		parents[i] = Root
		if i > 0 && s.Float64() >= rootProbability {
			parents[i] = s.IntN(i)
		}
	}
	return NewForest(parents)
}

// RandomUniform draws a forest in which root and every earlier position are
// equally likely as the parent (the official single-random experiment).
func RandomUniform(length int, s *stream.Stream) (Forest, error) {
	parents := make([]int, max(length-1, 0))
	for i := range parents {
		parents[i] = s.IntN(i+1) - 1
	}
	return NewForest(parents)
}

// TrigramHalf is the paper's two-parent graph of sequence length T: positions
// 0 and 1 have no parents, entry i >= 2 has (i-1)/2 and i-1, up to and
// including the target, i = T. Entry 2, whose two parents are 0 and 1, is the
// first with both.
func TrigramHalf(length int) (DAG, error) {
	parents := make([][]int, max(length+1, 0))
	for i := 2; i < len(parents); i++ {
		parents[i] = []int{(i - 1) / 2, i - 1}
	}
	return NewDAG(parents)
}
