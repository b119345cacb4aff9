package fault

import (
	"fmt"
	"math"
	"slices"

	"causalgrad/impl/optim"
)

var (
	cosineShifted = mistake(inOptimize, "cosine-off-by-one",
		"the cosine schedule is one step ahead", "cosine-ends")
	cosineIgnored = mistake(inOptimize, "cosine-ignored",
		"the cosine schedule is constant", "cosine-formula")
	cosineQuarter = mistake(inOptimize, "cosine-quarter-period",
		"the schedule is a quarter period of the cosine", "cosine-formula")
	decayCoupled = mistake(inOptimize, "decay-coupled",
		"AdamW's decay goes through the moments (Adam with L2)", "adamw-recurrence")
	decayUnscaled = mistake(inOptimize, "decay-not-scaled-by-rate",
		"weight decay is not multiplied by the rate", "decay-without-gradient")
	decayIgnored = mistake(inOptimize, "decay-ignored",
		"AdamW ignores its decay", "decay-without-gradient")
	decayAfterStep = mistake(inOptimize, "decay-after-step",
		"decay is applied to the parameters after the step", "sgd-recurrence")
	biasUncorrected = mistake(inOptimize, "bias-correction-missing",
		"AdamW has no bias correction", "adamw-recurrence")
	biasOfSecondForgotten = mistake(inOptimize, "bias-correction-of-second-missing",
		"AdamW does not correct the second moment's bias", "adamw-recurrence")
	biasOffByOne = mistake(inOptimize, "bias-correction-off-by-one",
		"AdamW's bias correction counts steps from 2", "adamw-recurrence")
	epsilonInsideRoot = mistake(inOptimize, "epsilon-inside-root",
		"AdamW's epsilon is inside the square root", "adamw-recurrence")
	epsilonBeforeBias = mistake(inOptimize, "epsilon-before-bias-correction",
		"AdamW's epsilon is added before the bias correction", "adamw-recurrence")
	ascent = mistake(inOptimize, "ascent",
		"updates go up the gradient", "sgd-recurrence")
	momentsLeak = mistake(inOptimize, "moments-leak",
		"an optimiser starts with the second moment of the last one", "adamw-recurrence")
)

// optimizer holds AdamW's moments and the step count.
type optimizer struct {
	makes         *Mistake
	spec          optim.Spec
	first, second []float64
	steps         int
}

func newOptimizer(o optim.Spec, size int, makes *Mistake) *optimizer {
	return &optimizer{makes: makes, spec: o, first: make([]float64, size), second: make([]float64, size)}
}

// rate is the learning rate of the step after n others.
func (o *optimizer) rate(n int) float64 {
	if o.spec.Schedule != "cosine" || o.makes == cosineIgnored {
		return o.spec.LR
	}
	if o.makes == cosineShifted {
		n++
	}
	if n >= o.spec.Steps {
		return 0
	}
	angle := math.Pi * float64(n) / float64(o.spec.Steps)
	if o.makes == cosineQuarter {
		return o.spec.LR * math.Cos(angle/2)
	}
	return o.spec.LR * (1 + math.Cos(angle)) / 2
}

func (o *optimizer) step(params, gradient []float64) {
	rate := o.rate(o.steps)
	o.steps++
	if o.makes == ascent {
		rate = -rate
	}
	for i, g := range gradient {
		decay := o.spec.Decay * params[i]
		if o.makes == decayIgnored && o.spec.Kind == "adamw" {
			decay = 0
		}
		var change float64
		switch {
		case o.spec.Kind == "sgd":
			change = g + decay
		case o.makes == decayCoupled:
			change = o.adam(i, g+decay)
		default:
			change = o.adam(i, g) + decay
		}
		switch o.makes {
		case decayUnscaled:
			params[i] -= rate*(change-decay) + decay
		case decayAfterStep:
			moved := params[i] - rate*(change-decay)
			params[i] = moved - rate*o.spec.Decay*moved
		default:
			params[i] -= rate * change
		}
	}
}

// adam updates the moments of entry i and returns its step.
func (o *optimizer) adam(i int, g float64) float64 {
	const beta1, beta2, epsilon = 0.9, 0.999, 1e-8
	o.first[i] = beta1*o.first[i] + (1-beta1)*g
	o.second[i] = beta2*o.second[i] + (1-beta2)*g*g
	n := float64(o.steps)
	if o.makes == biasOffByOne {
		n++
	}
	correction1, correction2 := 1-math.Pow(beta1, n), 1-math.Pow(beta2, n)
	switch o.makes {
	case biasUncorrected:
		correction1, correction2 = 1, 1
	case biasOfSecondForgotten:
		correction2 = 1
	}
	m, v := o.first[i]/correction1, o.second[i]/correction2
	switch o.makes {
	case epsilonInsideRoot:
		return m / math.Sqrt(v+epsilon)
	case epsilonBeforeBias:
		return m / ((math.Sqrt(o.second[i]) + epsilon) / math.Sqrt(correction2))
	}
	return m / (math.Sqrt(v) + epsilon)
}

func (p *plain) Optimize(o optim.Spec, params []float64, gradients [][]float64) ([][]float64, error) {
	if o.Kind != "sgd" && o.Kind != "adamw" {
		return nil, fmt.Errorf("optimizer %q, want sgd or adamw", o.Kind)
	}
	own := newOptimizer(o, len(params), p.makes)
	if p.makes == momentsLeak {
		p.recall(own)
	}
	current := slices.Clone(params)
	var after [][]float64
	for _, g := range gradients {
		own.step(current, g)
		after = append(after, slices.Clone(current))
	}
	return after, nil
}
