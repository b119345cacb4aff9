package model

import (
	"fmt"

	"causalgrad/theory/suggest"
)

// The kinds of models.
const (
	KindDisentangled = "disentangled"
	KindReduced      = "reduced"
	KindTransformer  = "transformer"
)

// Kinds lists them.
func Kinds() []string { return []string{KindDisentangled, KindReduced, KindTransformer} }

// Spec describes a model: Kind is KindDisentangled (Heads), KindReduced (Eps)
// or KindTransformer (Layers), as theory/README.md, section 2 writes them. Parameters
// and gradients are one vector, the blocks in this order, each row-major; with
// d = S + T,
//
//	reduced       A1 (T x T), A2 (S x S)
//	disentangled  A{l}.{h} (n_l x n_l) for head h of layer l, W (n_L x S), where
//	              n_0 = d and each head of a layer adds n_l, what it averages
//	transformer   wte (S x d), wpe (T x d); for layer l A{l}, V{l}, mlp{l}.W0
//	              (d x d), mlp{l}.b0 (d), mlp{l}.W1 (d x d), mlp{l}.b1 (d); W (d x S)
//
// A[i][k] scores query i against key k; scores above the diagonal are unused.
type Spec struct {
	Kind   string  `json:"kind"`
	Tokens int     `json:"tokens"`
	Length int     `json:"length"`
	Heads  []int   `json:"heads,omitempty"`
	Eps    float64 `json:"eps,omitempty"`
	Layers int     `json:"layers,omitempty"`
}

// Model builds the model that the specification describes.
func (s Spec) Model() (Model, error) {
	switch s.Kind {
	case KindDisentangled:
		return NewDisentangled(s.Tokens, s.Length, s.Heads)
	case KindReduced:
		return NewReduced(s.Tokens, s.Length, s.Eps)
	case KindTransformer:
		return NewTransformer(s.Tokens, s.Length, s.Layers)
	}
	return nil, fmt.Errorf("model %q, want disentangled, reduced or transformer%s", s.Kind, suggest.Meant(s.Kind, Kinds()...))
}

// FirstHeads is the number of heads of the first layer.
func (s Spec) FirstHeads() int {
	if len(s.Heads) > 0 {
		return s.Heads[0]
	}
	return 1
}
