package props

import (
	"fmt"
	"math"

	"pgregory.net/rapid"
)

// AdamW's constants, as in optax.
const (
	adamBeta1, adamBeta2 = 0.9, 0.999
	adamEps              = 1e-8
)

// adamSlack bounds the rounding of step k's length, in units of the rate.
//
// 1 - beta2 and 1 - beta2^t lose a factor up to 1/(1 - beta2) = 1000 when they
// are formed by subtraction, under a root, and 1 - beta1 one of 10; everything
// else is a score of roundings. They are relative to the largest |g|/sqrt(v^),
// which is at most sqrt((1-beta2^t)/((1-beta2) beta2^(t-1))) <= 2 sqrt(t).
func adamSlack(k int, u float64) float64 { return 2000 * 2 * math.Sqrt(float64(k+1)) * u }

// adamStep is the recurrence for one parameter, in 106 bits: m and v without
// their factors 1 - beta, which cancel against those of the bias corrections
// (1 - beta^t)/(1 - beta) = 1 + beta + ... + beta^(t-1).
type adamStep struct{ m, v, weight1, weight2 wide }

// step returns the direction m^/(sqrt(v^) + eps).
func (a *adamStep) step(g float64) wide {
	beta1, beta2, one := wide{hi: adamBeta1}, wide{hi: adamBeta2}, wide{hi: 1}
	a.m = beta1.times(a.m).plus(wide{hi: g})
	a.v = beta2.times(a.v).plus(wide{hi: g}.times(wide{hi: g}))
	a.weight1 = beta1.times(a.weight1).plus(one)
	a.weight2 = beta2.times(a.weight2).plus(one)
	return a.m.over(a.weight1).over(a.v.over(a.weight2).sqrt().plus(wide{hi: adamEps}))
}

// adamTolerance is adamSlack, the decay and the roundings of p.
func (x path) adamTolerance() func(k int) float64 {
	u, size := x.s.Roundoff(), x.largest(nil)+8*4*x.spec.LR
	return func(k int) float64 {
		return x.spec.LR*(adamSlack(k, u)+16*u*x.spec.Decay*size) + 4*u*size
	}
}

func adamwRecurrence(t *rapid.T, s Subject) {
	x := drawPath(t, s, "adamw")
	var a adamStep
	x.follow(func(k int, p, g float64) float64 {
		if k == 0 {
			a = adamStep{}
		}
		return p - rateAt(x.spec, k)*(a.step(g).hi+x.spec.Decay*p)
	}, x.adamTolerance())
}

func adamwFirstStep(t *rapid.T, s Subject) {
	x := drawPath(t, s, "adamw")
	x.spec.Decay, x.gradients = 0, x.gradients[:1]
	x.follow(func(_ int, p, g float64) float64 { return p - x.spec.LR*g/(math.Abs(g)+adamEps) }, x.adamTolerance())
}

func adamwConstantGradient(t *rapid.T, s Subject) {
	x := drawPath(t, s, "adamw")
	x.spec.Decay, x.spec.Schedule = 0, "constant"
	for k := range x.gradients {
		x.gradients[k] = x.gradients[0]
	}
	x.follow(func(_ int, p, g float64) float64 { return p - x.spec.LR*g/(math.Abs(g)+adamEps) }, x.adamTolerance())
}

// adamwStepBound: m^ = sum w_s g_s and v^ = sum o_s g_s^2 with weights of sum
// 1, so |m^| <= sqrt(sum w_s^2/o_s) sqrt(v^).
func adamwStepBound(t *rapid.T, s Subject) {
	x := drawPath(t, s, "adamw")
	x.spec.Decay = 0
	steps, before := x.run(), x.params
	for k, p := range steps {
		n := float64(k + 1)
		sum1, sum2, square := 0.0, 0.0, 0.0
		for d := range k + 1 {
			w, o := math.Pow(adamBeta1, float64(d)), math.Pow(adamBeta2, float64(d))
			sum1, sum2, square = sum1+w, sum2+o, square+w*w/o
		}
		bound := rateAt(x.spec, k) * math.Sqrt(square*sum2) / sum1
		slack := x.spec.LR*adamSlack(k, s.Roundoff()) + 4*n*s.Roundoff()*x.largest(steps)
		for i := range p {
			atMost(t, x.text(), fmt.Sprintf("length of step %d", k+1), math.Abs(p[i]-before[i]), bound, slack)
		}
		before = p
	}
}

// adamwScale: eps moves a step by eps/sqrt(v^) at most. Gradients of 1/8 or
// more, or none, keep sqrt(v^) >= sqrt((1-beta2)/(1-beta2^8) beta2^7)/8 > 1/25.
func adamwScale(t *rapid.T, s Subject) {
	x := drawPath(t, s, "adamw")
	c := math.Exp2(float64(rapid.IntRange(1, 20).Draw(t, "log2 c")))
	for _, g := range x.gradients {
		for i := range g {
			if g[i] != 0 {
				g[i] = math.Copysign(math.Max(math.Abs(g[i]), 0.125), g[i])
			}
		}
	}
	y := x
	y.gradients = nil
	for _, g := range x.gradients {
		scaled := make([]float64, len(g))
		for i := range g {
			scaled[i] = c * g[i]
		}
		y.gradients = append(y.gradients, scaled)
	}
	want, total, tolerance := x.run(), 0.0, x.adamTolerance()
	for k, p := range y.run() {
		total += 2*tolerance(k) + x.spec.LR*2*math.Sqrt(float64(k+1))*25*adamEps
		withinAll(t, y.text(), fmt.Sprintf("parameters after step %d", k+1), p, want[k], total)
	}
}

func adamwDecoupled(t *rapid.T, s Subject) {
	x := drawPath(t, s, "adamw")
	x.spec.Decay = 0.5
	plain := x
	plain.spec.Decay = 0
	steps, tolerance := plain.run(), x.adamTolerance()
	i := rapid.IntRange(0, len(x.params)-1).Draw(t, "parameter")
	p, before, total := x.params[i], x.params[i], 0.0
	for k, q := range x.run() {
		p = p*(1-rateAt(x.spec, k)*x.spec.Decay) + steps[k][i] - before
		before = steps[k][i]
		total += 2 * tolerance(k)
		within(t, x.text(), fmt.Sprintf("parameter %d after step %d", i, k+1), q[i], p, total)
	}
}
