package task

import (
	"fmt"
	"slices"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// maxTensor bounds S^k rows times S entries.
const maxTensor = 1 << 22

func checkTensorSizes(g graph.DAG, tokens int) error {
	for _, k := range g.Arities() {
		size := tokens
		for range k {
			if size *= tokens; size > maxTensor {
				return fmt.Errorf("graph: %d tokens and %d parents need a tensor above %d numbers", tokens, k, maxTensor)
			}
		}
	}
	return nil
}

// dagTask is the several-parents task: for every arity k that occurs one
// tensor with S^k rows, drawn row by row from the prior; positions without
// parents are uniform; the target is the row of its parents' tokens.
type dagTask struct {
	dag   graph.DAG
	prior markov.RowPrior
}

func (t dagTask) Tokens() int         { return t.prior.Tokens() }
func (t dagTask) SequenceLength() int { return t.dag.SequenceLength() }
func (t dagTask) Graph() graph.Graph  { return t.dag }
func (t dagTask) Prior() markov.Prior { return t.prior }
func (t dagTask) WithPrior(p markov.Prior) (Task, error) {
	return New(t.dag, p)
}

func (t dagTask) NewSampler() Sampler {
	sampler := &dagSampler{dagTask: t, tensors: make([]tensor, graph.MaxArity+1), cumulative: make([]float64, t.Tokens())}
	for _, k := range t.dag.Arities() {
		rows := 1
		for range k {
			rows *= t.Tokens()
		}
		sampler.tensors[k] = tensor{entries: make([]float64, rows*t.Tokens()), drawnFor: make([]uint64, rows)}
	}
	return sampler
}

// tensor is pi_k, row-major: row index is the mixed-radix number of the
// parents' tokens. Rows are independent, so a row is drawn when a sequence
// first uses it: S^k rows cost nothing when T positions use fewer.
type tensor struct {
	entries  []float64
	drawnFor []uint64 // serial number of the sequence a row was drawn for
}

type dagSampler struct {
	dagTask
	tensors    []tensor
	serial     uint64
	cumulative []float64 // of one row
}

func (t *dagSampler) Sample(s *stream.Stream, b *Batch) {
	for n := range b.N {
		t.serial++
		tokens := b.Sequence(n)
		for i := range b.T {
			parents := t.dag.Parents(i)
			if len(parents) == 0 {
				tokens[i] = uint16(s.IntN(b.S))
				continue
			}
			accumulate(t.cumulative, t.row(s, parents, tokens))
			tokens[i] = invert(s.Float64(), t.cumulative)
		}
		copy(b.Target(n), t.row(s, t.dag.Target(), tokens))
	}
}

func (t *dagSampler) SampleAbreast(a *stream.Abreast, batches *[stream.Width]*Batch) {
	for lane, b := range batches {
		a.Alone(lane, func(s *stream.Stream) { t.Sample(s, b) })
	}
}

func (t *dagSampler) row(s *stream.Stream, parents []int, tokens []uint16) []float64 {
	size := t.Tokens()
	at := 0
	for _, p := range parents {
		at = at*size + int(tokens[p])
	}
	pi := &t.tensors[len(parents)]
	row := pi.entries[at*size : (at+1)*size]
	if pi.drawnFor[at] != t.serial {
		pi.drawnFor[at] = t.serial
		t.prior.DrawRow(s, row)
	}
	return row
}

// accumulate writes the cumulative sums of a distribution.
func accumulate(dst, probabilities []float64) {
	dst = dst[:len(probabilities)]
	sum := 0.0
	for v, p := range probabilities {
		sum += p
		dst[v] = sum
	}
}

// invert returns the first index whose cumulative sum exceeds u; when rounding
// leaves the last sum at or below u, the last index. It counts instead of
// searching: no branch depends on u.
func invert(u float64, cumulative []float64) uint16 {
	v := 0
	for _, c := range cumulative[:len(cumulative)-1] {
		above := 0
		if u >= c {
			above = 1
		}
		v += above
	}
	return uint16(v)
}

// CountEstimate counts s_i over the positions i of the target's own arity
// whose parents' tokens are those of the target's parents.
func (t dagTask) CountEstimate(b *Batch, alpha float64, out []float64) {
	t.countAgreeing(b, alpha, out, t.dag.Target(), func(i int) []int { return t.dag.Parents(i) })
}

// countAgreeing counts s_i over the positions whose context (as given) has as
// many entries as the target's and carries the same tokens.
func (t dagTask) countAgreeing(b *Batch, alpha float64, out []float64, target []int, context func(i int) []int) {
	for n := range b.N {
		row, tokens := out[n*b.S:(n+1)*b.S], b.Sequence(n)
		for v := range row {
			row[v] = alpha
		}
		for i := range b.T {
			if c := context(i); len(c) == len(target) && agree(tokens, c, target) {
				row[tokens[i]]++
			}
		}
		normalise(row)
	}
}

func agree(tokens []uint16, a, b []int) bool {
	for j := range a {
		if tokens[a[j]] != tokens[b[j]] {
			return false
		}
	}
	return true
}

// SingleParentEstimate is the count estimator that sees only parent number
// slot (0-based) of each position of the target's arity: the official
// notebook's "One NN" line is the best over slots.
func SingleParentEstimate(g graph.DAG, slot int, b *Batch, alpha float64, out []float64) error {
	arity := len(g.Target())
	if slot < 0 || slot >= arity {
		return fmt.Errorf("parent slot = %d, want 0 to %d", slot, arity-1)
	}
	dagTask{dag: g}.countAgreeing(b, alpha, out, g.Target()[slot:slot+1], func(i int) []int {
		if parents := g.Parents(i); len(parents) == arity {
			return slices.Clip(parents[slot : slot+1])
		}
		return nil
	})
	return nil
}
