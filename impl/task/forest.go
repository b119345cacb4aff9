package task

import (
	"causalgrad/impl/internal/kernel"
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
	s, lanes := t.Tokens(), kernel.Lanes
	sampler := &forestSampler{forestTask: t, parents: t.forest.Parents(), chains: make([]float64, lanes*s*s),
		cumulative: make([]float64, lanes*(s+1)*s), stationary: make([]float64, lanes*s), work: make([]float64, (lanes+1)*s*s),
		uniforms: make([]float64, lanes*t.forest.Positions())}
	if sampler.roots = markov.RootDistribution(t.prior); sampler.roots != nil {
		for lane := range lanes {
			copy(sampler.stationary[lane*s:], sampler.roots)
		}
	}
	if t.numbers.SVD32 {
		sampler.svd = markov.NewStationarySVD32(s)
	}
	return sampler
}

// forestSampler draws kernel.Lanes sequences side by side. A sequence's words come
// before those of the next one, as if it were drawn alone: what it needs of them
// does not depend on its tokens.
type forestSampler struct {
	forestTask
	parents                  []int
	chains, stationary, work []float64 // one after the other
	uniforms                 []float64 // T-1 for each sequence
	// cumulative is, for each sequence, S+1 rows of cumulative sums: the chain's, then
	// the stationary distribution's.
	cumulative []float64
	svd        *markov.StationarySVD32 // nil: markov.Stationary
	roots      []float64               // nil: the stationary distribution
}

func (t *forestSampler) Sample(s *stream.Stream, b *Batch) {
	for first := 0; first < b.N; first += kernel.Lanes {
		end := min(first+kernel.Lanes, b.N)
		t.draw(s, b, first, end)
		t.rootDistributions(end - first)
		t.tokens(b, first, end)
	}
}

// draw takes from the stream what the sequences first..end-1 need, and sets their
// last tokens and targets.
func (t *forestSampler) draw(s *stream.Stream, b *Batch, first, end int) {
	positions := len(t.parents)
	for n := first; n < end; n++ {
		lane := n - first
		chain := t.chains[lane*b.S*b.S:][:b.S*b.S]
		t.prior.Draw(s, chain)
		if t.numbers.Float32 {
			roundChain(chain)
		}
		if b.Chains != nil {
			copy(b.Chain(n), chain)
		}
		uniforms := t.uniforms[lane*positions:][:positions]
		for i := range uniforms {
			uniforms[i] = s.Float64()
		}
		last := s.IntN(b.S)
		b.Sequence(n)[positions] = uint16(last)
		copy(b.Target(n), chain[last*b.S:(last+1)*b.S])
	}
}

// rootDistributions sets those of n sequences.
func (t *forestSampler) rootDistributions(n int) {
	s := t.Tokens()
	switch {
	case t.roots != nil: // the same for every chain
	case t.svd == nil && n == kernel.Lanes:
		kernel.Stationary(t.chains, s, t.stationary, t.work)
	default:
		for lane := range n {
			chain, mu := t.chains[lane*s*s:][:s*s], t.stationary[lane*s:][:s]
			if t.svd != nil {
				t.svd.Stationary(chain, mu)
			} else {
				markov.Stationary(chain, s, mu, t.work)
			}
		}
	}
}

// tokens sets the tokens of the sequences first..end-1 but for the last ones,
// position by position: no sequence waits for the look-ups of another.
func (t *forestSampler) tokens(b *Batch, first, end int) {
	s := b.S
	for lane := range end - first {
		rows, chain := t.cumulative[lane*(s+1)*s:], t.chains[lane*s*s:]
		for a := range s {
			accumulate(rows[a*s:], chain[a*s:][:s])
		}
		accumulate(rows[s*s:], t.stationary[lane*s:][:s])
	}
	for i, p := range t.parents {
		for lane := range end - first {
			tokens, a := b.Sequence(first+lane), s
			if p != graph.Root {
				a = int(tokens[p])
			}
			tokens[i] = invert(t.uniforms[lane*len(t.parents)+i], t.cumulative[(lane*(s+1)+a)*s:][:s])
		}
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
