package props

import (
	"fmt"

	"causalgrad/golden/stat"
	"causalgrad/impl/model"
	"causalgrad/impl/train"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

// trainSampledLaws tie the batches that a run draws to those that the subject
// samples. Each comparison is a Welch test on means over batches.
func trainSampledLaws() []Law {
	needs := []Capability{CanTrain, CanSample, CanEvaluate}
	return []Law{
		{ID: "train-loss-sampled", Source: section("1"), Needs: needs, Draws: 8, FalseAlarm: trainAlpha, Check: trainLossSampled,
			Sentence: "At a vanishing rate the losses of a run have the mean of the loss on sampled batches."},
		{ID: "train-gradient-sampled", Source: section("1"), Needs: needs, Draws: 8, FalseAlarm: 2 * trainAlpha, Check: trainGradientSampled,
			Sentence: "First steps of gradient descent have the mean of -rate times the gradient on sampled batches, along the gradient " +
				"and along a drawn direction."},
	}
}

const (
	trainAlpha   = 1e-10
	trainBatches = 48 // batches on either side of a test
	trainShards  = 96 // sequences in a batch: a full shard and a broken one
)

// sampledRun is a run with batches of trainShards at moderate parameters.
func sampledRun(t *rapid.T) train.Spec {
	r := drawTraining(t, model.KindDisentangled, model.KindReduced)
	r.Params = gen.Moderate(len(r.Params), 1).Draw(t, "params").Values
	r.Batch = trainShards
	return r
}

// evaluations asks for the loss and gradient of sampled batches.
func evaluations(t *rapid.T, s Subject, r train.Spec) []Evaluation {
	seed := rapid.Uint64Range(0, 1<<32).Draw(t, "sample seed")
	all := askSample(t, s, trainingQuestion(t, r), r.Task, trainBatches*trainShards, seed)
	var answers []Evaluation
	for n := range trainBatches {
		answers = append(answers, askEvaluate(t, s, trainingQuestion(t, r), r.Model, r.Params, all.Slice(n*trainShards, (n+1)*trainShards)))
	}
	return answers
}

// alike demands that two samples have the same mean.
func alike(t *rapid.T, c question, what string, got, want []float64) {
	d, err := stat.Welch(got, want, trainAlpha)
	plausible(t, c, what, d.Outcome, err, fmt.Sprintf("mean %.6g, as on sampled batches", mean(want)), fmt.Sprintf("mean %.6g", mean(got)))
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// trainLossSampled: at 2^-100 no parameter moves but those at 0, by 2^-100.
func trainLossSampled(t *rapid.T, s Subject) {
	r := sampledRun(t)
	r.Optimizer.LR, r.Steps = 0x1p-100, trainBatches
	got := askTraining(t, s, r)
	withinAll(t, trainingQuestion(t, r), "parameters", got.Params, r.Params, 0x1p-80)
	var want []float64
	for _, e := range evaluations(t, s, r) {
		want = append(want, e.Loss)
	}
	alike(t, trainingQuestion(t, r), "losses", got.Losses, want)
}

// trainGradientSampled looks along two directions: one on which the gradient
// is large, so that a wrong factor shows, and signs of a drawn seed.
func trainGradientSampled(t *rapid.T, s Subject) {
	r := sampledRun(t)
	r.Optimizer.LR, r.Steps = 1, 1
	answers := evaluations(t, s, r)
	signs := gen.Moderate(len(r.Params), 8).Draw(t, "direction").Values
	for k, v := range directions(answers[0].Gradient, signs) {
		var got, want []float64
		for n := range trainBatches {
			run := r
			run.Seed = r.Seed + uint64(n)
			step := askTraining(t, s, run).Params
			g := make([]float64, len(step))
			for i := range g {
				g[i] = r.Params[i] - step[i]
			}
			got = append(got, along(g, v))
			want = append(want, along(answers[n].Gradient, v))
		}
		alike(t, trainingQuestion(t, r), "gradient "+[]string{"along itself", "along a drawn direction"}[k], got, want[1:])
	}
}

func directions(v ...[]float64) [][]float64 { return v }
