package implaws

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"causalgrad/impl/train"
	"causalgrad/props"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

// resumeLaws are about runs in parts, single steps, Algorithm 1 and initial
// parameters.
func resumeLaws() []props.Law {
	stages := []props.Capability{CanStage}
	return []props.Law{
		{ID: "resume-same-bits", Source: "architecture, checkpoints", Needs: []props.Capability{CanResume, props.CanTrain}, Draws: 40, Check: resumeSameBits,
			Sentence: "A run that is interrupted at any steps and resumed from its parameters and the optimiser's state ends in the same bits as one that is not."},
		{ID: "resume-gradient", Source: "theory.md section 7", Needs: []props.Capability{CanResume, props.CanTrain}, Draws: 30, Check: resumeGradient,
			Sentence: "The first step of gradient descent subtracts the rate times the gradient of the first batch, bit for bit; looking at a gradient takes no step, and another step has another batch."},
		{ID: "resume-diverged", Source: "theory.md section 2", Needs: []props.Capability{CanResume}, Draws: 10, Check: resumeDiverged,
			Sentence: "A loss that is not finite ends a run with an error that names the step and leaves the parameters as they were."},
		{ID: "algorithm1-blocks", Source: "theory.md section 5", Needs: stages, Draws: 20, Check: algorithm1Blocks,
			Sentence: "Stage 1 leaves A2 at beta0 I and A1 zero above the diagonal, stage 2 leaves A1 alone, every step is reported once, and workers change no bit."},
		{ID: "algorithm1-first-step", Source: "theory.md section 3", Needs: stages, Draws: 20, Check: algorithm1FirstStep,
			Sentence: "Stage 1's first step is linear in its rate, every row of it sums to 0, and the row of the first position is 0."},
		{ID: "algorithm1-batches", Source: "theory.md section 5", Needs: []props.Capability{CanStage, CanResume}, Draws: 10, Check: algorithm1Batches,
			Sentence: "Stage 2 sees fresh sequences: its first step follows the gradient of none of the batches of a run of one stage with the same seed."},
		{ID: "algorithm1-refusals", Source: "theory.md section 5", Needs: stages, Draws: 5, Check: algorithm1Refusals,
			Sentence: "An initial beta0 out of range, rates of 0, batches of none and losses that are not finite are refused by name."},
		{ID: "transformer-initial", Source: "theory.md section 7", Needs: []props.Capability{CanStage, props.CanEvaluate}, Draws: 20, FalseAlarm: 1e-10, Check: transformerInitial,
			Sentence: "Embeddings, values and inner MLP weights begin as N(0, 1/d), all else as 0: the first prediction is 1/S and only W has a gradient."},
	}
}

// drawStops draws at most three interruptions of a run, the ends included.
func drawStops(t *rapid.T, steps int) []int {
	stops := make([]int, rapid.IntRange(1, 3).Draw(t, "stops"))
	for i := range stops {
		stops[i] = rapid.IntRange(0, steps).Draw(t, "stop")
	}
	slices.Sort(stops)
	return stops
}

func askTrainedInParts(t *rapid.T, s props.Subject, r props.TrainSpec, stops []int) props.Training {
	c := props.TrainingCase(t, r).Where("stopped before steps %v", stops)
	answer := props.Ask(t, c, "training in parts", func() (props.Training, error) {
		params, losses, err := s.(Resumer).TrainInParts(r, stops)
		return props.Training{Params: params, Losses: losses}, err
	})
	props.Finite(t, c, "trained parameters", answer.Params, len(r.Params))
	props.Finite(t, c, "losses", answer.Losses, r.Steps)
	return answer
}

func resumeSameBits(t *rapid.T, s props.Subject) {
	r := props.DrawTraining(t, props.Disentangled, props.Reduced, props.Transformer)
	r.Optimizer.Kind = rapid.SampledFrom([]string{"adamw", "sgd"}).Draw(t, "optimizer")
	r.Steps = rapid.IntRange(2, 5).Draw(t, "more steps")
	if rapid.Bool().Draw(t, "cosine") {
		r.Optimizer.Schedule, r.Optimizer.Steps = "cosine", r.Steps+1
	}
	if rapid.Bool().Draw(t, "one block") {
		layout := props.LayoutOf(t, r.Model)
		r.Only = layout[rapid.IntRange(0, len(layout)-1).Draw(t, "block")].Name
	}
	r.Optimizer.LR = 0x1p-6
	stops := drawStops(t, r.Steps)
	props.SameTraining(t, props.TrainingCase(t, r).Where("stopped before steps %v", stops), askTrainedInParts(t, s, r, stops), props.AskTraining(t, s, r))
}

