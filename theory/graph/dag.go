package graph

import (
	"encoding/json"
	"fmt"
	"slices"
)

// MaxArity bounds the number of parents: a tensor has S^k rows.
const MaxArity = 6

// DAG is a causal graph with any number of parents: positions 0..T-1 and one
// more entry, index T, for the target. Each entry's list holds earlier
// positions, in the order in which they index the transition tensor. A DAG is
// immutable; build it with NewDAG.
type DAG struct{ parents [][]int }

// NewDAG validates parents, which has T+1 lists: entries earlier than their
// owner, no position twice in a list, at most MaxArity of them, and at least
// one parent for the target.
func NewDAG(parents [][]int) (DAG, error) {
	if t := len(parents) - 1; t < MinSequenceLength || t > MaxSequenceLength {
		return DAG{}, fmt.Errorf("dag: %d lists, want %d to %d (sequence length plus the target's)",
			len(parents), MinSequenceLength+1, MaxSequenceLength+1)
	}
	own := make([][]int, len(parents))
	for i, list := range parents {
		if len(list) > MaxArity {
			return DAG{}, fmt.Errorf("dag[%d]: %d parents, want at most %d", i, len(list), MaxArity)
		}
		for j, p := range list {
			if p < 0 || p >= i {
				return DAG{}, fmt.Errorf("dag[%d][%d] = %d, want an earlier position 0..%d", i, j, p, i-1)
			}
			if slices.Contains(list[:j], p) {
				return DAG{}, fmt.Errorf("dag[%d]: parent %d is listed twice", i, p)
			}
		}
		own[i] = append([]int{}, list...) // never nil: prints as []
	}
	if len(own[len(own)-1]) == 0 {
		return DAG{}, fmt.Errorf("dag[%d]: the target has no parents, want at least one", len(own)-1)
	}
	return DAG{parents: own}, nil
}

// SequenceLength is T.
func (g DAG) SequenceLength() int { return len(g.parents) - 1 }

// Parents returns the parents of entry i, 0 <= i <= T (T is the target). The
// slice must not be changed.
func (g DAG) Parents(i int) []int { return g.parents[i] }

// Target returns the parents of the target entry.
func (g DAG) Target() []int { return g.parents[len(g.parents)-1] }

// Arities lists the numbers of parents that occur, ascending, without 0.
func (g DAG) Arities() []int {
	var arities []int
	for _, list := range g.parents {
		if k := len(list); k > 0 && !slices.Contains(arities, k) {
			arities = append(arities, k)
		}
	}
	slices.Sort(arities)
	return arities
}

// String is the DAG in the command's grammar, "dag:[[],[],[0,1],[1,2]]".
func (g DAG) String() string {
	text, err := json.Marshal(g.parents)
	if err != nil {
		return "dag:" + err.Error() // integers always marshal
	}
	return "dag:" + string(text)
}
