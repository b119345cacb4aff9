package measure

import (
	"fmt"
	"math"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/theory/detmath"
	"causalgrad/theory/graph"
)

// PositionScorer is a model whose first layer has a position-position score
// matrix: what attention would be if tokens did not matter.
type PositionScorer interface {
	// PositionScores writes head's T x T scores to dst, row-major.
	PositionScores(params []float64, head int, dst []float64)
}

// EdgeWeight is the attention of one child on one parent.
type EdgeWeight struct {
	Child  int     `json:"child"`
	Parent int     `json:"parent"`
	Slot   int     `json:"slot"` // which of the child's parents, 0 in a forest
	Head   int     `json:"head"` // the head assigned to that slot
	Weight float64 `json:"weight"`
	Argmax int     `json:"argmax"` // where the row is largest, of keys 0..child
}

// Edges is the attention on the edges of a graph in one sense: of the
// position-position block alone, or averaged over data.
type Edges struct {
	Mean     float64      `json:"mean"`
	Min      float64      `json:"min"`
	Accuracy float64      `json:"argmax_accuracy"` // share of edges whose row's argmax is the parent
	Weights  []EdgeWeight `json:"weights"`
}

// flatness is how far from uniform, relatively, weights may be for Flat.
const flatness = 0.1

// Flat reports whether every child's weight on its parent is within a tenth of
// the uniform 1/(child+1): the attention has hardly begun to move, and where its
// rows are largest is an accident. A graph without edges is not flat.
func (e Edges) Flat() bool {
	for _, w := range e.Weights {
		if !(math.Abs(float64(w.Weight*float64(w.Child+1))-1) <= flatness) {
			return false
		}
	}
	return len(e.Weights) > 0
}

// PositionBlock is softmax(mask(A[positions, positions])) of every head of the
// first layer, [head][i][j], row-major: the published notion of attention,
// which ignores the token blocks.
func PositionBlock(m model.Model, params []float64, heads int) ([][]float64, error) {
	scorer, ok := m.(PositionScorer)
	if !ok {
		return nil, fmt.Errorf("model %q has no position-position block", m.Name())
	}
	t := m.SequenceLength()
	blocks := make([][]float64, heads)
	for h := range blocks {
		blocks[h] = make([]float64, t*t)
		scorer.PositionScores(params, h, blocks[h])
		for i := range t {
			row := blocks[h][i*t : (i+1)*t]
			maskedSoftmax(row[:i+1])
			clear(row[i+1:])
		}
	}
	return blocks, nil
}

func maskedSoftmax(row []float64) {
	largest := math.Inf(-1)
	for _, v := range row {
		largest = math.Max(largest, v)
	}
	sum := 0.0
	for j, v := range row {
		row[j] = detmath.Exp(v - largest)
		sum += row[j]
	}
	for j := range row {
		row[j] /= sum
	}
}

// AverageAttention is the first layer's actual attention averaged over fresh
// sequences, [head][i][j], row-major.
func AverageAttention(m model.Model, params []float64, heads int, t task.Task, o Options) [][]float64 {
	pass := m.NewPass()
	pass.Bind(params)
	size := heads * m.SequenceLength() * m.SequenceLength()
	total := overSequences(t, o, size, func() func(*task.Batch, func([]float64)) {
		worker, weights := pass.NewWorker(), make([]float64, size)
		return func(b *task.Batch, add func([]float64)) {
			for n := range b.N {
				worker.Attention(b.Slice(n, n+1), weights)
				add(weights)
			}
		}
	}).total
	blocks := make([][]float64, heads)
	for h := range blocks {
		blocks[h] = total[h*size/heads : (h+1)*size/heads]
		for i := range blocks[h] {
			blocks[h][i] /= float64(o.Sequences)
		}
	}
	return blocks
}

// EdgeAttention reads the weights of the graph's edges off attention matrices
// [head][i][j] (row length T). Heads are assigned to parent slots one to one,
// by the assignment with the largest mean weight; with fewer heads than slots
// the slots left over are not counted.
func EdgeAttention(g graph.Graph, blocks [][]float64) Edges {
	slots := edgesBySlot(g)
	t := g.SequenceLength()
	var best Edges
	forEachAssignment(len(slots), len(blocks), func(headOf []int) {
		if e := collect(slots, headOf, blocks, t); best.Weights == nil || e.Mean > best.Mean {
			best = e
		}
	})
	return best
}

// edgesBySlot lists, for every parent slot, the edges of prefix positions.
func edgesBySlot(g graph.Graph) [][]graph.Edge {
	switch g := g.(type) {
	case graph.Forest:
		return [][]graph.Edge{g.Edges()}
	case graph.DAG:
		var slots [][]graph.Edge
		for i := range g.SequenceLength() {
			for slot, p := range g.Parents(i) {
				for len(slots) <= slot {
					slots = append(slots, nil)
				}
				slots[slot] = append(slots[slot], graph.Edge{Child: i, Parent: p})
			}
		}
		return slots
	}
	return nil
}

// forEachAssignment calls visit with every one-to-one map from slots to heads;
// -1 marks a slot without a head when there are more slots than heads.
func forEachAssignment(slots, heads int, visit func(headOf []int)) {
	headOf, used := make([]int, slots), make([]bool, heads)
	var assign func(slot, free int)
	assign = func(slot, free int) {
		if slot == slots {
			visit(headOf)
			return
		}
		for h := range heads {
			if !used[h] {
				used[h], headOf[slot] = true, h
				assign(slot+1, free-1)
				used[h] = false
			}
		}
		if slots-slot > free { // some slot must go without
			headOf[slot] = -1
			assign(slot+1, free)
		}
	}
	assign(0, heads)
}

func collect(slots [][]graph.Edge, headOf []int, blocks [][]float64, t int) Edges {
	e := Edges{Min: math.Inf(1), Weights: []EdgeWeight{}}
	right := 0
	for slot, edges := range slots {
		if headOf[slot] < 0 {
			continue
		}
		for _, edge := range edges {
			row := blocks[headOf[slot]][edge.Child*t : edge.Child*t+edge.Child+1]
			w := EdgeWeight{Child: edge.Child, Parent: edge.Parent, Slot: slot, Head: headOf[slot], Weight: row[edge.Parent], Argmax: Argmax(row)}
			if w.Argmax == w.Parent {
				right++
			}
			e.Mean += w.Weight
			e.Min = math.Min(e.Min, w.Weight)
			e.Weights = append(e.Weights, w)
		}
	}
	if n := float64(len(e.Weights)); n > 0 {
		e.Mean /= n
		e.Accuracy = float64(right) / n
	} else {
		e.Min = 0 // a graph without edges: nothing to attend to
	}
	return e
}
