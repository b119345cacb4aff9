package props

import (
	"math"
	"slices"
	"testing"

	"causalgrad/impl/optim"
)

// misstep is one way to get an optimiser wrong.
type misstep struct {
	rate      func(o optim.Spec, step, steps int) float64 // of steps in the request
	coupled   bool                                        // AdamW's decay enters the gradient
	decoupled bool                                        // gradient descent's decay ignores the rate
	noDecay   bool
	inside    bool    // eps under the root
	raw       bool    // no bias correction
	momentum  float64 // of gradient descent
	clip      float64 // the gradient's 2-norm is clipped to it
	positive  bool    // a parameter that would become negative is set to 0
	long      float64 // AdamW's step is so much longer
	plain     bool    // AdamW without second moment
}

// optimizer is both optimisers, written so that each can be got wrong.
func (k misstep) optimizer() spoiled {
	return spoiled{optimize: func(o optim.Spec, p []float64, gradients [][]float64) [][]float64 {
		p = slices.Clone(p)
		m, v := make([]float64, len(p)), make([]float64, len(p))
		var steps [][]float64
		for n, g := range gradients {
			rate, decay := rateAt(o, n), o.Decay
			if k.rate != nil {
				rate = k.rate(o, n, len(gradients))
			}
			if k.noDecay {
				decay = 0
			}
			g = clipped(g, k.clip)
			for i := range p {
				d := g[i]
				if o.Kind == "sgd" || k.coupled {
					d += decay * p[i]
				}
				if o.Kind == "adamw" {
					m[i], v[i] = adamBeta1*m[i]+(1-adamBeta1)*d, adamBeta2*v[i]+(1-adamBeta2)*d*d
					d = k.direction(m[i], v[i], float64(n+1))
					if !k.coupled {
						d += decay * p[i]
					}
				} else {
					m[i] = k.momentum*m[i] + d
					d = m[i]
				}
				if k.decoupled {
					p[i] -= decay * p[i] * (1 - rate)
				}
				p[i] -= rate * d
				if k.positive {
					p[i] = math.Max(p[i], 0)
				}
			}
			steps = append(steps, slices.Clone(p))
		}
		return steps
	}}
}

func (k misstep) direction(m, v, n float64) float64 {
	if k.long > 0 {
		m *= k.long
	}
	if k.plain {
		return m
	}
	if !k.raw {
		m /= 1 - math.Pow(adamBeta1, n)
		v /= 1 - math.Pow(adamBeta2, n)
	}
	if k.inside {
		return m / math.Sqrt(v+adamEps)
	}
	return m / (math.Sqrt(v) + adamEps)
}

func clipped(g []float64, limit float64) []float64 {
	norm := 0.0
	for _, v := range g {
		norm = math.Hypot(norm, v)
	}
	out := slices.Clone(g)
	if limit > 0 && norm > limit {
		for i := range out {
			out[i] *= limit / norm
		}
	}
	return out
}

func TestEveryOptimLawCatchesAMistake(t *testing.T) {
	shifted := func(o optim.Spec, n, _ int) float64 { return rateAt(o, n+1) } // off by one step
	broken := map[string]misstep{
		"sgd-recurrence":          {decoupled: true},
		"sgd-linear":              {clip: 1},
		"sgd-memoryless":          {momentum: 0.5},
		"adamw-recurrence":        {inside: true},
		"adamw-first-step":        {inside: true},
		"adamw-constant-gradient": {raw: true},
		"adamw-step-bound":        {long: 1.5},
		"adamw-scale":             {plain: true},
		"adamw-decoupled-decay":   {coupled: true},
		"decay-without-gradient":  {noDecay: true},
		"optimizer-odd":           {positive: true},
		"optimizer-elementwise":   {clip: 1},
		"optimizer-prefix": {rate: func(o optim.Spec, n, steps int) float64 {
			return o.LR * (1 - float64(n)/float64(steps)) // falls to 0 over the request
		}},
		"constant-rate": {rate: func(o optim.Spec, n, _ int) float64 { return o.LR * math.Min(1, float64(n+1)/4) }}, // warm-up
		"cosine-ends":   {rate: shifted},
		"cosine-formula": {rate: func(o optim.Spec, n, _ int) float64 {
			return o.LR * math.Max(0, 1-float64(n)/float64(o.Steps)) // linear
		}},
		"cosine-symmetry": {rate: shifted},
		"adamw-schedule": {rate: func(o optim.Spec, n, _ int) float64 {
			if o.Kind == "adamw" {
				return o.LR
			}
			return rateAt(o, n)
		}},
	}
	subjects := map[string]spoiled{}
	for id, k := range broken {
		subjects[id] = k.optimizer()
	}
	requireCaught(t, optimLaws(), subjects)
}

// TestTheTestsOwnOptimizerIsRight: without a mistake it obeys every law, so that
// a law that fails above fails by the mistake.
func TestTheTestsOwnOptimizerIsRight(t *testing.T) {
	requirePassed(t, optimLaws(), misstep{}.optimizer())
}
