package fault

import (
	"fmt"
	"slices"

	"causalgrad/impl/task"
	"causalgrad/theory/graph"
	"causalgrad/theory/stream"
)

var (
	sampleParentShifted = mistake(inSample, "sample-parent-off-by-one",
		"the sampler's parent index is off by one", "sample-edges")
	sampleRootsUniform = mistake(inSample, "sample-roots-uniform",
		"roots are uniform instead of stationary", "sample-marginals")
	sampleRootsWrapped = mistake(inSample, "sample-roots-wrapped",
		"a root's parent index -1 wraps to the position before it", "sample-trees", "sample-pairs")
	sampleRootsUnconverged = mistake(inSample, "sample-roots-unconverged",
		"roots come from one step of the power iteration", "sample-marginals")
	sampleChainTransposed = mistake(inSample, "sample-chain-transposed",
		"children follow the columns of pi, normalised, instead of its rows", "sample-transitions")
	sampleLastFromChain = mistake(inSample, "sample-last-from-chain",
		"the last token follows the token before it instead of being uniform", "sample-last-token-alone")
	sampleLastNeverTop = mistake(inSample, "sample-last-never-top",
		"the last token is never the largest one: an upper bound taken as exclusive", "sample-last-token")
	sampleTargetDrawn = mistake(inSample, "sample-target-drawn",
		"the target is one draw from the row instead of the row", "sample-target")
	sampleTargetColumn = mistake(inSample, "sample-target-column",
		"the target is the column of the last token, normalised", "sample-target")
	sampleBiased = mistake(inSample, "sample-biased",
		"one draw in a hundred is token 0 whatever its distribution", "sample-transitions", "sample-marginals")
	sampleOneChain = mistake(inSample, "sample-one-chain-a-batch",
		"one chain serves the whole batch", "sample-other-seed")
	sampleAlphaIgnored = mistake(inSample, "sample-alpha-ignored",
		"the Dirichlet prior has concentration 1 whatever alpha", "sample-dirichlet-moments")
	sampleAlphaDivided = mistake(inSample, "sample-alpha-divided",
		"the Dirichlet prior has concentration alpha/S", "sample-dirichlet-moments")
	sampleRowsAlike = mistake(inSample, "sample-rows-alike",
		"all rows of a chain are one draw", "sample-rows-independent")
	sampleFloorIgnored = mistake(inSample, "sample-floor-ignored",
		"the floor prior's lower bound is ignored", "sample-floor")
	sampleSeedIgnored = mistake(inSample, "sample-seed-ignored",
		"the seed is ignored: every batch is the same", "sample-other-seed")
	sampleReseeded = mistake(inSample, "sample-reseeded",
		"the generator is seeded anew for every sequence: all of a batch are the first", "sample-other-seed")
	sampleHiddenState = mistake(inSample, "sample-hidden-state",
		"the batch depends on a global generator's state beside the seed", "sample-same-seed")
	sampleParentsSwapped = mistake(inSample, "sample-parents-swapped",
		"the target's row is looked up with the parents in reverse order", "sample-dag-same-context", "sample-dag-other-context")
	sampleFirstParentOnly = mistake(inSample, "sample-first-parent-only",
		"only the first of several parents is used", "sample-dag-other-context")
	sampleRootsOneRow = mistake(inSample, "sample-dag-roots-one-row",
		"a sequence's positions without parents share one row of the prior instead of being uniform", "sample-dag-roots")
	sampleTensorRedrawn = mistake(inSample, "sample-tensor-redrawn",
		"a tensor's row is drawn anew at every use", "sample-dag-same-context")
)

// Sample implements props.Sampler: all sequences come from the stream keyed
// (seed, Law).
func (p *plain) Sample(t task.Spec, n int, seed uint64) (*task.Batch, error) {
	if n < 1 {
		return nil, fmt.Errorf("%d sequences, want at least 1", n)
	}
	switch p.makes {
	case sampleSeedIgnored:
		seed = 1
	case sampleHiddenState:
		seed += p.calls.Add(1)
	}
	b := task.NewBatch(n, t.Length, t.Tokens)
	if t.DAG == nil {
		b.WithChains()
	}
	p.draw(t, stream.Key{Seed: seed, Purpose: stream.Law}, b)
	return b, nil
}

// draw fills b from one stream.
func (p *plain) draw(t task.Spec, key stream.Key, b *task.Batch) {
	d := &drawer{makes: p.makes, t: t, u: stream.New(key), b: b}
	for n := range b.N {
		if p.makes == sampleReseeded {
			d.u = stream.New(key)
		}
		if t.DAG != nil {
			d.dag(n)
		} else {
			d.forest(n)
		}
	}
}

