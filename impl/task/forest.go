package task

import (
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// forestTask is the single-parent task: roots draw from the stationary distribution of
// the sequence's chain, children from their parent's row, the last token is
// uniform and independent, and the target is its whole row.
type forestTask struct {
	forest  graph.Forest
	prior   markov.Prior
	numbers Numbers
}

func (t forestTask) Tokens() int         { return t.prior.Tokens() }
func (t forestTask) SequenceLength() int { return t.forest.SequenceLength() }
func (t forestTask) Graph() graph.Graph  { return t.forest }
func (t forestTask) Prior() markov.Prior { return t.prior }
func (t forestTask) WithPrior(p markov.Prior) (Task, error) {
	return forestTask{t.forest, p, t.numbers}, nil
}

func (t forestTask) NewSampler() Sampler {
	s := t.Tokens()
	sampler := &forestSampler{forestTask: t, parents: t.forest.Parents(), chain: make([]float64, s*s),
		cumulative: make([]float64, (s+1)*s), stationary: make([]float64, s), work: make([]float64, s*s)}
	if sampler.roots = markov.RootDistribution(t.prior); sampler.roots != nil {
		copy(sampler.stationary, sampler.roots)
	}
	if t.numbers.SVD32 {
		sampler.svd = markov.NewStationarySVD32(s)
	}
	return sampler
}

type forestSampler struct {
	forestTask
	parents                 []int
	chain, stationary, work []float64
	// cumulative is S+1 rows of cumulative sums: the chain's, then the
	// stationary distribution's.
	cumulative []float64
	svd        *markov.StationarySVD32 // nil: markov.Stationary
	roots      []float64               // nil: the stationary distribution
}

func (t *forestSampler) Sample(s *stream.Stream, b *Batch) {
	for n := range b.N {
		t.prior.Draw(s, t.chain)
		if t.numbers.Float32 {
			roundChain(t.chain)
		}
		if b.Chains != nil {
			copy(b.Chain(n), t.chain)
		}
		switch {
		case t.roots != nil: // the same for every chain
		case t.svd != nil:
			t.svd.Stationary(t.chain, t.stationary)
		default:
			markov.Stationary(t.chain, b.S, t.stationary, t.work)
		}
		for a := range b.S {
			accumulate(t.cumulative[a*b.S:], t.chain[a*b.S:(a+1)*b.S])
		}
		accumulate(t.cumulative[b.S*b.S:], t.stationary)
		tokens := b.Sequence(n)
		for i, p := range t.parents {
			a := b.S
			if p != graph.Root {
				a = int(tokens[p])
			}
			tokens[i] = invert(s.Float64(), t.cumulative[a*b.S:(a+1)*b.S])
		}
		last := s.IntN(b.S)
		tokens[b.T-1] = uint16(last)
		copy(b.Target(n), t.chain[last*b.S:(last+1)*b.S])
	}
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

// CountEstimate counts s_i over the non-root positions i of the prefix whose
// parent's token is s_T. Roots have no parent and do not count.
func (t forestTask) CountEstimate(b *Batch, alpha float64, out []float64) {
	t.countEstimate(b, alpha, out, func(int) int { return graph.Root })
}

func (t forestTask) countEstimate(b *Batch, alpha float64, out []float64, parentOfRoot func(i int) int) {
	for n := range b.N {
		row, tokens := out[n*b.S:(n+1)*b.S], b.Sequence(n)
		for v := range row {
			row[v] = alpha
		}
		for i := range t.forest.Positions() {
			p := t.forest.Parent(i)
			if p == graph.Root {
				p = parentOfRoot(i)
			}
			if p != graph.Root && tokens[p] == tokens[b.T-1] {
				row[tokens[i]]++
			}
		}
		normalise(row)
	}
}

func normalise(row []float64) {
	sum := 0.0
	for _, v := range row {
		sum += v
	}
	for i := range row {
		row[i] /= sum
	}
}

// WrappedCountEstimate is the official implementation's InContextTree.bayes
// for a forest task: it counts a root as if its parent were the last prefix
// position T-2 (a negative index wraps). It exists to reproduce the official
// lines; CountEstimate is right.
func WrappedCountEstimate(f graph.Forest, b *Batch, alpha float64, out []float64) {
	forestTask{forest: f}.countEstimate(b, alpha, out, func(int) int { return b.T - 2 })
}
