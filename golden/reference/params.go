package reference

import (
	"fmt"

	"causalgrad/impl/model"
)

// The file's names of the two models.
const (
	CatFormer   = "CatFormer"   // the disentangled transformer
	Transformer = "Transformer" // the transformer with an MLP
)

// Array is one named parameter matrix, row-major; a bias is one row. Names are
// those of the models' layouts: "A0.0" (layer, head) and "W" of the
// disentangled transformer; "wte", "wpe", "A0", "V0", "mlp0.W0", "mlp0.b0" ...
// and "W" of the transformer.
type Array struct {
	Name       string
	Rows, Cols int
	Values     []float64
}

// Params is one point of parameters (or a gradient), in the file's order.
type Params []Array

// Vector lays the arrays out as a model's flat parameter vector. It is an error
// when an array is missing, left over or of another size.
func (p Params) Vector(layout model.Layout) ([]float64, error) {
	if len(p) != len(layout) {
		return nil, fmt.Errorf("parameters: the file has %d arrays, the model %d", len(p), len(layout))
	}
	flat := make([]float64, layout.Size())
	for _, array := range p {
		block, err := layout.Block(array.Name)
		if err != nil {
			return nil, fmt.Errorf("parameters: %w", err)
		}
		if block.Size() != len(array.Values) {
			return nil, fmt.Errorf("parameters: %s has %d numbers in the file and %d in the model", array.Name, len(array.Values), block.Size())
		}
		copy(block.Of(flat), array.Values)
	}
	return flat, nil
}

// Architecture is what fixes the shapes of a point of parameters.
type Architecture struct {
	Model          string // CatFormer or Transformer
	Tokens, Length int    // S and T
	Heads          []int  // heads of each layer
}

// architecture reads the fields model, vocab_size, seq_len and heads.
func (n node) architecture() Architecture {
	tokens, length := n.sizes()
	a := Architecture{n.field("model").oneOf(CatFormer, Transformer), tokens, length, n.heads()}
	n.checkHeads(a)
	return a
}

// checkHeads: the official Transformer has one head a layer.
func (n node) checkHeads(a Architecture) {
	for i, m := range a.Heads {
		if a.Model == Transformer && m != 1 {
			n.field("heads").at(i).fail("1 in a %s", Transformer)
		}
	}
}

// params reads a point of parameters of that architecture.
func (n node) params(a Architecture) Params {
	if n.err != nil {
		return nil
	}
	if a.Model == Transformer {
		return n.transformerParams(a)
	}
	n.object("A", "W")
	var p Params
	width := a.Tokens + a.Length
	for l, layer := range n.field("A").list(len(a.Heads)) {
		for h, head := range layer.list(a.Heads[l]) {
			p = append(p, head.array(fmt.Sprintf("A%d.%d", l, h), width, width))
		}
		width *= 1 + a.Heads[l]
	}
	return append(p, n.field("W").array("W", width, a.Tokens))
}

func (n node) transformerParams(a Architecture) Params {
	n.object("wte", "wpe", "A", "V", "mlps", "W")
	d, layers := a.Tokens+a.Length, len(a.Heads)
	p := Params{n.field("wte").array("wte", a.Tokens, d), n.field("wpe").array("wpe", a.Length, d)}
	for l, layer := range n.field("A").list(layers) {
		for _, head := range layer.list(1) {
			p = append(p, head.array(fmt.Sprintf("A%d", l), d, d))
		}
	}
	for l, value := range n.field("V").list(layers) {
		p = append(p, value.array(fmt.Sprintf("V%d", l), d, d))
	}
	for l, mlp := range n.field("mlps").list(layers) {
		for k, linear := range mlp.list(2) {
			linear.object("W", "b")
			p = append(p, linear.field("W").array(fmt.Sprintf("mlp%d.W%d", l, k), d, d),
				Array{fmt.Sprintf("mlp%d.b%d", l, k), 1, d, linear.field("b").vector(d)})
		}
	}
	return append(p, n.field("W").array("W", d, a.Tokens))
}

func (n node) array(name string, rows, cols int) Array {
	return Array{name, rows, cols, n.flat(rows, cols)}
}
