package model

import "fmt"

// Reduced is the model of the theory (theory/README.md, section 2): a position-position
// matrix A1 for the first layer, a token-token matrix A2 for the second, and
// the attention-weighted token frequencies as the prediction. f is already a
// probability vector; the loss is -sum_s y_s log(f_s + eps).
//
// The first layer's weights depend on the parameters alone, so they are
// computed once a pass: over a block of sequences the second layer's scores, the
// derivative of its keys and the gradient of A1 are three triangular products.
type Reduced struct {
	tokens, length int
	eps            float64
	layout         Layout
}

// NewReduced returns the model with blocks "A1" (T x T, entries above the
// diagonal unused) and "A2" (S x S). eps must be finite and at least 0.
func NewReduced(tokens, length int, eps float64) (*Reduced, error) {
	layout, err := reducedLayout(tokens, length, eps)
	if err != nil {
		return nil, err
	}
	return &Reduced{tokens, length, eps, layout}, nil
}

func reducedLayout(tokens, length int, eps float64) (Layout, error) {
	if err := checkShape(tokens, length); err != nil {
		return nil, err
	}
	if !(eps >= 0 && eps < 1) {
		return nil, fmt.Errorf("eps = %v, want a number from 0 to below 1", eps)
	}
	return Layout{}.add("A1", length, length).add("A2", tokens, tokens), nil
}

// Name implements Model.
func (m *Reduced) Name() string { return "reduced" }

// Tokens implements Model.
func (m *Reduced) Tokens() int { return m.tokens }

// SequenceLength implements Model.
func (m *Reduced) SequenceLength() int { return m.length }

// Layout implements Model.
func (m *Reduced) Layout() Layout { return m.layout }

// PositionScores writes A1 to dst, T x T; there is one head.
func (m *Reduced) PositionScores(params []float64, _ int, dst []float64) {
	copy(dst, m.layout[0].Of(params))
}