// batchGradient is a subject's answer about one step's batch.
type batchGradient struct {
	loss     float64
	gradient []float64
}

func askGradientAt(t *rapid.T, s props.Subject, r props.TrainSpec, step int) batchGradient {
	c := props.TrainingCase(t, r).Where("step %d", step)
	g := props.Ask(t, c, "gradient of a step", func() (batchGradient, error) {
		loss, gradient, err := s.(Resumer).GradientAt(r, step)
		return batchGradient{loss, gradient}, err
	})
	props.Finite(t, c, "gradient of a step", g.gradient, len(r.Params))
	return g
}

// resumeGradient: one product and one difference, each rounded once, in any
// float64 program; targets are continuous, so no two batches agree.
func resumeGradient(t *rapid.T, s props.Subject) {
	r := props.DrawTraining(t, props.Disentangled, props.Transformer)
	r.Params = gen.Moderate(len(r.Params), 0.25).Draw(t, "params").Values
	r.Steps = 1
	g, run := askGradientAt(t, s, r, 0), props.AskTraining(t, s, r)
	want := slices.Clone(r.Params)
	for i := range want {
		want[i] -= float64(r.Optimizer.LR * g.gradient[i])
	}
	c := props.TrainingCase(t, r)
	props.Equal(t, c, "parameters after one step", run.Params, want)
	props.Equal(t, c, "loss", run.Losses, []float64{g.loss})
	again := askGradientAt(t, s, r, 0)
	props.Equal(t, c, "gradient of the same step", again.gradient, g.gradient)
	other := askGradientAt(t, s, r, rapid.IntRange(1, 5).Draw(t, "step"))
	props.Demand(t, c, !slices.Equal(other.gradient, g.gradient), "gradient of another step", "another", "the same")
}

// resumeDiverged: with four tokens and sequences of three some token is missing
// whose target is positive, and the reduced model's loss is infinite at eps = 0.
func resumeDiverged(t *rapid.T, s props.Subject) {
	m := props.ModelSpec{Kind: props.Reduced, Tokens: 4, Length: 3, Eps: 0.125}
	r := props.TrainSpec{Model: m, Task: props.TaskSpec{Tokens: 4, Length: 3, Parents: []int{-1, 0}, Alpha: 1}, Batch: rapid.IntRange(1, 70).Draw(t, "batch"),
		Steps: 2, Seed: rapid.Uint64Range(0, 1<<32).Draw(t, "seed"), Workers: 1, Params: gen.Moderate(props.LayoutOf(t, m).Size(), 1).Draw(t, "params").Values,
		Optimizer: props.OptimizerSpec{Kind: "sgd", Schedule: "constant", LR: 0.25}}
	askTrainedInParts(t, s, r, nil)
	r.Model.Eps = 0
	var params []float64
	_, err := props.Guarded(func() (bool, error) {
		var err error
		params, _, err = s.(Resumer).TrainInParts(r, nil)
		return true, err
	})
	props.Refused(t, props.TrainingCase(t, r), "answer", err, "step 0")
	props.Demand(t, props.TrainingCase(t, r), strings.Contains(err.Error(), "Inf"), "error", "with the loss", err.Error())
	props.Equal(t, props.TrainingCase(t, r), "parameters after the error", params, r.Params)
}

// staged is a drawn run of Algorithm 1.
type staged struct {
	props.Case
	t    *rapid.T
	s    props.Subject
	spec props.TaskSpec
	a    train.Algorithm1
}

func drawStaged(t *rapid.T, s props.Subject) staged {
	f := gen.Connected(3, 7).Draw(t, "graph")
	x := staged{t: t, s: s, spec: props.TaskSpec{Tokens: rapid.IntRange(2, 3).Draw(t, "tokens"), Length: f.SequenceLength(), Parents: f.Parents(), Alpha: gen.Alphas().Draw(t, "alpha")},
		a: train.Algorithm1{Beta0: rapid.SampledFrom([]float64{0.0625, 0.5, 1}).Draw(t, "beta0"), Rate1: rapid.SampledFrom([]float64{0.5, 8}).Draw(t, "rate 1"),
			Rate2: rapid.SampledFrom([]float64{0.125, 1}).Draw(t, "rate 2"), Steps1: rapid.IntRange(1, 3).Draw(t, "steps 1"), Steps2: rapid.IntRange(1, 3).Draw(t, "steps 2"),
			Eps: 0.0625, Batch: rapid.SampledFrom([]int{1, 65, 130}).Draw(t, "batch"), Seed: rapid.Uint64Range(0, 1<<32).Draw(t, "seed"), Workers: 1}}
	x.Case = props.TaskCase(x.spec).Where("Algorithm 1 %+v", x.a)
	return x
}

