package model

import (
	"fmt"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Disentangled is the attention-only disentangled transformer (the official
// CatFormer) in structured form.
//
// Input features are one-hot: x_i = [token; position], d_0 = S + T. A layer
// appends each head's output, so after some layers x_i is a concatenation of
// feature blocks, and block b of x_i is P^b_i [one-hot tokens | identity]: a
// row of attention weights over positions, seen once through the tokens and
// once through the positions. Block 0 is the input itself, P^0 = I; the block
// that head a makes from block b is a P^b. So the model only ever handles
// T x T triangles and score look-ups u_l = q[token of l] + q[position l]; no
// feature vector is materialised and nothing d x d is formed per sequence.
//
// The first layer's scores are sums of four entries of A, tabulated per pass
// as products of exponentials. The last layer evaluates the last query alone.
//
// Two layers take a faster path (twoLayer), any other number the general one
// (disentangledPass).
type Disentangled struct {
	tokens, length int
	heads          []int
	layout         Layout
	inputs         []int // inputs[l] is the number of feature blocks that enter layer l; inputs[L] enter the read-out
}

// Bounds of the model's shape: beyond them a parameter matrix no longer fits.
const (
	maxLayers     = 6
	maxParameters = 1 << 26
)

// NewDisentangled returns the model with heads[l] heads in layer l. Its blocks
// are "A{layer}.{head}" (d_l x d_l) and then "W" (d_L x S).
func NewDisentangled(tokens, length int, heads []int) (*Disentangled, error) {
	if err := checkShape(tokens, length); err != nil {
		return nil, err
	}
	layout, inputs, err := disentangledLayout(tokens, length, heads)
	if err != nil {
		return nil, err
	}
	return &Disentangled{tokens, length, append([]int(nil), heads...), layout, inputs}, nil
}

func checkShape(tokens, length int) error {
	if tokens < markov.MinTokens || tokens > markov.MaxTokens {
		return fmt.Errorf("tokens = %d, want %d to %d", tokens, markov.MinTokens, markov.MaxTokens)
	}
	if length < graph.MinSequenceLength || length > graph.MaxSequenceLength {
		return fmt.Errorf("length = %d, want %d to %d", length, graph.MinSequenceLength, graph.MaxSequenceLength)
	}
	return nil
}

// disentangledLayout lists the blocks and the number of feature blocks that
// enter each layer.
func disentangledLayout(tokens, length int, heads []int) (Layout, []int, error) {
	if len(heads) < 1 || len(heads) > maxLayers {
		return nil, nil, fmt.Errorf("heads = %v: %d layers, want 1 to %d", heads, len(heads), maxLayers)
	}
	var layout Layout
	inputs := []int{1}
	width := tokens + length
	for l, m := range heads {
		if m < 1 || m > 64 {
			return nil, nil, fmt.Errorf("heads[%d] = %d, want 1 to 64", l, m)
		}
		d := inputs[l] * width
		if d*d*m > maxParameters {
			return nil, nil, fmt.Errorf("heads = %v: layer %d needs %d parameters, want at most %d", heads, l, d*d*m, maxParameters)
		}
		for h := range m {
			layout = layout.add(fmt.Sprintf("A%d.%d", l, h), d, d)
		}
		inputs = append(inputs, inputs[l]*(1+m))
	}
	return layout.add("W", inputs[len(heads)]*width, tokens), inputs, nil
}

// Name implements Model.
func (m *Disentangled) Name() string { return "disentangled" }

// Tokens implements Model.
func (m *Disentangled) Tokens() int { return m.tokens }

// SequenceLength implements Model.
func (m *Disentangled) SequenceLength() int { return m.length }

// Heads lists the number of heads of each layer; it must not be changed.
func (m *Disentangled) Heads() []int { return m.heads }

// Layout implements Model.
func (m *Disentangled) Layout() Layout { return m.layout }

// NewPass implements Model.
func (m *Disentangled) NewPass() Pass {
	if len(m.heads) == 2 {
		return newTwoPass(m)
	}
	return m.newAnyPass()
}

// newAnyPass is the pass for any number of layers.
func (m *Disentangled) newAnyPass() *disentangledPass {
	s, t := m.tokens, m.length
	p := &disentangledPass{model: m, attention: make([][][]float64, len(m.heads))}
	for range m.heads[0] {
		p.first = append(p.first, firstTable{position: make([]float64, t*s*t), token: make([]float64, t*s*s)})
	}
	return p
}

// firstQuery is the first position that layer l must evaluate: the last layer
// is read at the last position only.
func (m *Disentangled) firstQuery(layer int) int {
	if layer == len(m.heads)-1 {
		return m.length - 1
	}
	return 0
}

// PositionScores writes the position-position block of a head of the first
// layer to dst, T x T.
func (m *Disentangled) PositionScores(params []float64, head int, dst []float64) {
	a, d := m.layout[head].Of(params), m.tokens+m.length
	for i := range m.length {
		copy(dst[i*m.length:(i+1)*m.length], a[(m.tokens+i)*d+m.tokens:])
	}
}
