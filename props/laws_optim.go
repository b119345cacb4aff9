package props

import (
	"fmt"
	"math"
	"slices"

	"causalgrad/impl/optim"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

func optimLaws() []Law {
	needs := []Capability{CanOptimize}
	return append([]Law{
		{ID: "sgd-recurrence", Source: section("7"), Needs: needs, Check: sgdRecurrence,
			Sentence: "Gradient descent is p <- p - rate (g + decay p): its decay is coupled to the gradient."},
		{ID: "sgd-linear", Source: section("7"), Needs: needs, Check: sgdLinear,
			Sentence: "Gradient descent is linear: the sum of two runs is the run on the sum of parameters and gradients."},
		{ID: "sgd-memoryless", Source: section("7"), Needs: needs, Check: sgdMemoryless,
			Sentence: "Gradient descent at a constant rate, resumed from its parameters alone, gives the same bits."},
		{ID: "adamw-recurrence", Source: section("7"), Needs: needs, Check: adamwRecurrence,
			Sentence: "AdamW is its recurrence in 106 bits: bias-corrected moments, eps outside the root, decoupled decay."},
		{ID: "adamw-first-step", Source: section("7"), Needs: needs, Check: adamwFirstStep,
			Sentence: "AdamW's first step is rate g/(|g| + eps): a step of the full rate along the gradient's signs."},
		{ID: "adamw-constant-gradient", Source: section("7"), Needs: needs, Check: adamwConstantGradient,
			Sentence: "Under a constant gradient every step of AdamW is its first: the bias corrections are exact."},
		{ID: "adamw-step-bound", Source: section("7"), Needs: needs, Check: adamwStepBound,
			Sentence: "Without decay no step of AdamW is longer than rate times the Cauchy-Schwarz bound of mean over root mean square."},
		{ID: "adamw-scale", Source: section("7"), Needs: needs, Check: adamwScale,
			Sentence: "Gradients far above eps, multiplied by a constant, lead AdamW along the same path."},
		{ID: "adamw-decoupled-decay", Source: section("7"), Needs: needs, Check: adamwDecoupled,
			Sentence: "AdamW's decay acts on the parameters alone: p with decay follows from the steps without it by p <- (1 - rate " +
				"decay) p + step."},
		{ID: "decay-without-gradient", Source: section("7"), Needs: needs, Check: decayAlone,
			Sentence: "Without a gradient both optimisers shrink parameters by 1 - rate decay a step."},
		{ID: "optimizer-odd", Source: section("7"), Needs: needs, Check: optimizerOdd,
			Sentence: "Negated parameters and gradients give the negated path, bit for bit."},
		{ID: "optimizer-elementwise", Source: section("7"), Needs: needs, Check: optimizerElementwise,
			Sentence: "Each parameter moves as if alone, bit for bit."},
		{ID: "optimizer-prefix", Source: section("7"), Needs: needs, Check: optimizerPrefix,
			Sentence: "The first steps do not depend on the gradients that follow."},
	}, scheduleLaws()...)
}

// path is a drawn optimiser with parameters and a few gradients.
type path struct {
	t         *rapid.T
	s         Subject
	spec      optim.Spec
	params    []float64
	gradients [][]float64
}

// drawPath draws up to 8 steps on up to 4 parameters. Gradients are of order
// 1, of the order of AdamW's eps, or mixed; some are 0.
func drawPath(t *rapid.T, s Subject, kinds ...string) path {
	x := path{t: t, s: s, spec: optim.Spec{
		Kind:     rapid.SampledFrom(kinds).Draw(t, "optimizer"),
		Schedule: rapid.SampledFrom([]string{"constant", "cosine"}).Draw(t, "schedule"),
		LR:       rapid.SampledFrom([]float64{1, 0.25, 0x1p-7}).Draw(t, "rate"),
		Decay:    rapid.SampledFrom([]float64{0, 0.5, 0x1p-10}).Draw(t, "decay"),
		Steps:    rapid.IntRange(1, 12).Draw(t, "schedule steps"),
	}}
	source := stream.New(stream.Key{Seed: rapid.Uint64().Draw(t, "numbers"), Purpose: stream.Law})
	n := rapid.IntRange(1, 4).Draw(t, "parameters")
	scale := rapid.SampledFrom([]float64{1, 0x1p-27, 64}).Draw(t, "gradient scale")
	numbers := func(scale float64) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = scale * float64(source.IntN(17)-8) / 8
		}
		return v
	}
	x.params = numbers(2)
	for range rapid.IntRange(1, 8).Draw(t, "steps") {
		x.gradients = append(x.gradients, numbers(scale))
	}
	return x
}

func (x path) text() question {
	o := x.spec
	c := question{}.With("--optimizer %s --schedule %s --lr %v --weight-decay %v", o.Kind, o.Schedule, o.LR, o.Decay)
	if o.Schedule == "cosine" {
		c = c.With("--steps %d", o.Steps)
	}
	return c.Where("from %v along %v", x.params, x.gradients)
}

func (x path) run() [][]float64 {
	return askOptimize(x.t, x.s, x.text(), x.spec, x.params, x.gradients)
}

// rateAt is the schedule's rate at a step, counted from 0: theory/README.md, section 7,
// optax's cosine decay.
func rateAt(o optim.Spec, step int) float64 {
	switch {
	case o.Schedule == "constant":
		return o.LR
	case step >= o.Steps:
		return 0
	}
	return o.LR * (1 + math.Cos(math.Pi*float64(step)/float64(o.Steps))) / 2
}