func (x staged) run() Stages {
	r := props.Ask(x.t, x.Case, "stages", func() (Stages, error) { return x.s.(Stager).Stages(x.spec, x.a) })
	size := x.spec.Length*x.spec.Length + x.spec.Tokens*x.spec.Tokens
	props.Finite(x.t, x.Case, "parameters after stage 1", r.First, size)
	props.Finite(x.t, x.Case, "parameters after stage 2", r.Params, size)
	return r
}

func (x staged) a1(params []float64) []float64 { return params[:x.spec.Length*x.spec.Length] }
func (x staged) a2(params []float64) []float64 { return params[x.spec.Length*x.spec.Length:] }

// start is beta0 I.
func (x staged) start() []float64 {
	a2 := make([]float64, x.spec.Tokens*x.spec.Tokens)
	for v := range x.spec.Tokens {
		a2[v*x.spec.Tokens+v] = x.a.Beta0
	}
	return a2
}

func algorithm1Blocks(t *rapid.T, s props.Subject) {
	x := drawStaged(t, s)
	r := x.run()
	props.Equal(t, x.Case, "A2 after stage 1", x.a2(r.First), x.start())
	props.Equal(t, x.Case, "A1 after stage 2", x.a1(r.Params), x.a1(r.First))
	for i, v := range x.a1(r.First) {
		if i%x.spec.Length > i/x.spec.Length {
			props.Within(t, x.Case, props.At("A1", i/x.spec.Length, i%x.spec.Length), v, 0, 0)
		}
	}
	// A sequence of one token has no gradient; the last token is drawn apart, so 65
	// such sequences have a probability below 2^-65.
	props.Demand(t, x.Case, x.a.Batch < 65 || !slices.Equal(x.a2(r.Params), x.start()), "A2 after stage 2", "moved", "as it began")
	want := props.Identity(x.a.Steps1 + x.a.Steps2 + 1)[1:]
	props.Equal(t, x.Case, "steps reported", r.Progress, want)
	many := x
	many.a.Workers = rapid.IntRange(2, 4).Draw(t, "workers")
	props.Equal(t, x.Where("%d workers", many.a.Workers), "parameters", many.run().Params, r.Params)
	none := x
	none.a.Steps1, none.a.Steps2 = 0, 0
	still := none.run()
	props.Equal(t, x.Case, "parameters without a step", still.Params, append(make([]float64, x.spec.Length*x.spec.Length), x.start()...))
}

// algorithm1FirstStep: from A1 = 0 the step is -rate g, so a doubled rate doubles
// every bit of it. A softmax does not see a constant in its scores, so a row of g
// sums to 0, up to the rounding of a mean over the batch of terms below
// 2 beta0/eps each; the first row has one key.
func algorithm1FirstStep(t *rapid.T, s props.Subject) {
	x := drawStaged(t, s)
	x.a.Steps1, x.a.Steps2 = 1, 0
	double := x
	double.a.Rate1 *= 2
	one, two := x.a1(x.run().First), x.a1(double.run().First)
	props.Equal(t, x.Case, "A1 after one step at twice the rate", two, mappedBy(one, 2))
	slack := x.a.Rate1 * 2 * x.a.Beta0 / x.a.Eps * 8 * float64(x.spec.Length+x.a.Batch+8) * s.Roundoff()
	for i := range x.spec.Length {
		sum := 0.0
		for _, v := range one[i*x.spec.Length : (i+1)*x.spec.Length] {
			sum += v
		}
		props.Within(t, x.Case, fmt.Sprintf("sum of row %d of the step", i), sum, 0, slack)
	}
	props.Within(t, x.Case, "A1[0][0]", one[0], 0, slack)
}

// algorithm1Batches: the rate is a power of 2, so off its diagonal, where A2 is 0,
// a step of stage 2 divided by the rate is the gradient of its batch to the last
// bit, and tells the batch: targets are continuous.
func algorithm1Batches(t *rapid.T, s props.Subject) {
	x := drawStaged(t, s)
	x.a.Steps2, x.a.Batch = 1, 130
	r := x.run()
	m := props.ModelSpec{Kind: props.Reduced, Tokens: x.spec.Tokens, Length: x.spec.Length, Eps: x.a.Eps}
	plain := props.TrainSpec{Model: m, Task: x.spec, Batch: x.a.Batch, Steps: 1, Seed: x.a.Seed, Workers: 1, Params: r.First,
		Optimizer: props.OptimizerSpec{Kind: "sgd", Schedule: "constant", LR: 1}}
	// the entries from [0][1] up to the next diagonal one
	row := func(a2 []float64) []float64 { return a2[1 : x.spec.Tokens+1] }
	step := mappedBy(row(x.a2(r.Params)), -1/x.a.Rate2)
	for n := range x.a.Steps1 + 2 {
		other := row(x.a2(askGradientAt(t, s, plain, n).gradient))
		props.Demand(t, x.Case, !slices.Equal(other, step), fmt.Sprintf("gradient in stage 2 beside that of batch %d of one stage", n), "another", fmt.Sprint(step))
	}
}

