package fault

import (
	"fmt"
	"math"
	"slices"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/props"
)

// The mistakes of a batch's bookkeeping, whatever the model.
var (
	lossSummed = mistake(inModel, "loss-summed",
		"the loss is the sum over the batch instead of the mean", "loss-cross-entropy")
	lossInBits = mistake(inModel, "loss-in-bits",
		"the loss is in bits instead of nats", "loss-cross-entropy")
	gradientSummed = mistake(inModel, "gradient-summed",
		"the gradient is the sum over the batch instead of the mean", "gradient-exact-disentangled")
	gradientNegated = mistake(inModel, "gradient-negated",
		"the descent direction is returned as the gradient", "gradient-exact-disentangled")
	gradientClipped = mistake(inEvaluate, "gradient-clipped",
		"gradient entries are clipped at 0.05", "gradient-exact-disentangled")
	lastSequenceLost = mistake(inEvaluate, "last-sequence-lost",
		"the loop over the batch stops one early: the last sequence's loss is lost", "loss-cross-entropy")
	parametersFloat32 = mistake(inModel, "parameters-float32",
		"parameters are rounded to single precision before use", "evaluation-exact-disentangled")
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

func (p *plain) network(m model.Spec, params []float64) (network, error) {
	if p.makes == parametersFloat32 {
		params = slices.Clone(params)
		single(params)
	}
	var n network
	switch m.Kind {
	case "disentangled":
		n = newDisentangled(m, params, p.makes)
	case "reduced":
		n = newReduced(m, params, p.makes)
	default:
		return nil, errBeyond
	}
	if n.size() != len(params) {
		return nil, fmt.Errorf("%d parameters, want %d", len(params), n.size())
	}
	return n, nil
}

func (p *plain) Evaluate(m model.Spec, params []float64, b *task.Batch) (props.Evaluation, error) {
	net, err := p.network(m, params)
	if err != nil {
		return props.Evaluation{}, err
	}
	e := props.Evaluation{Gradient: make([]float64, net.size()), Predictions: make([]float64, b.N*b.S)}
	for n := range b.N {
		loss, f := net.sequence(b.Sequence(n), b.Target(n), e.Gradient)
		if p.makes == lastSequenceLost && n == b.N-1 && n > 0 {
			loss = 0
		}
		e.Loss += loss
		copy(e.Predictions[n*b.S:], f)
	}
	p.finish(&e, float64(b.N))
	return e, nil
}

// finish turns sums over n sequences into means.
func (p *plain) finish(e *props.Evaluation, n float64) {
	scale := 1 / n
	switch p.makes {
	case gradientSummed:
		scale = 1
	case gradientNegated:
		scale = -scale
	}
	for i := range e.Gradient {
		e.Gradient[i] *= scale
		if p.makes == gradientClipped {
			e.Gradient[i] = math.Max(-0.05, math.Min(0.05, e.Gradient[i]))
		}
	}
	switch p.makes {
	case lossSummed:
	case lossInBits:
		e.Loss /= n * math.Ln2
	default:
		e.Loss /= n
	}
}

func (p *plain) Attention(m model.Spec, params []float64, b *task.Batch) ([]float64, error) {
	net, err := p.network(m, params)
	if err != nil {
		return nil, err
	}
	var weights []float64
	for n := range b.N {
		weights = append(weights, net.attention(b.Sequence(n))...)
	}
	return weights, nil
}
