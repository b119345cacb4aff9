package props

import (
	"fmt"
	"math"
	"slices"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

func trainLaws() []Law {
	trains := []Capability{CanTrain}
	return append([]Law{
		{ID: "train-same-seed", Source: "README.md, Determinism", Needs: trains, Draws: 40, Check: trainSameSeed,
			Sentence: "A run is a function of its specification: the same bits every time."},
		{ID: "train-workers", Source: "README.md, Determinism", Needs: trains, Draws: 40, Check: trainWorkers,
			Sentence: "One to eight workers give the same bits, whatever the batch."},
		{ID: "train-other-seed", Source: section("1"), Needs: trains, Draws: 40, Check: trainOtherSeed,
			Sentence: "Another seed gives other sequences, and so other parameters."},
		{ID: "train-prefix", Source: section("7"), Needs: trains, Draws: 40, Check: trainPrefix,
			Sentence: "The losses of the first steps do not depend on how many follow, and are taken before each step anew."},
		{ID: "train-only", Source: section("2"), Needs: trains, Draws: 40, Check: trainOnly,
			Sentence: "Training one block leaves every other bit as it was, and moves that block in the first step as joint training does."},
		{ID: "train-loss-at-zero", Source: section("2"), Needs: trains, Draws: 40, Check: trainLossAtZero,
			Sentence: "The first loss of a zero initialisation is log S, whatever the batch."},
		{ID: "train-equal-heads", Source: section("2"), Needs: trains, Draws: 40, Check: trainEqualHeads,
			Sentence: "Heads that start at zero stay equal to each other."},
		{ID: "train-decay", Source: section("7"), Needs: trains, Draws: 40, Check: trainDecay,
			Sentence: "Weight decay subtracts rate decay p from the first step of gradient descent, in the trained block alone."},
		{ID: "train-adamw", Source: section("7"), Needs: trains, Draws: 40, Check: trainAdamW,
			Sentence: "AdamW's first step from zero is rate g/(|g| + eps), g the gradient that the same run of gradient descent follows."},
		{ID: "train-cosine", Source: section("7"), Needs: trains, Draws: 40, Check: trainCosine,
			Sentence: "A cosine schedule of one step takes a constant schedule's first step and stands still after it."},
	}, append(trainExactLaws(), trainSampledLaws()...)...)
}

// drawTraining draws a short run of gradient descent from moderate parameters on a
// forest or a DAG, with batches of one sequence, and of full and broken shards.
func drawTraining(t *rapid.T, kinds ...string) train.Spec {
	m := drawModel(t, kinds...)
	if m.Kind == model.KindReduced && m.Eps == 0 {
		m.Eps = 0.125 // a sampled target may have mass on a token that the sequence lacks
	}
	r := train.Spec{Model: m, Task: task.Spec{Tokens: m.Tokens, Length: m.Length, Alpha: gen.Alphas().Draw(t, "alpha")},
		Optimizer: optim.Spec{Kind: "sgd", Schedule: "constant", LR: rapid.SampledFrom([]float64{0.25, 1, 0x1p-6}).Draw(t, "rate")},
		Batch:     rapid.SampledFrom([]int{1, 3, 64, 65, 130}).Draw(t, "batch"),
		Steps:     rapid.IntRange(1, 4).Draw(t, "steps"),
		Seed:      rapid.Uint64Range(0, 1<<32).Draw(t, "seed"),
		Workers:   1,
	}
	if drawIsDAG(t) {
		r.Task.DAG = parentLists(drawDAG(t, m.Length, m.Length, 2))
	} else {
		r.Task.Parents = drawForest(t, m.Length, m.Length).Parents()
	}
	scale := rapid.SampledFrom([]float64{0, 0.25}).Draw(t, "scale")
	r.Params = gen.Moderate(layoutOf(t, m).Size(), scale).Draw(t, "params").Values
	return r
}

// parentLists is the DAG as task.Spec writes it.
func parentLists(d gen.DAG) [][]int {
	lists := make([][]int, d.SequenceLength()+1)
	for i := range lists {
		lists[i] = append([]int{}, d.Parents(i)...)
	}
	return lists
}

// trainingQuestion is the case of a run.
func trainingQuestion(t *rapid.T, r train.Spec) question {
	c := taskQuestion(r.Task).With("--model %s", r.Model.Kind)
	switch r.Model.Kind {
	case model.KindDisentangled:
		c = c.With("--heads %s", headsText(r.Model))
	case model.KindReduced:
		c = c.With("--eps %v", r.Model.Eps)
	case model.KindTransformer:
		c = c.Where("%d layers", r.Model.Layers)
	}
	c = c.With("--optimizer %s --schedule %s --lr %v --weight-decay %v --batch %d --steps %d --seed %d --workers %d",
		r.Optimizer.Kind, r.Optimizer.Schedule, r.Optimizer.LR, r.Optimizer.Decay, r.Batch, r.Steps, r.Seed, r.Workers)
	if r.Only != "" {
		c = c.Where("training %s alone", r.Only)
	}
	return c.Where("from %s", paramsText(layoutOf(t, r.Model), r.Params))
}

// askTraining asks for the training that r describes.
func askTraining(t *rapid.T, s Subject, r train.Spec) training {
	return askTrain(t, s, trainingQuestion(t, r), r)
}

// runBound bounds the gradient of one step within the named blocks, all if none.
func runBound(t *rapid.T, s Subject, r train.Spec, blocks ...string) bound {
	touched := func(b string) bool { return len(blocks) == 0 || slices.Contains(blocks, b) }
	return boundsOf(r.Model, layoutOf(t, r.Model), r.Params, touched, r.Batch, s.Roundoff()).loss
}

// sameTraining demands the same losses and parameters, bit for bit.
func sameTraining(t *rapid.T, c question, got, want training) {
	equal(t, c, "losses", got.Losses, want.Losses)
	equal(t, c, "parameters", got.Params, want.Params)
}

func trainSameSeed(t *rapid.T, s Subject) {
	r := drawTraining(t, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	sameTraining(t, trainingQuestion(t, r), askTraining(t, s, r), askTraining(t, s, r))
}

func trainWorkers(t *rapid.T, s Subject) {
	r := drawTraining(t, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	many := r
	many.Workers = rapid.IntRange(2, 8).Draw(t, "workers")
	if rapid.Bool().Draw(t, "three shards or more") { // fewer can be added in no other order
		r.Batch = rapid.SampledFrom([]int{130, 200, 260}).Draw(t, "large batch")
		many.Batch = r.Batch
	}
	sameTraining(t, trainingQuestion(t, many), askTraining(t, s, many), askTraining(t, s, r))
}

// trainOtherSeed: targets are continuous, so two batches never agree, and the
// read-out's gradient is a function of them.
func trainOtherSeed(t *rapid.T, s Subject) {
	r := drawTraining(t, model.KindDisentangled, model.KindTransformer)
	if r.Model.Kind == model.KindTransformer {
		r.Params = gen.Moderate(len(r.Params), 0.5).Draw(t, "params").Values // at zero nothing moves
		r.Optimizer.LR = 0x1p-6                                              // at rate 1 such a run can leave the range of float32
	}
	other := r
	other.Seed++
	a, b := askTraining(t, s, r), askTraining(t, s, other)
	demand(t, trainingQuestion(t, r), !slices.Equal(a.Params, b.Params), fmt.Sprintf("parameters with seeds %d and %d", r.Seed, other.Seed),
		"different", "equal")
}

// trainPrefix: at parameters other than zero a loss tells its batch.
func trainPrefix(t *rapid.T, s Subject) {
	r := drawTraining(t, model.KindDisentangled, model.KindReduced)
	r.Params = gen.Moderate(len(r.Params), 0.5).Draw(t, "params").Values
	r.Optimizer.LR = 0x1p-6
	r.Steps = 4
	short := r
	short.Steps = rapid.IntRange(1, 3).Draw(t, "short")
	whole := askTraining(t, s, r)
	equal(t, trainingQuestion(t, short), "losses", askTraining(t, s, short).Losses, whole.Losses[:short.Steps])
	// The first step moves the parameters, so that not even the same batch would
	// have the same loss again. The reduced model can predict uniformly.
	moved := r.Model.Kind == model.KindReduced || whole.Losses[0] != whole.Losses[1]
	demand(t, trainingQuestion(t, r), moved, "loss of the second step", "another loss", "the first's")
}

func trainOnly(t *rapid.T, s Subject) {
	r := drawTraining(t, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	layout := layoutOf(t, r.Model)
	one := r
	one.Only = layout[rapid.IntRange(0, len(layout)-1).Draw(t, "block")].Name
	got := askTraining(t, s, one).Params
	for _, b := range layout {
		if b.Name != one.Only {
			equal(t, trainingQuestion(t, one), b.Name, b.Of(got), b.Of(r.Params))
		}
	}
	one.Steps, r.Steps = 1, 1
	block, _ := layout.Block(one.Only)
	slack := 2*r.Optimizer.LR*runBound(t, s, r, one.Only).slopeError + 8*s.Roundoff()
	alone, jointly := askTraining(t, s, one).Params, askTraining(t, s, r).Params
	withinAll(t, trainingQuestion(t, one), one.Only+" after one step", block.Of(alone), block.Of(jointly), slack)
}

func trainLossAtZero(t *rapid.T, s Subject) {
	r := drawTraining(t, model.KindDisentangled, model.KindTransformer)
	clear(r.Params)
	r.Steps = 1
	size := float64(r.Model.Tokens)
	within(t, trainingQuestion(t, r), "loss", askTraining(t, s, r).Losses[0], math.Log(size), 4*(float64(r.Batch)+size+8)*s.Roundoff())
}

// trainEqualHeads: the run with heads exchanged makes the same steps up to
// rounding. A difference d grows to (1 + rate K) d + 2 rate slopeError a step, K the
// bound of the curvature; the bounds are taken at the end of the run, which
// four steps of 2^-10 move by less than 1/8.
func trainEqualHeads(t *rapid.T, s Subject) {
	r := drawTraining(t, model.KindDisentangled)
	r.Model.Heads = rapid.SampledFrom([][]int{{2, 1}, {2}, {3, 1}}).Draw(t, "equal heads")
	layout := layoutOf(t, r.Model)
	r.Params = make([]float64, layout.Size())
	r.Optimizer.LR, r.Steps = 0x1p-10, 4
	got := askTraining(t, s, r).Params
	around := r
	around.Params = slices.Repeat([]float64{0.125}, len(r.Params))
	bound, difference := runBound(t, s, around), 0.0
	for range r.Steps {
		difference += r.Optimizer.LR * (bound.second*difference + 2*bound.slopeError)
	}
	first, _ := layout.Block("A0.0")
	for h := 1; h < r.Model.Heads[0]; h++ {
		other, _ := layout.Block(fmt.Sprintf("A0.%d", h))
		withinAll(t, trainingQuestion(t, r), other.Name+" beside A0.0", other.Of(got), first.Of(got), difference)
	}
}

// trainDecay: two roundings of p, three of the gradient's size.
func trainDecay(t *rapid.T, s Subject) {
	r := drawTraining(t, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	r.Steps = 1
	decayed := r
	decayed.Optimizer.Decay = 0.5
	layout := layoutOf(t, r.Model)
	if rapid.Bool().Draw(t, "one block") {
		r.Only = layout[0].Name
		decayed.Only = r.Only
	}
	plain, got := askTraining(t, s, r).Params, askTraining(t, s, decayed).Params
	for _, b := range layout {
		want := slices.Clone(b.Of(plain))
		for i, p := range b.Of(r.Params) {
			if r.Only == "" || r.Only == b.Name {
				want[i] -= r.Optimizer.LR * 0.5 * p
			}
		}
		slack := 8 * s.Roundoff() * (1 + r.Optimizer.LR*(1+runBound(t, s, r, b.Name).first))
		withinAll(t, trainingQuestion(t, decayed), b.Name+" with decay", b.Of(got), want, slack)
	}
}

// trainAdamW: both runs see the same batch, so g is the same up to rounding
// that is relative to the batch's terms; where those cancel, g/(|g| + eps)
// magnifies an error by 1/(|g| + eps).
func trainAdamW(t *rapid.T, s Subject) {
	r := drawTraining(t, model.KindDisentangled)
	clear(r.Params)
	r.Steps, r.Optimizer.LR = 1, 0.25
	adam := r
	adam.Optimizer.Kind = "adamw"
	plain, got := askTraining(t, s, r).Params, askTraining(t, s, adam).Params
	rounding := 2 * runBound(t, s, r, "W").slopeError
	for i := range got {
		g := -plain[i] / r.Optimizer.LR
		slack := r.Optimizer.LR * (adamSlack(0, s.Roundoff()) + rounding/(math.Abs(g)+adamEps))
		within(t, trainingQuestion(t, adam), parameterName(layoutOf(t, r.Model), i), got[i], -r.Optimizer.LR*g/(math.Abs(g)+adamEps), slack)
	}
}

func parameterName(layout model.Layout, i int) string {
	for _, b := range layout {
		if i < b.Offset+b.Size() {
			i -= b.Offset
			return fmt.Sprintf("%s[%d][%d]", b.Name, i/b.Cols, i%b.Cols)
		}
	}
	return fmt.Sprint(i)
}

func trainCosine(t *rapid.T, s Subject) {
	r := drawTraining(t, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	r.Optimizer.Decay = 0.5
	r.Steps = 1
	want := askTraining(t, s, r).Params
	r.Optimizer.Schedule, r.Optimizer.Steps, r.Steps = "cosine", 1, 3
	equal(t, trainingQuestion(t, r), "parameters", askTraining(t, s, r).Params, want)
}