// largest is the largest magnitude among parameters on the way.
func (x path) largest(steps [][]float64) float64 {
	m := 0.0
	for _, p := range append(steps, x.params) {
		for _, v := range p {
			m = math.Max(m, math.Abs(v))
		}
	}
	return m
}

// follow compares each step with a recurrence for one parameter. A step may be
// off by slack(k), and so much more may add up. A rate is off by 8 roundings.
func (x path) follow(step func(k int, p float64, g float64) float64, slack func(k int) float64) {
	steps := x.run()
	for i := range x.params {
		p, total := x.params[i], 0.0
		for k, g := range x.gradients {
			p = step(k, p, g[i])
			total += slack(k)
			within(x.t, x.text(), fmt.Sprintf("parameter %d after step %d", i, k+1), steps[k][i], p, total)
		}
	}
}

// sgdRecurrence: four roundings of numbers below rate (|g| + decay |p|), two of p.
func sgdRecurrence(t *rapid.T, s Subject) {
	x := drawPath(t, s, "sgd")
	size := x.largest(nil) + 8*x.spec.LR*64 // rate times decay is at most 1/2
	x.follow(func(k int, p, g float64) float64 { return p - rateAt(x.spec, k)*(g+x.spec.Decay*p) },
		func(int) float64 { return 16 * s.Roundoff() * (x.spec.LR*(64+size) + size) })
}

// sgdLinear: the three runs together make three times the roundings of one.
func sgdLinear(t *rapid.T, s Subject) {
	x := drawPath(t, s, "sgd")
	y, sum := x, x
	y.params, sum.params = reversed(x.params), make([]float64, len(x.params))
	y.gradients, sum.gradients = nil, nil
	for i := range sum.params {
		sum.params[i] = x.params[i] + y.params[i]
	}
	for _, g := range x.gradients {
		h := reversed(g)
		y.gradients = append(y.gradients, h)
		both := make([]float64, len(g))
		for i := range both {
			both[i] = g[i] + h[i]
		}
		sum.gradients = append(sum.gradients, both)
	}
	a, b, got := x.run(), y.run(), sum.run()
	size := x.largest(a) + y.largest(b) + 128*x.spec.LR
	for k := range got {
		for i := range got[k] {
			within(t, sum.text(), fmt.Sprintf("parameter %d after step %d", i, k+1), got[k][i], a[k][i]+b[k][i],
				32*float64(k+1)*s.Roundoff()*size)
		}
	}
}

func reversed(v []float64) []float64 {
	w := slices.Clone(v)
	slices.Reverse(w)
	return w
}

func sgdMemoryless(t *rapid.T, s Subject) {
	x := drawPath(t, s, "sgd")
	x.spec.Schedule = "constant"
	whole := x.run()
	at := rapid.IntRange(0, len(whole)-1).Draw(t, "resume")
	rest := x
	rest.params, rest.gradients = whole[at], x.gradients[at+1:]
	for k, p := range rest.run() {
		equal(t, rest.text(), fmt.Sprintf("parameters after step %d, resumed", at+k+2), p, whole[at+k+1])
	}
}

// mirror is the path with a map applied to all parameters and gradients.
func (x path) mirror(f func(v []float64) []float64) path {
	y := x
	y.params, y.gradients = f(x.params), nil
	for _, g := range x.gradients {
		y.gradients = append(y.gradients, f(g))
	}
	return y
}

func optimizerOdd(t *rapid.T, s Subject) {
	x := drawPath(t, s, "sgd", "adamw")
	negate := func(v []float64) []float64 {
		w := make([]float64, len(v))
		for i := range v {
			w[i] = 0 - v[i]
		}
		return w
	}
	y := x.mirror(negate)
	want := x.run()
	for k, p := range y.run() {
		equal(t, y.text(), fmt.Sprintf("parameters after step %d", k+1), p, negate(want[k]))
	}
}

func optimizerElementwise(t *rapid.T, s Subject) {
	x := drawPath(t, s, "sgd", "adamw")
	together := x.run()
	i := rapid.IntRange(0, len(x.params)-1).Draw(t, "parameter")
	y := x.mirror(func(v []float64) []float64 { return v[i : i+1] })
	for k, p := range y.run() {
		equal(t, y.text(), fmt.Sprintf("parameter after step %d, alone", k+1), p, together[k][i:i+1])
	}
}

func optimizerPrefix(t *rapid.T, s Subject) {
	x := drawPath(t, s, "sgd", "adamw")
	whole, short := x.run(), x
	short.gradients = x.gradients[:rapid.IntRange(1, len(x.gradients)).Draw(t, "prefix")]
	for k, p := range short.run() {
		equal(t, short.text(), fmt.Sprintf("parameters after step %d", k+1), p, whole[k])
	}
}

func decayAlone(t *rapid.T, s Subject) {
	x := drawPath(t, s, "sgd", "adamw")
	for _, g := range x.gradients {
		clear(g)
	}
	x.follow(func(k int, p, _ float64) float64 { return p * (1 - rateAt(x.spec, k)*x.spec.Decay) },
		func(int) float64 { return 16 * s.Roundoff() * x.largest(nil) })
}
