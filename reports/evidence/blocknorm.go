package evidence

import (
	"fmt"
	"math"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/impl/model"

	gonum "gonum.org/v1/gonum/stat"
)

// BlockNorm is the Frobenius norm of one token or position block of the
// disentangled transformer's weights.
type BlockNorm struct {
	Name string  `json:"name"` // as in "A2[a1 token, x token]"
	Norm float64 `json:"norm"`
	// Signal is by how much the loss (nats) rises when the block alone is set to 0;
	// 0 where nobody measured it.
	Signal float64 `json:"signal"`
	// Squares is, of a mean over runs, the sum of the runs' squared deviations from Signal.
	Squares float64 `json:"signal_squares,omitempty"`
}

// block is a rectangle of the flat weights.
type block struct {
	name          string
	start, stride int // of its first entry, and from row to row
	rows, columns int
}

// each calls visit with every row of the block.
func (b block) each(params []float64, visit func(row []float64)) {
	for i := range b.rows {
		at := b.start + i*b.stride
		visit(params[at : at+b.columns])
	}
}

// norm is the block's Frobenius norm.
func (b block) norm(params []float64) float64 {
	sum := 0.0
	b.each(params, func(row []float64) {
		for _, v := range row {
			sum += float64(v * v)
		}
	})
	return math.Sqrt(sum)
}

// blocks cuts the weights of a disentangled transformer along its features.
// Features of layer l are [x token, x position], then for each head what it
// appended: the same features, read at the attended position. Scores are query by
// key; the read-out W has features by tokens. Layers count from 1.
func blocks(m *model.Disentangled) []block {
	features := []string{"x"}
	var all []block
	at, offset := 0, 0
	for layer, heads := range m.Heads() {
		var appended []string
		for h := range heads {
			name := fmt.Sprintf("A%d", layer+1)
			if heads > 1 {
				name += fmt.Sprintf(".%d", h+1)
			}
			all = append(all, squareBlocks(m, name, features, offset)...)
			appended = append(appended, prefixed("a"+strings.TrimPrefix(name, "A"), features)...)
			offset += m.Layout()[at].Size()
			at++
		}
		features = append(features, appended...)
	}
	for _, r := range parts(m, features) {
		s := m.Tokens()
		all = append(all, block{fmt.Sprintf("W[%s]", r.name), offset + r.from*s, s, r.to - r.from, s})
	}
	return all
}

func squareBlocks(m *model.Disentangled, name string, features []string, offset int) []block {
	var all []block
	cuts := parts(m, features)
	d := len(features) * (m.Tokens() + m.SequenceLength())
	for _, r := range cuts {
		for _, c := range cuts {
			all = append(all, block{fmt.Sprintf("%s[%s, %s]", name, r.name, c.name), offset + r.from*d + c.from, d, r.to - r.from, c.to - c.from})
		}
	}
	return all
}

// BlockNorms are the norms of all blocks of the trained weights.
func BlockNorms(m *model.Disentangled, params []float64) ([]BlockNorm, error) {
	if len(params) != m.Layout().Size() {
		return nil, fmt.Errorf("weights: %d numbers, want %d", len(params), m.Layout().Size())
	}
	var norms []BlockNorm
	for _, b := range blocks(m) {
		norms = append(norms, BlockNorm{Name: b.name, Norm: b.norm(params)})
	}
	return norms, nil
}

// signals fills in the signals of a run's blocks.
func (p *probe) signals(norms []BlockNorm) {
	whole := p.loss(p.params)
	for i, b := range blocks(p.model) {
		without := append([]float64(nil), p.params...)
		b.each(without, func(row []float64) { clear(row) })
		norms[i].Signal = p.loss(without) - whole
	}
}

// prefixed names what a head appends: its output of every feature; of x alone
// that is called by the head's name.
func prefixed(head string, features []string) []string {
	var names []string
	for _, f := range features {
		if f == "x" {
			names = append(names, head)
		} else {
			names = append(names, head+" of "+f)
		}
	}
	return names
}

// part is a range of features with its name.
type part struct {
	name     string
	from, to int
}

func parts(m *model.Disentangled, features []string) []part {
	var all []part
	width := m.Tokens() + m.SequenceLength()
	for i, f := range features {
		start := i * width
		all = append(all, part{f + " token", start, start + m.Tokens()}, part{f + " position", start + m.Tokens(), start + width})
	}
	return all
}

// meanNorms is the mean over some of a forest's runs of their blocks' norms and
// signals.
func meanNorms(records []experiment.Record, members []int, weights WeightsOf) ([]BlockNorm, error) {
	var mean []BlockNorm
	var signals [][]float64 // of each block, one a run
	for _, n := range members {
		m, params, err := trained(records[n], weights)
		if err != nil {
			return nil, err
		}
		norms, err := BlockNorms(m, params)
		if err != nil {
			return nil, err
		}
		p, err := newProbe(m, params, records[n].Spec)
		if err != nil {
			return nil, err
		}
		p.signals(norms)
		if mean == nil {
			mean, signals = make([]BlockNorm, len(norms)), make([][]float64, len(norms))
		}
		for i, b := range norms {
			mean[i].Name = b.Name
			mean[i].Norm += b.Norm / float64(len(members))
			signals[i] = append(signals[i], b.Signal)
		}
	}
	for i, s := range signals {
		mean[i].Signal = gonum.Mean(s, nil)
		for _, v := range s {
			mean[i].Squares += float64((v - mean[i].Signal) * (v - mean[i].Signal))
		}
	}
	return mean, nil
}

// trained is a record's model with its trained weights.
func trained(r experiment.Record, weights WeightsOf) (*model.Disentangled, []float64, error) {
	params, err := weights(r)
	if err != nil {
		return nil, nil, err
	}
	m, err := r.Spec.NewModel()
	if err != nil {
		return nil, nil, err
	}
	d, ok := m.(*model.Disentangled)
	if !ok {
		return nil, nil, fmt.Errorf("record %q: model %q has no blocks to compare, want disentangled", r.Spec.ID, m.Name())
	}
	return d, params, nil
}
