package implaws

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"causalgrad/impl/measure"
	"causalgrad/props"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

// summaryAttentionLaws are about the two senses of attention and what of it lies
// on edges (theory.md section 7).
func summaryAttentionLaws() []props.Law {
	both := []props.Capability{CanSummarise, props.CanAttend}
	summarises := []props.Capability{CanSummarise}
	const source = "theory.md section 7"
	return []props.Law{
		{ID: "position-block", Source: source, Needs: both, Draws: 40, Check: positionBlock,
			Sentence: "Where the token blocks are 0 the position block's softmax is the attention of every sequence, and the average over sequences too."},
		{ID: "average-attention", Source: source, Needs: both, Draws: 20, Check: averageAttention,
			Sentence: "On a chain that alternates between two tokens the average attention of the prefix mixes that of its two possible sequences, with whole numbers of sequences."},
		{ID: "edge-attention", Source: source, Needs: summarises, Check: edgeAttention,
			Sentence: "Edge attention is the best mean over all one-to-one assignments of heads to parent slots, by trying them all; min and accuracy are those of an assignment that reaches it."},
		{ID: "edge-attention-order", Source: source, Needs: summarises, Check: edgeAttentionOrder,
			Sentence: "Reordering heads changes no mean; a head that does nothing, or weights above the diagonal, change nothing."},
	}
}

func (x summary) average(params []float64) [][]float64 {
	blocks := props.Ask(x.t, x.Case, "average attention", func() ([][]float64, error) {
		return x.s.(Summariser).AverageAttention(x.model, params, x.spec, x.o)
	})
	x.blocks("average attention", blocks)
	return blocks
}

// blocks demands causal rows that sum to 1.
func (x summary) blocks(what string, blocks [][]float64) {
	t := x.spec.Length
	props.Demand(x.t, x.Case, len(blocks) == x.model.FirstHeads(), what, fmt.Sprintf("%d heads", x.model.FirstHeads()), strconv.Itoa(len(blocks)))
	for h, block := range blocks {
		props.Finite(x.t, x.Case, what, block, t*t)
		props.Distribution(x.t, x.Case, fmt.Sprintf("%s of head %d", what, h), block, t, x.slack(1))
		for i, w := range block {
			if i%t > i/t {
				props.Within(x.t, x.Case, props.At(what, i/t, i%t), w, 0, 0)
			}
		}
	}
}

// positionBlock: an average of n equal numbers is off by n roundings.
func positionBlock(t *rapid.T, s props.Subject) {
	r := props.DrawTraining(t, props.Disentangled, props.Reduced)
	r.Params = gen.Moderate(len(r.Params), rapid.SampledFrom([]float64{1, 8}).Draw(t, "larger scale")).Draw(t, "params").Values
	m := r.Model
	if m.Kind == props.Disentangled {
		for _, b := range props.LayoutOf(t, m)[:m.Heads[0]] {
			for i := range b.Of(r.Params) {
				if i/b.Cols < m.Tokens || i%b.Cols < m.Tokens {
					b.Of(r.Params)[i] = 0
				}
			}
		}
	}
	x := drawSummary(t, s, m, r.Task)
	x.o.Sequences = min(x.o.Sequences, 60)
	blocks := props.Ask(t, x.Case, "position block", func() ([][]float64, error) { return s.(Summariser).PositionBlock(m, r.Params) })
	x.blocks("position block", blocks)
	b := gen.Batches(1, m.Length, m.Tokens).Draw(t, "batch")
	own := props.AskAttention(t, s, x.Case, m, r.Params, b)
	size := m.Length * m.Length
	average := x.average(r.Params)
	slack := 64 * float64(m.Length+8) * s.Roundoff() // scores up to 8, relative
	for h := range blocks {
		props.WithinAll(t, x.Case, fmt.Sprintf("position block of head %d", h), blocks[h], own[h*size:(h+1)*size], slack)
		props.WithinAll(t, x.Case, fmt.Sprintf("average attention of head %d", h), average[h], own[h*size:(h+1)*size], slack+x.slack(1))
	}
}