func mappedBy(values []float64, factor float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = factor * v
	}
	return out
}

func algorithm1Refusals(t *rapid.T, s props.Subject) {
	x := drawStaged(t, s)
	x.run()
	for _, bad := range []struct {
		text string
		set  func(a *train.Algorithm1)
	}{
		{"beta0 = 0", func(a *train.Algorithm1) { a.Beta0 = 0 }},
		{"beta0 = 11", func(a *train.Algorithm1) { a.Beta0 = 11 }},
		{"beta0 = NaN", func(a *train.Algorithm1) { a.Beta0 = math.NaN() }},
		{"stage 1: learning rate = 0", func(a *train.Algorithm1) { a.Rate1 = 0 }},
		{"stage 2: learning rate = -1", func(a *train.Algorithm1) { a.Rate2 = -1 }},
		{"batch = 0", func(a *train.Algorithm1) { a.Batch = 0 }},
		{"eps = 1", func(a *train.Algorithm1) { a.Eps = 1 }},
	} {
		a := x.a
		bad.set(&a)
		_, err := props.Guarded(func() (Stages, error) { return s.(Stager).Stages(x.spec, a) })
		props.Refused(t, x.Where("with %q", bad.text), "answer", err, bad.text)
	}
	// Three positions cannot hold four tokens: the loss is infinite at eps = 0.
	a := x.a
	a.Eps = 0
	_, err := props.Guarded(func() (Stages, error) {
		return s.(Stager).Stages(props.TaskSpec{Tokens: 4, Length: 3, Parents: []int{-1, 0}, Alpha: 1}, a)
	})
	props.Refused(t, x.Where("with a token that no sequence holds and eps = 0"), "answer", err, "algorithm 1, stage 1: step 0", "Inf")
}

// transformerInitial: the squares of n standard normal numbers sum to within
// 2 sqrt(n l) + 2 l of n but with probability 2 e^-l (Laurent and Massart 2000,
// lemma 1).
func transformerInitial(t *rapid.T, s props.Subject) {
	m := props.DrawModel(t, props.Transformer)
	seed := rapid.Uint64Range(0, 1<<32).Draw(t, "seed")
	c := props.Case{}.With("--tokens %d --length %d --seed %d", m.Tokens, m.Length, seed).Where("%d layers", m.Layers)
	initial := func(seed uint64) []float64 {
		p := props.Ask(t, c, "initial parameters", func() ([]float64, error) { return s.(Stager).InitTransformer(m, seed) })
		props.Finite(t, c, "initial parameters", p, props.LayoutOf(t, m).Size())
		return p
	}
	params := initial(seed)
	props.Equal(t, c, "initial parameters of the same seed", initial(seed), params)
	props.Demand(t, c, !slices.Equal(initial(seed+1), params), "initial parameters of another seed", "others", "the same")
	sum, n, d := 0.0, 0.0, float64(m.Tokens+m.Length)
	x := props.NewTrial(t, s, m).With(params)
	e := x.Evaluate()
	for _, b := range props.LayoutOf(t, m) {
		random := b.Name == "wte" || b.Name == "wpe" || b.Name[0] == 'V' || strings.HasSuffix(b.Name, ".W0")
		for i, v := range b.Of(params) {
			if !random {
				props.Within(t, c, fmt.Sprintf("%s[%d]", b.Name, i), v, 0, 0)
				continue
			}
			sum += v * v * d
			n++
		}
		if b.Name != "W" {
			props.WithinAll(t, c, "gradient of "+b.Name, b.Of(e.Gradient), make([]float64, b.Size()), 0)
		}
	}
	l := math.Log(2 / 1e-10)
	props.Within(t, c, "sum of squares times d", sum, n, 2*math.Sqrt(n*l)+2*l)
	props.WithinAll(t, c, "first prediction", e.Predictions, slices.Repeat([]float64{1 / float64(m.Tokens)}, len(e.Predictions)), 8*float64(m.Tokens+8)*s.Roundoff())
}
