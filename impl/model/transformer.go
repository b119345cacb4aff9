package model

import (
	"fmt"
)

// Transformer is the official transformer with learned embeddings, a value
// matrix, a residual stream and an MLP (theory/README.md, section 2). Its width is
// d = S + T everywhere; each layer has one head.
//
//	x_i = wte[token of i] + wpe[i]
//	layer l: x_i += MLP_l((sum_{j<=i} a_ij x_j) V), a_i = softmax_j x_i^T A x_j
//	MLP(z) = relu(z W0 + sqrt(d) b0) W1 + sqrt(d) b1
//	f = softmax(x_T W)
//
// The official linear map multiplies its matrix by sqrt(outputs / inputs),
// which is 1 here. Three facts make it cheap. V and W0 follow each other with
// nothing between, so only their product M is applied. The first layer's input
// is a row of E = [wte; wpe] by token plus one by position, so its scores are
// look-ups in E A E^T and its values are look-ups in E M. The last layer is
// read at the last position, so it evaluates that query alone. The gradients
// of the three tables are summed over a batch and taken back to E, A, V and W0
// once.
type Transformer struct {
	tokens, length, layers int
	layout                 Layout
}

// NewTransformer returns the model with that many layers (1 to 6). Its blocks
// are "wte" (S x d), "wpe" (T x d); for each layer l "A{l}", "V{l}",
// "mlp{l}.W0" (d x d), "mlp{l}.b0" (1 x d), "mlp{l}.W1" (d x d), "mlp{l}.b1"
// (1 x d); and "W" (d x S).
func NewTransformer(tokens, length, layers int) (*Transformer, error) {
	if err := checkShape(tokens, length); err != nil {
		return nil, err
	}
	if layers < 1 || layers > maxLayers {
		return nil, fmt.Errorf("layers = %d, want 1 to %d", layers, maxLayers)
	}
	d := tokens + length
	layout := Layout{}.add("wte", tokens, d).add("wpe", length, d)
	for l := range layers {
		layout = layout.add(fmt.Sprintf("A%d", l), d, d).add(fmt.Sprintf("V%d", l), d, d)
		for k := range 2 {
			layout = layout.add(fmt.Sprintf("mlp%d.W%d", l, k), d, d).add(fmt.Sprintf("mlp%d.b%d", l, k), 1, d)
		}
	}
	layout = layout.add("W", d, tokens)
	if size := layout.Size(); size > maxParameters {
		return nil, fmt.Errorf("tokens = %d, length = %d, layers = %d: %d parameters, want at most %d", tokens, length, layers, size, maxParameters)
	}
	return &Transformer{tokens, length, layers, layout}, nil
}

// Name implements Model.
func (m *Transformer) Name() string { return "transformer" }

// Tokens implements Model.
func (m *Transformer) Tokens() int { return m.tokens }

// SequenceLength implements Model.
func (m *Transformer) SequenceLength() int { return m.length }

// Layers is the number of layers.
func (m *Transformer) Layers() int { return m.layers }

// Layout implements Model.
func (m *Transformer) Layout() Layout { return m.layout }

// width is d = S + T, also the number of rows of E.
func (m *Transformer) width() int { return m.tokens + m.length }

// firstQuery is the first position that layer l must evaluate.
func (m *Transformer) firstQuery(layer int) int {
	if layer == m.layers-1 {
		return m.length - 1
	}
	return 0
}

// transformerBlocks are the parts of a flat vector, parameters or gradient.
type transformerBlocks struct {
	embedding []float64 // E = [wte; wpe], d x d
	layers    []transformerLayer
	readout   []float64 // d x S
}

type transformerLayer struct{ a, v, w0, b0, w1, b1 []float64 }

// view points b at the parts of flat; it reuses b's memory.
func (b *transformerBlocks) view(m *Transformer, flat []float64) {
	wpe := m.layout[1]
	b.embedding = flat[:wpe.Offset+wpe.Size()]
	b.layers = b.layers[:0]
	for at := 2; at+1 < len(m.layout); at += 6 {
		part := m.layout[at : at+6]
		b.layers = append(b.layers, transformerLayer{
			a: part[0].Of(flat), v: part[1].Of(flat),
			w0: part[2].Of(flat), b0: part[3].Of(flat), w1: part[4].Of(flat), b1: part[5].Of(flat),
		})
	}
	b.readout = m.layout[len(m.layout)-1].Of(flat)
}