// averageAttention: the prefix is one of two sequences, so every entry of its
// rows is (k w + (n-k) w')/n with one whole number k for all of them.
func averageAttention(t *rapid.T, s props.Subject) {
	m := props.DrawModel(t, props.Disentangled)
	m.Tokens = 2
	params := gen.Moderate(props.LayoutOf(t, m).Size(), 1).Draw(t, "params").Values
	spec := props.TaskSpec{Tokens: 2, Length: m.Length, Parents: make([]int, m.Length-1), Chain: [][]float64{{0, 1}, {1, 0}}}
	for i := range spec.Parents {
		spec.Parents[i] = i - 1
	}
	x := drawSummary(t, s, m, spec)
	b := gen.Batches(2, m.Length, 2).Draw(t, "batch")
	for i := range m.Length {
		b.Tokens[i], b.Tokens[m.Length+i] = uint16(i%2), uint16((i+1)%2)
	}
	weights := props.AskAttention(t, s, x.Case, m, params, b)
	size, heads, n := m.Length*m.Length, m.FirstHeads(), float64(x.o.Sequences)
	one, other := weights[:heads*size], weights[heads*size:]
	average := slices.Concat(x.average(params)...)
	prefix := func(i int) bool { return i%size/m.Length < m.Length-1 }
	widest := 0
	for i := range average {
		if prefix(i) && math.Abs(one[i]-other[i]) > math.Abs(one[widest]-other[widest]) {
			widest = i
		}
	}
	gap := one[widest] - other[widest]
	if math.Abs(gap) < 1e-3 {
		t.Skip("tokens do not matter")
	}
	k := n * (average[widest] - other[widest]) / gap
	whole := math.Round(k)
	props.Within(t, x.Case, "sequences that begin with token 0", k, whole, n*(x.slack(1)+64*s.Roundoff())/math.Abs(gap))
	props.AtLeast(t, x.Case, "sequences that begin with token 0", whole, 0, 0)
	props.AtMost(t, x.Case, "sequences that begin with token 0", whole, n, 0)
	for i := range average {
		if prefix(i) {
			props.Within(t, x.Case, fmt.Sprintf("average attention[%d]", i), average[i], (whole*one[i]+(n-whole)*other[i])/n, x.slack(1)+64*s.Roundoff())
		}
	}
}

// edgeTask is a forest or a DAG, its slots of edges and as many matrices as
// there are heads, of weights in eighths.
type edgeTask struct {
	props.Case
	spec   props.TaskSpec
	slots  [][][2]int // child and parent
	blocks [][]float64
}

func drawEdges(t *rapid.T) edgeTask {
	x := edgeTask{spec: props.DrawTask(t)}
	x.Case = props.TaskCase(x.spec)
	for i, parents := range props.Contexts(x.spec)[:x.spec.Length] {
		for slot, p := range parents {
			for len(x.slots) <= slot {
				x.slots = append(x.slots, nil)
			}
			x.slots[slot] = append(x.slots[slot], [2]int{i, p})
		}
	}
	for range rapid.IntRange(1, 3).Draw(t, "heads") {
		block := make([]float64, x.spec.Length*x.spec.Length)
		for i := range block {
			block[i] = float64(rapid.IntRange(0, 8).Draw(t, "weight")) / 8
		}
		x.blocks = append(x.blocks, block)
	}
	x.Case = x.Where("heads %v", x.blocks)
	return x
}

func (x edgeTask) ask(t *rapid.T, s props.Subject, blocks [][]float64) measure.Edges {
	return props.Ask(t, x.Case, "edge attention", func() (measure.Edges, error) { return s.(Summariser).EdgeAttention(x.spec, blocks) })
}

// weight is the sum over a slot's edges of a head's weights, and their number.
func (x edgeTask) weight(slot, head int) (sum float64) {
	for _, e := range x.slots[slot] {
		sum += x.blocks[head][e[0]*x.spec.Length+e[1]]
	}
	return sum
}

