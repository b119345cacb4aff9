package plain

import (
	"fmt"

	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/theory/graph"
	"causalgrad/theory/stream"
)

// The slips of the sampler.
const (
	SampleParentShifted    Slip = "sample-parent-off-by-one"
	SampleRootsUniform     Slip = "sample-roots-uniform"
	SampleRootsWrapped     Slip = "sample-roots-wrapped"
	SampleRootsAlike       Slip = "sample-roots-alike"
	SampleRootsUnconverged Slip = "sample-roots-unconverged"
	SampleChainTransposed  Slip = "sample-chain-transposed"
	SampleChainReversed    Slip = "sample-chain-reversed"
	SampleLastFromChain    Slip = "sample-last-from-chain"
	SampleLastFromMu       Slip = "sample-last-stationary"
	SampleLastNeverTop     Slip = "sample-last-never-top"
	SampleTargetDrawn      Slip = "sample-target-drawn"
	SampleTargetOfPrevious Slip = "sample-target-of-previous"
	SampleTargetColumn     Slip = "sample-target-column"
	SampleBiased           Slip = "sample-biased"
	SampleBoundary         Slip = "sample-cumulative-off-by-one"
	SampleOneChain         Slip = "sample-one-chain-a-batch"
	SampleChainStale       Slip = "sample-chain-stale"
	SampleAlphaIgnored     Slip = "sample-alpha-ignored"
	SampleAlphaDivided     Slip = "sample-alpha-divided"
	SampleRowsAlike        Slip = "sample-rows-alike"
	SampleFloorIgnored     Slip = "sample-floor-ignored"
	SampleFloorUnscaled    Slip = "sample-floor-unscaled"
	SampleSeedIgnored      Slip = "sample-seed-ignored"
	SampleClock            Slip = "sample-hidden-state"
	SampleSequencesAlike   Slip = "sample-sequences-alike"
	SampleFloat32          Slip = "sample-float32"
	SampleParentsSwapped   Slip = "sample-parents-swapped"
	SampleFirstParentOnly  Slip = "sample-first-parent-only"
	SampleTensorRedrawn    Slip = "sample-tensor-redrawn"
	SampleOrphansSkewed    Slip = "sample-orphans-skewed"
	SampleTensorShared     Slip = "sample-tensor-shared"
)

// Sample implements props.Sampler: all sequences come from the stream keyed
// (seed, Law).
func (s *Subject) Sample(t props.TaskSpec, n int, seed uint64) (*task.Batch, error) {
	if n < 1 {
		return nil, fmt.Errorf("plain: %d sequences, want at least 1", n)
	}
	if s.Slip == SampleSeedIgnored {
		seed = 1
	}
	if s.Slip == SampleClock {
		seed += s.calls.Add(1)
	}
	b := task.NewBatch(n, t.Length, t.Tokens)
	if t.DAG == nil {
		b.WithChains()
	}
	s.draw(t, stream.New(stream.Key{Seed: seed, Purpose: stream.Law}), b)
	return b, nil
}

// draw fills b from one stream.
func (s *Subject) draw(t props.TaskSpec, u *stream.Stream, b *task.Batch) {
	d := &drawer{slip: s.Slip, t: t, u: u, b: b}
	for n := range b.N {
		if t.DAG != nil {
			d.dag(n)
		} else {
			d.forest(n)
		}
		if s.Slip == SampleSequencesAlike && n > 0 {
			copy(b.Sequence(n), b.Sequence(0))
			copy(b.Target(n), b.Target(0))
			if b.Chains != nil {
				copy(b.Chain(n), b.Chain(0))
			}
		}
		if s.Slip == SampleFloat32 {
			single(b.Target(n))
		}
	}
}

type drawer struct {
	slip  Slip
	t     props.TaskSpec
	u     *stream.Stream
	b     *task.Batch
	chain [][]float64
	mu    []float64
	prior [][]float64 // the chain of the sequence before
}

// row draws one row of the prior.
func (d *drawer) row() []float64 {
	row := make([]float64, d.t.Tokens)
	alpha := d.t.Alpha
	switch d.slip {
	case SampleAlphaIgnored:
		alpha = 1
	case SampleAlphaDivided:
		alpha /= float64(d.t.Tokens)
	}
	d.u.Dirichlet(alpha, row)
	if d.t.Gamma > 0 && d.slip != SampleFloorIgnored {
		low := d.t.Gamma / float64(d.t.Tokens)
		if d.slip == SampleFloorUnscaled {
			low = d.t.Gamma / float64(d.t.Tokens*d.t.Tokens)
		}
		for b := range row {
			row[b] = low + (1-d.t.Gamma)*row[b]
		}
		if d.slip == SampleFloorUnscaled {
			normalised(row)
		}
	}
	return row
}

// pick draws an index by inversion.
func (d *drawer) pick(law []float64) int {
	if d.slip == SampleBiased && d.u.Float64() < 0.01 {
		return 0
	}
	u := d.u.Float64()
	for v, p := range law[:len(law)-1] {
		if u < p {
			if d.slip == SampleBoundary {
				return v + 1
			}
			return v
		}
		u -= p
	}
	return len(law) - 1
}

