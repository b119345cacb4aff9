package plain

import (
	"fmt"
	"math"

	"causalgrad/impl/task"
	"causalgrad/props"
)

// The slips of a batch's bookkeeping, whatever the model.
const (
	LossSummed          Slip = "loss-summed"
	LossInBits          Slip = "loss-in-bits"
	GradientSummed      Slip = "gradient-summed"
	GradientNegated     Slip = "gradient-negated"
	ShardCountedTwice   Slip = "shard-counted-twice"
	LastSequenceLost    Slip = "last-sequence-lost"
	LossOfFirst         Slip = "loss-of-first"
	PredictionsStale    Slip = "predictions-stale"
	PredictionsFloat32  Slip = "predictions-float32"
	GradientFloat32     Slip = "gradient-float32"
	ParametersFloat32   Slip = "parameters-float32"
	GradientClipped     Slip = "gradient-clipped"
	GradientNotAveraged Slip = "gradient-of-last"
)

// network is a model bound to its parameters.
type network interface {
	// sequence returns one sequence's loss and prediction and adds its gradient.
	sequence(tokens []uint16, y, gradient []float64) (loss float64, f []float64)
	// attention is the first layer's weights, heads x T x T.
	attention(tokens []uint16) []float64
	// size is the number of parameters.
	size() int
}

func (s *Subject) network(m props.ModelSpec, params []float64) (network, error) {
	if s.Slip == ParametersFloat32 {
		params = append([]float64(nil), params...)
		single(params)
	}
	var n network
	switch m.Kind {
	case "disentangled":
		n = newDisentangled(m, params, s.Slip)
	case "reduced":
		n = newReduced(m, params, s.Slip)
	default:
		return nil, fmt.Errorf("plain: model %q, want disentangled or reduced", m.Kind)
	}
	if n.size() != len(params) {
		return nil, fmt.Errorf("plain: %d parameters, want %d", len(params), n.size())
	}
	return n, nil
}

// Evaluate implements props.Evaluator.
func (s *Subject) Evaluate(m props.ModelSpec, params []float64, b *task.Batch) (props.Evaluation, error) {
	net, err := s.network(m, params)
	if err != nil {
		return props.Evaluation{}, err
	}
	e := props.Evaluation{Gradient: make([]float64, net.size()), Predictions: make([]float64, b.N*b.S)}
	for n := range b.N {
		if s.Slip == GradientNotAveraged {
			clear(e.Gradient)
		}
		loss, f := net.sequence(b.Sequence(n), b.Target(n), e.Gradient)
		if s.Slip == ShardCountedTwice && n < (b.N+1)/2 {
			again, _ := net.sequence(b.Sequence(n), b.Target(n), e.Gradient)
			loss += again
		}
		if s.Slip == LastSequenceLost && n == b.N-1 && n > 0 {
			loss = 0
		}
		if s.Slip == LossOfFirst && n > 0 {
			loss = e.Loss / float64(n)
		}
		e.Loss += loss
		at := n
		if s.Slip == PredictionsStale && n > 0 {
			at = n - 1
		}
		copy(e.Predictions[at*b.S:], f)
	}
	s.finish(&e, float64(b.N))
	return e, nil
}

// finish turns sums over n sequences into means.
func (s *Subject) finish(e *props.Evaluation, n float64) {
	scale := 1 / n
	switch s.Slip {
	case GradientSummed, GradientNotAveraged:
		scale = 1
	case GradientNegated:
		scale = -scale
	}
	for i := range e.Gradient {
		e.Gradient[i] *= scale
		if s.Slip == GradientClipped {
			e.Gradient[i] = math.Max(-0.05, math.Min(0.05, e.Gradient[i]))
		}
	}
	switch s.Slip {
	case LossSummed:
	case LossInBits:
		e.Loss /= n * math.Ln2
	default:
		e.Loss /= n
	}
	switch s.Slip {
	case PredictionsFloat32:
		single(e.Predictions)
	case GradientFloat32:
		single(e.Gradient)
	}
}

// Attention implements props.Attender.
func (s *Subject) Attention(m props.ModelSpec, params []float64, b *task.Batch) ([]float64, error) {
	net, err := s.network(m, params)
	if err != nil {
		return nil, err
	}
	var weights []float64
	for n := range b.N {
		weights = append(weights, net.attention(b.Sequence(n))...)
	}
	return weights, nil
}
