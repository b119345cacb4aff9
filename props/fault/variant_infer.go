package fault

import (
	"causalgrad/props/theorylaws"
	"causalgrad/theory/infer"
)

var _ theorylaws.Inferrer = (*variant)(nil)

// inferrer is the subject's, or what the fault makes of it. A fault embeds the
// subject's and replaces one operation.
func (v *variant) inferrer() (theorylaws.Inferrer, error) {
	own, err := capable[theorylaws.Inferrer](v)
	if err != nil || v.infer == nil {
		return own, err
	}
	return v.infer(own), nil
}

// ReadSequences implements theorylaws.Inferrer.
func (v *variant) ReadSequences(csv string, tokens int, header bool) (infer.Sequences, error) {
	i, err := v.inferrer()
	if err != nil {
		return infer.Sequences{}, err
	}
	return i.ReadSequences(csv, tokens, header)
}

// InferFirstStep implements theorylaws.Inferrer.
func (v *variant) InferFirstStep(s infer.Sequences, weight infer.Weight, eps float64) (infer.FirstStepEstimate, error) {
	i, err := v.inferrer()
	if err != nil {
		return infer.FirstStepEstimate{}, err
	}
	return i.InferFirstStep(s, weight, eps)
}

// InferShared implements theorylaws.Inferrer.
func (v *variant) InferShared(s infer.Sequences) (infer.SharedEstimate, error) {
	i, err := v.inferrer()
	if err != nil {
		return infer.SharedEstimate{}, err
	}
	return i.InferShared(s)
}

// InferTree implements theorylaws.Inferrer.
func (v *variant) InferTree(s infer.Sequences, columns int) (infer.ChowLiuTree, error) {
	i, err := v.inferrer()
	if err != nil {
		return infer.ChowLiuTree{}, err
	}
	return i.InferTree(s, columns)
}

// MarginInterval implements theorylaws.Inferrer.
func (v *variant) MarginInterval(r infer.Row, n int, confidence float64) (low, high float64, err error) {
	i, err := v.inferrer()
	if err != nil {
		return 0, 0, err
	}
	return i.MarginInterval(r, n, confidence)
}

// Select implements theorylaws.Inferrer.
func (v *variant) Select(p []float64, rate float64) ([]bool, error) {
	i, err := v.inferrer()
	if err != nil {
		return nil, err
	}
	return i.Select(p, rate)
}