type drawer struct {
	makes *Mistake
	t     task.Spec
	u     *stream.Stream
	b     *task.Batch
	chain [][]float64
	mu    []float64
}

// row draws one row of the prior.
func (d *drawer) row() []float64 {
	row := make([]float64, d.t.Tokens)
	alpha := d.t.Alpha
	switch d.makes {
	case sampleAlphaIgnored:
		alpha = 1
	case sampleAlphaDivided:
		alpha /= float64(d.t.Tokens)
	}
	d.u.Dirichlet(alpha, row)
	if d.t.Gamma > 0 && d.makes != sampleFloorIgnored {
		for b := range row {
			row[b] = d.t.Gamma/float64(d.t.Tokens) + (1-d.t.Gamma)*row[b]
		}
	}
	return row
}

// pick draws an index by inversion.
func (d *drawer) pick(distribution []float64) uint16 {
	if d.makes == sampleBiased && d.u.Float64() < 0.01 {
		return 0
	}
	u := d.u.Float64()
	for v, p := range distribution[:len(distribution)-1] {
		if u < p {
			return uint16(v)
		}
		u -= p
	}
	return uint16(len(distribution) - 1)
}

func (d *drawer) newChain(n int) {
	if d.makes == sampleOneChain && n > 0 {
		return
	}
	d.chain = make([][]float64, d.t.Tokens)
	for a := range d.chain {
		switch {
		case d.t.Chain != nil:
			d.chain[a] = slices.Clone(d.t.Chain[a])
		case d.makes == sampleRowsAlike && a > 0:
			d.chain[a] = d.chain[0]
		default:
			d.chain[a] = d.row()
		}
	}
	switch d.makes {
	case sampleRootsUniform:
		d.mu = normalised(ones(d.t.Tokens))
	case sampleRootsUnconverged:
		d.mu = step(normalised(ones(d.t.Tokens)), d.chain)
	default:
		d.mu = stationary(d.chain)
	}
}

// column is what follows a, or leads to it, in the columns of pi.
func (d *drawer) column(a uint16) []float64 {
	column := make([]float64, d.t.Tokens)
	for b := range column {
		column[b] = d.chain[b][a]
	}
	return normalised(column)
}

func (d *drawer) forest(n int) {
	d.newChain(n)
	tokens := d.b.Sequence(n)
	for i := range d.t.Length - 1 {
		p := d.t.Parents[i]
		switch {
		case d.makes == sampleParentShifted && p > 0:
			p--
		case d.makes == sampleRootsWrapped && p == graph.Root:
			p = i - 1 // the first position stays a root
		}
		switch {
		case p == graph.Root:
			tokens[i] = d.pick(d.mu)
		case d.makes == sampleChainTransposed:
			tokens[i] = d.pick(d.column(tokens[p]))
		default:
			tokens[i] = d.pick(d.chain[tokens[p]])
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
	switch d.makes {
	case sampleLastFromChain:
		tokens[end] = d.pick(d.chain[tokens[end-1]])
	case sampleLastNeverTop:
		tokens[end] = uint16(d.u.IntN(max(d.t.Tokens-1, 1)))
	default:
		tokens[end] = uint16(d.u.IntN(d.t.Tokens))
	}
	if d.makes == sampleTargetColumn {
		copy(d.b.Target(n), d.column(tokens[end]))
		return
	}
	d.target(n, d.chain[tokens[end]])
}

func (d *drawer) target(n int, row []float64) {
	y := d.b.Target(n)
	if d.makes == sampleTargetDrawn {
		y[d.pick(row)] = 1
		return
	}
	copy(y, row)
}

// dag draws one sequence of the several-parents task; a tensor's rows are
// drawn when first used.
func (d *drawer) dag(n int) {
	tokens := d.b.Sequence(n)
	type place struct{ arity, row int }
	tensors := map[place][]float64{} // only looked up
	row := func(i int) []float64 {
		parents := d.t.DAG[i]
		switch {
		case d.makes == sampleFirstParentOnly:
			parents = parents[:1]
		case d.makes == sampleParentsSwapped && i == d.t.Length:
			parents = slices.Clone(parents)
			slices.Reverse(parents)
		}
		at := 0
		for _, p := range parents {
			at = at*d.t.Tokens + int(tokens[p])
		}
		key := place{len(parents), at}
		if tensors[key] == nil || d.makes == sampleTensorRedrawn {
			tensors[key] = d.row()
		}
		return tensors[key]
	}
	for i := range d.t.Length {
		if len(d.t.DAG[i]) > 0 || d.makes == sampleRootsOneRow {
			tokens[i] = d.pick(row(i))
		} else {
			tokens[i] = uint16(d.u.IntN(d.t.Tokens))
		}
	}
	d.target(n, row(d.t.Length))
}
