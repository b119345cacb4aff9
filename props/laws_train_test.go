package props

import (
	"slices"
	"testing"

	"causalgrad/impl/train"
)

// retrained answers another request than the one that was made.
func retrained(change func(r *train.Spec)) spoiled {
	return spoiled{train: func(r train.Spec) training {
		r.Params = slices.Clone(r.Params)
		change(&r)
		return rightTraining(r)
	}}
}

func rightTraining(r train.Spec) training {
	params, losses, err := builtin{}.Train(r)
	return training{right(params, err), losses}
}

func TestEveryTrainLawCatchesAMistake(t *testing.T) {
	calls := uint64(0)
	faster := retrained(func(r *train.Spec) { r.Optimizer.LR *= 1.25 }) // as if a shard counted twice
	requireCaught(t, trainLaws(), map[string]spoiled{
		"train-same-seed":  retrained(func(r *train.Spec) { calls++; r.Seed += calls }),
		"train-workers":    retrained(func(r *train.Spec) { r.Seed += uint64(r.Workers) }),
		"train-other-seed": retrained(func(r *train.Spec) { r.Seed = 1 }),
		"train-prefix":     retrained(func(r *train.Spec) { r.Seed += uint64(r.Steps) }),
		"train-only":       retrained(func(r *train.Spec) { r.Only = "" }),
		"train-loss-at-zero": {train: func(r train.Spec) training {
			a := rightTraining(r)
			a.Losses[0] *= float64(r.Batch) // the sum for the mean
			return a
		}},
		"train-equal-heads":  retrained(func(r *train.Spec) { r.Params[0] += 1e-9 }), // noise in the initialisation
		"train-decay":        retrained(func(r *train.Spec) { r.Optimizer.Decay *= 1.01 }),
		"train-adamw":        retrained(func(r *train.Spec) { r.Optimizer.Kind = "sgd" }),
		"train-cosine":       retrained(func(r *train.Spec) { r.Optimizer.Steps++ }),
		"train-batch-mean":   faster,
		"train-steps-add-up": faster,
		"train-fresh-batches": {train: func(r train.Spec) training {
			a := rightTraining(r)
			for k := range a.Losses {
				a.Losses[k] = a.Losses[0] // every step sees the first batch
			}
			return a
		}},
		"train-regret":           retrained(func(r *train.Spec) { r.Optimizer.LR /= 100 }),
		"train-loss-sampled":     retrained(func(r *train.Spec) { r.Task.Alpha *= 3 }),
		"train-gradient-sampled": faster,
	})
}