// best tries every assignment: slot after slot takes a head that is free, or
// none where heads are fewer than slots, and as many slots as possible are served.
func (x edgeTask) best(slot int, free []int, sum float64, edges int) float64 {
	if slot == len(x.slots) {
		if edges == 0 {
			return 0
		}
		return sum / float64(edges)
	}
	best := math.Inf(-1)
	for k, head := range free {
		rest := slices.Delete(slices.Clone(free), k, k+1)
		best = math.Max(best, x.best(slot+1, rest, sum+x.weight(slot, head), edges+len(x.slots[slot])))
	}
	if len(x.slots)-slot > len(free) {
		best = math.Max(best, x.best(slot+1, free, sum, edges))
	}
	return best
}

// edgeAttention: sums of eighths are exact, a quotient rounds once.
func edgeAttention(t *rapid.T, s props.Subject) {
	x := drawEdges(t)
	e := x.ask(t, s, x.blocks)
	props.Within(t, x.Case, "mean attention on edges", e.Mean, x.best(0, props.Identity(len(x.blocks)), 0, 0), 2*s.Roundoff())
	length, headOf, least, right, sum := x.spec.Length, map[int]int{}, math.Inf(1), 0, 0.0
	for _, w := range e.Weights {
		head, known := headOf[w.Slot]
		props.Demand(t, x.Case, !known || head == w.Head, "head of a slot", strconv.Itoa(head), strconv.Itoa(w.Head))
		headOf[w.Slot] = w.Head
		props.Demand(t, x.Case, slices.Contains(x.slots[w.Slot], [2]int{w.Child, w.Parent}), "edge", "one of the graph", fmt.Sprintf("%+v", w))
		row := x.blocks[w.Head][w.Child*length : w.Child*length+w.Child+1]
		props.Within(t, x.Case, "weight of an edge", w.Weight, row[w.Parent], 0)
		props.Demand(t, x.Case, w.Argmax == slices.Index(row, slices.Max(row)), "argmax", strconv.Itoa(slices.Index(row, slices.Max(row))), strconv.Itoa(w.Argmax))
		if least = math.Min(least, w.Weight); w.Argmax == w.Parent {
			right++
		}
		sum += w.Weight
	}
	n := float64(max(len(e.Weights), 1))
	if len(e.Weights) == 0 {
		least = 0
	}
	used := map[int]bool{}
	for _, head := range headOf {
		props.Demand(t, x.Case, !used[head], "heads of two slots", "different", strconv.Itoa(head))
		used[head] = true
	}
	props.Within(t, x.Case, "mean of the edges listed", e.Mean, sum/n, 0)
	props.Within(t, x.Case, "smallest weight", e.Min, least, 0)
	props.Within(t, x.Case, "share of rows whose argmax is the parent", e.Accuracy, float64(right)/n, 0)
}

func edgeAttentionOrder(t *rapid.T, s props.Subject) {
	x := drawEdges(t)
	e := x.ask(t, s, x.blocks)
	turned := slices.Clone(x.blocks)
	slices.Reverse(turned)
	props.Within(t, x.Case, "mean with the heads in reverse order", x.ask(t, s, turned).Mean, e.Mean, 2*s.Roundoff())
	idle := make([]float64, x.spec.Length*x.spec.Length)
	if len(x.blocks) >= len(x.slots) { // another head would serve a slot that has none
		props.Within(t, x.Case, "mean with an idle head", x.ask(t, s, append(slices.Clone(x.blocks), idle)).Mean, e.Mean, 2*s.Roundoff())
	}
	above := make([][]float64, len(x.blocks))
	for h, block := range x.blocks {
		above[h] = slices.Clone(block)
		for i := range block {
			if i%x.spec.Length > i/x.spec.Length {
				above[h][i] = 9
			}
		}
	}
	got := x.ask(t, s, above)
	props.Demand(t, x.Case, got.Mean == e.Mean && got.Accuracy == e.Accuracy, "mean and accuracy with weights above the diagonal", fmt.Sprint(e.Mean, e.Accuracy), fmt.Sprint(got.Mean, got.Accuracy))
}
