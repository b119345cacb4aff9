package plain

import (
	"fmt"
	"math"

	"causalgrad/props"
)

// The slips of the optimisers.
const (
	CosineShifted         Slip = "cosine-off-by-one"
	CosineTooShort        Slip = "cosine-ends-one-step-early"
	CosineToFloor         Slip = "cosine-to-floor"
	CosineIgnored         Slip = "cosine-ignored"
	CosineQuarter         Slip = "cosine-quarter-period"
	DecayCoupled          Slip = "decay-coupled"
	DecayUnscaled         Slip = "decay-not-scaled-by-rate"
	DecayIgnored          Slip = "decay-ignored"
	DecayOfSGDIgnored     Slip = "decay-of-sgd-ignored"
	DecayAfterStep        Slip = "decay-after-step"
	BiasUncorrected       Slip = "bias-correction-missing"
	BiasOfSecondForgotten Slip = "bias-correction-of-second-missing"
	BiasOffByOne          Slip = "bias-correction-off-by-one"
	EpsilonInsideRoot     Slip = "epsilon-inside-root"
	EpsilonBeforeBias     Slip = "epsilon-before-bias-correction"
	SecondBetaWrong       Slip = "second-beta-0.99"
	SecondNotSquared      Slip = "second-moment-not-squared"
	MomentsSwapped        Slip = "moment-weights-swapped"
	Ascent                Slip = "ascent"
	MomentsLeak           Slip = "moments-leak"
	StepFloat32Optimizer  Slip = "optimizer-float32"
	FirstStepSkipped      Slip = "first-update-skipped"
)

// optimizer holds AdamW's moments and the step count.
type optimizer struct {
	slip          Slip
	spec          props.OptimizerSpec
	first, second []float64
	steps         int
}

func newOptimizer(o props.OptimizerSpec, size int, slip Slip) *optimizer {
	return &optimizer{slip: slip, spec: o, first: make([]float64, size), second: make([]float64, size)}
}

// rate is the learning rate of the step after n others.
func (o *optimizer) rate(n int) float64 {
	if o.spec.Schedule != "cosine" || o.slip == CosineIgnored {
		return o.spec.LR
	}
	steps := o.spec.Steps
	switch o.slip {
	case CosineShifted:
		n++
	case CosineTooShort:
		steps = max(steps-1, 1)
	}
	if n >= steps {
		return 0
	}
	angle := math.Pi * float64(n) / float64(steps)
	if o.slip == CosineQuarter {
		return o.spec.LR * math.Cos(angle/2)
	}
	rate := o.spec.LR * (1 + math.Cos(angle)) / 2
	if o.slip == CosineToFloor {
		rate = 0.1*o.spec.LR + 0.9*rate
	}
	return rate
}

func (o *optimizer) step(params, gradient []float64) {
	rate := o.rate(o.steps)
	o.steps++
	if o.slip == FirstStepSkipped && o.steps == 1 {
		return
	}
	if o.slip == Ascent {
		rate = -rate
	}
	for i, g := range gradient {
		decay := o.decay(params[i])
		var change float64
		if o.spec.Kind == "adamw" {
			if o.slip == DecayCoupled {
				change = o.adam(i, g+decay)
			} else {
				change = o.adam(i, g) + decay
			}
		} else {
			change = g + decay
		}
		switch o.slip {
		case DecayUnscaled:
			params[i] -= rate*(change-decay) + decay
		case DecayAfterStep:
			moved := params[i] - rate*(change-decay)
			params[i] = moved - rate*o.decay(moved)
		default:
			params[i] -= rate * change
		}
	}
	if o.slip == StepFloat32Optimizer {
		single(params)
	}
}

func (o *optimizer) decay(p float64) float64 {
	if o.slip == DecayIgnored && o.spec.Kind == "adamw" || o.slip == DecayOfSGDIgnored && o.spec.Kind == "sgd" {
		return 0
	}
	return o.spec.Decay * p
}

// adam updates the moments of entry i and returns its step.
func (o *optimizer) adam(i int, g float64) float64 {
	beta1, beta2, epsilon := 0.9, 0.999, 1e-8
	if o.slip == SecondBetaWrong {
		beta2 = 0.99
	}
	square := g * g
	if o.slip == SecondNotSquared {
		square = math.Abs(g)
	}
	if o.slip == MomentsSwapped {
		o.first[i] = (1-beta1)*o.first[i] + beta1*g
	} else {
		o.first[i] = beta1*o.first[i] + (1-beta1)*g
	}
	o.second[i] = beta2*o.second[i] + (1-beta2)*square
	n := float64(o.steps)
	if o.slip == BiasOffByOne {
		n++
	}
	correction1, correction2 := 1-math.Pow(beta1, n), 1-math.Pow(beta2, n)
	switch o.slip {
	case BiasUncorrected:
		correction1, correction2 = 1, 1
	case BiasOfSecondForgotten:
		correction2 = 1
	}
	m, v := o.first[i]/correction1, o.second[i]/correction2
	switch o.slip {
	case EpsilonInsideRoot:
		return m / math.Sqrt(v+epsilon)
	case EpsilonBeforeBias:
		return m / ((math.Sqrt(o.second[i]) + epsilon) / math.Sqrt(correction2))
	}
	return m / (math.Sqrt(v) + epsilon)
}

// Optimize implements props.Optimizer.
func (s *Subject) Optimize(o props.OptimizerSpec, params []float64, gradients [][]float64) ([][]float64, error) {
	if o.Kind != "sgd" && o.Kind != "adamw" {
		return nil, fmt.Errorf("plain: optimizer %q, want sgd or adamw", o.Kind)
	}
	own := newOptimizer(o, len(params), s.Slip)
	if s.Slip == MomentsLeak {
		s.recall(own)
	}
	current := append([]float64(nil), params...)
	var after [][]float64
	for _, g := range gradients {
		own.step(current, g)
		after = append(after, append([]float64(nil), current...))
	}
	return after, nil
}
