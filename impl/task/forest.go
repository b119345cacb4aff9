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
	s, positions := t.Tokens(), t.forest.Positions()
	sampler := &forestSampler{forestTask: t, parents: t.forest.Parents(), roots: markov.RootDistribution(t.prior), one: make([]float64, s*s),
		rows: make([]float64, stream.Width*(s+1)*s), uniforms: make([]float64, stream.Width*positions),
		drawn: make([]int, stream.Width*(positions+1)), work: make([]float64, stream.Width*s*s)}
	sampler.chains, sampler.root = sampler.rows[:stream.Width*s*s], sampler.rows[stream.Width*s*s:]
	for i, p := range sampler.parents {
		if p == graph.Root {
			sampler.parents[i] = positions // as kernel.Invert has it
		}
	}
	if t.numbers.SVD32 {
		sampler.svd = markov.NewStationarySVD32(s)
	}
	return sampler
}

// forestSampler draws stream.Width sequences side by side: one of each stream, or of one
// stream one after the other as if each were drawn alone, since what a sequence needs
// of it does not depend on its tokens. What is per sequence is in groups.
type forestSampler struct {
	forestTask
	parents  []int
	rows     []float64 // chains and root
	chains   []float64 // S x S
	root     []float64 // S, the distribution of the roots' tokens
	uniforms []float64 // T - 1
	drawn    []int     // T - 1 tokens, and what kernel.Invert needs
	last     [stream.Width]int
	one      []float64 // one chain
	work     []float64
	svd      *markov.StationarySVD32 // nil: markov.Stationary
	roots    []float64               // nil: the stationary distribution
}

func (t *forestSampler) Sample(s *stream.Stream, b *Batch) {
	for first := 0; first < b.N; first += stream.Width {
		n := min(stream.Width, b.N-first)
		for lane := range n {
			t.prior.Draw(s, t.one)
			setLane(t.chains, t.one, lane)
			for at := lane; at < len(t.uniforms); at += stream.Width {
				t.uniforms[at] = s.Float64()
			}
			t.last[lane] = s.IntN(b.S)
		}
		t.finish(n, func(lane int) (*Batch, int) { return b, first + lane })
	}
}

// SampleAbreast implements Sampler.
func (t *forestSampler) SampleAbreast(a *stream.Abreast, batches *[stream.Width]*Batch) {
	for n := range batches[0].N {
		markov.DrawAbreast(t.prior, a, t.chains)
		a.Float64s(t.uniforms)
		t.last = a.IntN(t.Tokens())
		t.finish(stream.Width, func(lane int) (*Batch, int) { return batches[lane], n })
	}
}

// finish makes the sequences of the first lanes, each at its place in a batch.
func (t *forestSampler) finish(lanes int, place func(lane int) (b *Batch, n int)) {
	if t.numbers.Float32 {
		roundChain(t.chains)
	}
	t.rootDistributions(lanes)
	for lane := range lanes {
		b, n := place(lane)
		takeLane(b.Target(n), t.chains[stream.Width*b.S*t.last[lane]:], lane)
		if b.Chains != nil {
			takeLane(b.Chain(n), t.chains, lane)
		}
	}
	kernel.Invert(t.drawn, t.parents, t.uniforms, t.rows, t.Tokens())
	for lane := range lanes {
		b, n := place(lane)
		tokens := b.Sequence(n)
		for i := range t.parents {
			tokens[i] = uint16(t.drawn[stream.Width*i+lane])
		}
		tokens[len(t.parents)] = uint16(t.last[lane])
	}
}

// rootDistributions sets those of the first lanes.
func (t *forestSampler) rootDistributions(lanes int) {
	switch s := t.Tokens(); {
	case t.roots != nil: // the same for every chain
		for lane := range lanes {
			setLane(t.root, t.roots, lane)
		}
	case t.svd == nil:
		kernel.Stationary(t.chains, s, lanes, t.root, t.work)
	default:
		for lane := range lanes {
			takeLane(t.one, t.chains, lane)
			t.svd.Stationary(t.one, t.work[:s])
			setLane(t.root, t.work[:s], lane)
		}
	}
}

// takeLane and setLane read and write one lane of groups.
func takeLane(dst, groups []float64, lane int) {
	for i := range dst {
		dst[i] = groups[stream.Width*i+lane]
	}
}

func setLane(groups, src []float64, lane int) {
	for i, v := range src {
		groups[stream.Width*i+lane] = v
	}
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