func (d *drawer) newChain(n int) {
	if d.slip == SampleOneChain && n > 0 {
		return
	}
	d.prior = d.chain
	d.chain = make([][]float64, d.t.Tokens)
	for a := range d.chain {
		switch {
		case d.t.Chain != nil:
			d.chain[a] = append([]float64(nil), d.t.Chain[a]...)
		case d.slip == SampleRowsAlike && a > 0:
			d.chain[a] = d.chain[0]
		default:
			d.chain[a] = d.row()
		}
	}
	d.mu = d.rootLaw()
}

func (d *drawer) rootLaw() []float64 {
	switch d.slip {
	case SampleRootsUniform:
		return normalised(ones(d.t.Tokens))
	case SampleRootsUnconverged:
		return step(normalised(ones(d.t.Tokens)), d.chain)
	}
	return stationary(d.chain)
}

// next is the law of a child's token after a.
func (d *drawer) next(a int) []float64 {
	law := make([]float64, d.t.Tokens)
	switch {
	case d.slip == SampleChainTransposed:
		for b := range law {
			law[b] = d.chain[b][a]
		}
		return normalised(law)
	case d.slip == SampleChainReversed:
		for b := range law {
			law[b] = d.mu[b] * d.chain[b][a] / d.mu[a]
		}
		return law
	case d.slip == SampleChainStale && d.prior != nil:
		return d.prior[a]
	}
	return d.chain[a]
}

func (d *drawer) parent(i int) int {
	p := d.t.Parents[i]
	if d.slip == SampleParentShifted && p > 0 {
		p--
	}
	return p
}

func (d *drawer) forest(n int) {
	d.newChain(n)
	tokens, firstRoot := d.b.Sequence(n), -1
	for i := range d.t.Length - 1 {
		p := d.parent(i)
		switch {
		case p != graph.Root:
			tokens[i] = uint16(d.pick(d.next(int(tokens[p]))))
		case d.slip == SampleRootsWrapped && i > 0: // parent -1 read as the position before
			tokens[i] = uint16(d.pick(d.next(int(tokens[i-1]))))
		case d.slip == SampleRootsAlike && firstRoot >= 0:
			tokens[i] = tokens[firstRoot]
		default:
			tokens[i] = uint16(d.pick(d.mu))
			firstRoot = i
		}
	}
	d.last(n, tokens)
	if d.b.Chains != nil {
		for a, row := range d.chain {
			copy(d.b.Chain(n)[a*d.b.S:], row)
		}
	}
}

// last draws the last token and writes the target.
func (d *drawer) last(n int, tokens []uint16) {
	end := d.t.Length - 1
	switch d.slip {
	case SampleLastFromChain:
		tokens[end] = uint16(d.pick(d.chain[tokens[end-1]]))
	case SampleLastFromMu:
		tokens[end] = uint16(d.pick(d.mu))
	case SampleLastNeverTop:
		tokens[end] = uint16(d.u.IntN(max(d.t.Tokens-1, 1)))
	default:
		tokens[end] = uint16(d.u.IntN(d.t.Tokens))
	}
	y, of := d.b.Target(n), int(tokens[end])
	if d.slip == SampleTargetOfPrevious {
		of = int(tokens[end-1])
	}
	copy(y, d.chain[of])
	switch d.slip {
	case SampleTargetDrawn:
		at := d.pick(d.chain[of])
		clear(y)
		y[at] = 1
	case SampleTargetColumn:
		for b := range y {
			y[b] = d.chain[b][of]
		}
		normalised(y)
	}
}

// dag draws one sequence of the several-parents task; a tensor's rows are
// drawn when first used.
func (d *drawer) dag(n int) {
	tokens := d.b.Sequence(n)
	type place struct{ arity, row int }
	tensors := map[place][]float64{} // only looked up
	var orphans []float64
	law := func(i int) []float64 {
		parents := d.t.DAG[i]
		if d.slip == SampleFirstParentOnly {
			parents = parents[:1]
		}
		at := 0
		for j := range parents {
			p := parents[j]
			if d.slip == SampleParentsSwapped && i == d.t.Length {
				p = parents[len(parents)-1-j]
			}
			at = at*d.t.Tokens + int(tokens[p])
		}
		key := place{len(parents), at}
		if d.slip == SampleTensorShared {
			key.arity = 0
		}
		if tensors[key] == nil || d.slip == SampleTensorRedrawn {
			tensors[key] = d.row()
		}
		return tensors[key]
	}
	for i := range d.t.Length {
		switch parents := d.t.DAG[i]; {
		case len(parents) > 0:
			tokens[i] = uint16(d.pick(law(i)))
		case d.slip == SampleOrphansSkewed:
			if orphans == nil {
				orphans = d.row()
			}
			tokens[i] = uint16(d.pick(orphans))
		default:
			tokens[i] = uint16(d.u.IntN(d.t.Tokens))
		}
	}
	copy(d.b.Target(n), law(d.t.Length))
	if d.slip == SampleTargetDrawn {
		y := d.b.Target(n)
		at := d.pick(y)
		clear(y)
		y[at] = 1
	}
}
