package props

import (
	"fmt"
	"math"
	"slices"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

// trainExactLaws train on a chain that goes round all tokens: its targets are
// known, so that sums over a batch, and the sum of the losses, are too.
func trainExactLaws() []Law {
	trains := []Capability{CanTrain}
	return []Law{
		{ID: "train-batch-mean", Source: section("1"), Needs: trains, Draws: 40, Check: trainBatchMean,
			Sentence: "On a chain that goes round, the first step from zero counts the last tokens of a batch: whole numbers that sum " +
				"to its size."},
		{ID: "train-steps-add-up", Source: section("1"), Needs: trains, Draws: 40, Check: trainStepsAddUp,
			Sentence: "On a chain that goes round, steps from zero at a vanishing rate count the last tokens of all their batches, each once."},
		{ID: "train-fresh-batches", Source: section("7"), Needs: trains, FalseAlarm: 1e-11, Draws: 10, Check: trainFreshBatches,
			Sentence: "At a vanishing rate the losses of a run still differ from step to step: each sees a batch of its own."},
		{ID: "train-regret", Source: section("2"), Needs: trains, Draws: 5, Check: trainRegret,
			Sentence: "Training the read-out alone is convex and smooth: the sum of the losses obeys gradient descent's regret bound, " +
				"whatever the batches."},
	}
}

// roundRun is a run from zero on the chain a -> a + 1 -> ...; next is the
// token that follows.
func roundRun(t *rapid.T) (r train.Spec, next func(a int) int) {
	r = drawTraining(t, model.KindDisentangled)
	size := r.Model.Tokens
	next = func(a int) int { return (a + 1) % size }
	chain := make([][]float64, size)
	for a := range chain {
		chain[a] = make([]float64, size)
		chain[a][next(a)] = 1
	}
	r.Task = task.Spec{Tokens: size, Length: r.Model.Length, Parents: make([]int, r.Model.Length-1), Chain: chain}
	for i := range r.Task.Parents {
		r.Task.Parents[i] = i - 1
	}
	clear(r.Params)
	return r, next
}

// trainBatchMean: from zero the step of W's token rows is
// rate * share_a (1[b = next a] - 1/S), share_a the part of the batch with
// s_T = a; the last position's row is their sum. The counts are off by the
// roundings of a sum over the batch.
func trainBatchMean(t *rapid.T, s Subject) {
	r, next := roundRun(t)
	r.Steps = 1
	c, size, n := trainingQuestion(t, r), r.Model.Tokens, float64(r.Batch)
	layout := layoutOf(t, r.Model)
	w := layout[len(layout)-1].Of(askTraining(t, s, r).Params)
	entry := func(row, b int) float64 { return w[row*size+b] / r.Optimizer.LR }
	slack, total := 4*(n+8)*s.Roundoff(), 0.0
	sum := make([]float64, size)
	for a := range size {
		count := math.Round(n * entry(a, next(a)) / (1 - 1/float64(size)))
		total += count
		for b := range size {
			want := -count / n / float64(size)
			if b == next(a) {
				want += count / n
			}
			sum[b] += want
			within(t, c, fmt.Sprintf("step of W[%d][%d] over the rate", a, b), entry(a, b), want, slack)
		}
	}
	within(t, c, "sequences counted in the step", total, n, 0)
	for b := range size {
		within(t, c, fmt.Sprintf("step of W[position T][%d] over the rate", b), entry(size+r.Model.Length-1, b), sum[b], slack)
	}
}

// trainStepsAddUp: at a rate of 2^-30 the parameters stay within k |g| 2^-30 of
// zero, so each of k steps is a first step up to 2^-30 times k K |g|, K the
// bound of the curvature: far below the 1/(2N) that tells whole numbers apart.
// All rows' diagonal entries sum to (1 - 1/S) times k.
func trainStepsAddUp(t *rapid.T, s Subject) {
	r, next := roundRun(t)
	r.Steps, r.Optimizer.LR = rapid.IntRange(2, 4).Draw(t, "several steps"), 0x1p-30
	layout, size, n, steps := layoutOf(t, r.Model), r.Model.Tokens, float64(r.Batch), float64(r.Steps)
	w := layout[len(layout)-1].Of(askTraining(t, s, r).Params)
	around := r
	around.Params = slices.Repeat([]float64{0x1p-20}, len(r.Params))
	bound := runBound(t, s, around)
	drift := r.Optimizer.LR * steps * steps * bound.second * bound.first
	total := 0.0
	for a := range size {
		total += w[a*size+next(a)] / r.Optimizer.LR / (1 - 1/float64(size))
	}
	within(t, trainingQuestion(t, r), "batches counted in the steps", total, steps, 2*float64(size)*(drift+4*steps*(n+8)*s.Roundoff()))
}

// trainFreshBatches: a rate of 2^-60 moves no loss by more than its rounding, so
// twelve losses of one batch agree to rounding. The mean of 64 losses that are
// spread over some hundredths lands within a rounding (1e-5 in single precision)
// of the first one with probability below 0.1, eleven times below 1e-11.
func trainFreshBatches(t *rapid.T, s Subject) {
	r := drawTraining(t, model.KindDisentangled)
	r.Params = gen.Moderate(len(r.Params), 1).Draw(t, "other params").Values
	r.Optimizer.LR, r.Batch, r.Steps = 0x1p-60, 64, 12
	losses := askTraining(t, s, r).Losses
	slack := 4 * float64(r.Batch+r.Model.Tokens+8) * s.Roundoff()
	demand(t, trainingQuestion(t, r), slices.Max(losses)-slices.Min(losses) > slack, "losses of twelve steps", "different", fmt.Sprint(losses))
}

// trainRegret: let L_k be the loss of step k as a function of W, convex and
// H-smooth with H = |x_T|^2/2 <= halves/2 (law smooth-in-readout), and at
// least 0. For any fixed U, gradient descent from 0 with rate r <= 1/H has
//
//	sum L_k(W_k) - L_k(U) <= |U|^2/2r + r/2 sum |grad L_k|^2,  |grad L_k|^2 <= 2 H L_k,
//
// (Zinkevich 2003; Srebro, Sridharan and Tewari 2010), so with r = 1/2H
//
//	sum L_k(W_k) <= 2 sum L_k(U) + 2 H |U|^2 * 2.
//
// U scores the right token by 3, so L_k(U) = log(1 + (S-1) e^-3) for every batch.
func trainRegret(t *rapid.T, s Subject) {
	r, _ := roundRun(t)
	r.Model.Heads = rapid.SampledFrom([][]int{{1}, {1, 1}}).Draw(t, "heads")
	layout := layoutOf(t, r.Model)
	r.Params = make([]float64, layout.Size())
	size := float64(r.Model.Tokens)
	halves := float64(2 * layout[len(layout)-1].Rows / (r.Model.Tokens + r.Model.Length))
	smooth := halves / 2
	r.Only, r.Optimizer.LR, r.Batch, r.Steps = "W", 1/(2*smooth), 4, 400
	sum := 0.0
	for _, loss := range askTraining(t, s, r).Losses {
		sum += loss
	}
	steps := float64(r.Steps)
	bound := 2*steps*math.Log1p((size-1)*math.Exp(-3)) + 4*smooth*9*size
	atMost(t, trainingQuestion(t, r), "sum of the losses", sum, bound, 1e-6*steps) // roundings of 400 small steps
}
