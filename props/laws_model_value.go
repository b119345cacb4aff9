package props

import (
	"fmt"
	"math"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"pgregory.net/rapid"
)

// valueLaws: what a loss and a prediction are.
func valueLaws() []Law {
	evaluates := []Capability{CanEvaluate}
	laws := []Law{
		{ID: "prediction-distribution", Source: section("2"), Needs: evaluates, Check: predictionDistribution,
			Sentence: "Every prediction is a probability vector, at parameters from 0 to saturating."},
		{ID: "loss-cross-entropy", Source: section("2"), Needs: evaluates, Check: lossCrossEntropy,
			Sentence: "The loss is the mean of -sum_s y_s log f_s of the predictions, with eps inside the logarithm of the reduced model."},
		{ID: "loss-finite", Source: section("2"), Needs: evaluates, Check: lossFinite,
			Sentence: "Loss and gradient are finite at saturating parameters, where a softmax underflows to 0."},
		{ID: "zero-parameters", Source: section("2"), Needs: evaluates, Check: zeroParameters,
			Sentence: "At zero parameters a softmax read-out predicts 1/S, loss log S, and the gradient is mean attention features " +
				"times 1/S - y in W, 0 elsewhere."},
		{ID: "zero-reduced", Source: section("3"), Needs: evaluates, Check: zeroReduced,
			Sentence: "At zero parameters the reduced model predicts the token frequencies of the sequence, and A1 has no gradient."},
		{ID: "readout-first", Source: section("2"), Needs: evaluates, Check: readoutFirst,
			Sentence: "Where the read-out W is 0, no other block has a gradient."},
		{ID: "eps-in-loss-alone", Source: section("2"), Needs: evaluates, Check: epsInLossAlone,
			Sentence: "The reduced model's predictions do not depend on eps."},
		{ID: "target-linearity", Source: section("2"), Needs: evaluates, Check: targetLinearity,
			Sentence: "Loss and gradient are linear in the target row."},
		{ID: "gradient-vanishes-at-own-prediction", Source: section("1"), Needs: evaluates, Check: gradientAtOwnPrediction,
			Sentence: "Where the target is the prediction, the loss is its entropy and the gradient is 0."},
		{ID: "gibbs", Source: section("1"), Needs: evaluates, Check: gibbs,
			Sentence: "No sequence's loss is below its target's entropy (for the reduced model less log(1 + S eps))."},
	}
	for _, kind := range []string{model.KindDisentangled, model.KindReduced, model.KindTransformer} {
		laws = append(laws, Law{ID: "evaluation-exact-" + kind, Source: section("2"), Needs: evaluates, Draws: 60,
			Sentence: "Loss and predictions of the " + kind + " model are those of the written formulas in 106 bits.",
			Check:    func(t *rapid.T, s Subject) { evaluationExact(drawTrial(t, s, kind)) }})
	}
	return laws
}

// predictionDistribution: a sum of T+S numbers and a quotient.
func predictionDistribution(t *rapid.T, s Subject) {
	x := drawTrial(t, s, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	slack := 4 * float64(x.Spec.Tokens+x.Spec.Length+8) * s.Roundoff()
	distribution(t, x.text(), "prediction", x.Evaluate().Predictions, x.Spec.Tokens, slack)
}

func lossCrossEntropy(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	e, r := x.Evaluate(), x.bounds()
	want := meanCrossEntropy(x.Batch, e.Predictions, x.Spec.Eps)
	// Loss and prediction are each off by their rounding; a relative error of f
	// is an absolute one of log f.
	within(t, x.text(), "loss", e.Loss, want, r.loss.error+r.prediction)
}

// meanCrossEntropy is the mean over sequences of -sum y log(f + eps).
func meanCrossEntropy(b *task.Batch, f []float64, eps float64) float64 {
	sum := 0.0
	for i, y := range b.Targets {
		if y > 0 {
			sum -= y * math.Log(f[i]+eps)
		}
	}
	return sum / float64(b.N)
}

func lossFinite(t *rapid.T, s Subject) {
	x := drawTrial(t, s, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	if x.Spec.Kind == model.KindReduced && x.Spec.Eps == 0 {
		leaveOut(t, noClaim, "the loss may be infinite")
	}
	e := x.Evaluate()
	finite(t, x.text(), "loss", []float64{e.Loss}, 1)
	atLeast(t, x.text(), "loss", e.Loss, -math.Log1p(float64(x.Spec.Tokens)*x.Spec.Eps), x.bounds().loss.error)
}

func evaluationExact(x trial) {
	oracle := newModelOracle(x.Spec, x.Layout, x.Params, make([]float64, len(x.Params)))
	r, e := x.bounds(), x.Evaluate()
	var want []float64
	for n := range x.Batch.N {
		for _, f := range oracle.sequence(x.Batch.Sequence(n)).f {
			want = append(want, f.value.hi)
		}
	}
	withinAll(x.T, x.text(), "prediction", e.Predictions, want, r.prediction)
	if loss := oracle.loss(x.Batch).value.hi; !math.IsInf(loss, 1) {
		within(x.T, x.text(), "loss", e.Loss, loss, r.loss.error)
	}
}

// zeroParameters: all attention is uniform, so block b of x_T, seen through
// tokens, is the frequencies of s_1..s_i averaged over i once for each layer
// that b has passed.
func zeroParameters(t *rapid.T, s Subject) {
	x := newTrial(t, s, drawModel(t, model.KindDisentangled, model.KindTransformer))
	e, u, size := x.Evaluate(), s.Roundoff(), float64(x.Spec.Tokens)
	slack := 2 * float64(x.Spec.Length*len(x.Spec.Heads)+x.Batch.N+x.Spec.Tokens+8) * u
	within(t, x.text(), "loss", e.Loss, math.Log(size), slack*math.Log(size))
	for i, f := range e.Predictions {
		within(t, x.text(), fmt.Sprintf("prediction[%d]", i), f, 1/size, slack)
	}
	want := make([]float64, len(x.Params))
	if x.Spec.Kind == model.KindDisentangled {
		readout := x.block(want, "W")
		for n := range x.Batch.N {
			for r, v := range uniformFeatures(x.Spec, x.Batch.Sequence(n)) {
				for c, y := range x.Batch.Target(n) {
					readout[r*x.Spec.Tokens+c] += v * (1/size - y) / float64(x.Batch.N)
				}
			}
		}
	}
	withinAll(t, x.text(), "gradient", e.Gradient, want, slack)
}

// uniformFeatures is x_T when every head attends uniformly.
func uniformFeatures(m model.Spec, tokens []uint16) []float64 {
	x := make([][]float64, len(tokens))
	for i, a := range tokens {
		x[i] = make([]float64, m.Tokens+m.Length)
		x[i][a], x[i][m.Tokens+i] = 1, 1
	}
	for _, heads := range m.Heads {
		sum := make([]float64, len(x[0]))
		for i := range x {
			row := x[i]
			mean := make([]float64, len(row))
			for k, v := range row {
				sum[k] += v
				mean[k] = sum[k] / float64(i+1)
			}
			for range heads {
				x[i] = append(x[i][:len(x[i]):len(x[i])], mean...)
			}
		}
	}
	return x[len(x)-1]
}

func zeroReduced(t *rapid.T, s Subject) {
	x := newTrial(t, s, drawModel(t, model.KindReduced))
	e, r := x.Evaluate(), x.bounds("A1")
	want := make([]float64, len(e.Predictions))
	for n := range x.Batch.N {
		for _, a := range x.Batch.Sequence(n) {
			want[n*x.Batch.S+int(a)] += 1 / float64(x.Batch.T)
		}
	}
	withinAll(t, x.text(), "prediction", e.Predictions, want, 2*r.prediction)
	a1 := x.block(e.Gradient, "A1")
	withinAll(t, x.text(), "gradient of A1", a1, make([]float64, len(a1)), r.loss.slopeError)
}

func readoutFirst(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled, model.KindTransformer)
	clear(x.block(x.Params, "W"))
	e := x.Evaluate()
	for _, b := range x.Layout[:len(x.Layout)-1] {
		equal(t, x.text(), "gradient of "+b.Name, b.Of(e.Gradient), make([]float64, b.Size()))
	}
}

func epsInLossAlone(t *rapid.T, s Subject) {
	x := drawTrial(t, s, model.KindReduced)
	y := x
	y.Spec.Eps = 0.25
	withinAll(t, x.text(), "prediction", x.Evaluate().Predictions, y.Evaluate().Predictions, 2*x.bounds().prediction)
}

// targetLinearity: targets that are multiples of 1/16 keep the arithmetic of
// the mixture exact.
func targetLinearity(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	first, second, mixed := x.onTargets(), x.onTargets(), x.onTargets()
	for i := range mixed.Batch.Targets {
		mixed.Batch.Targets[i] = (first.Batch.Targets[i] + 3*second.Batch.Targets[i]) / 4
	}
	a, b, m := first.Evaluate(), second.Evaluate(), mixed.Evaluate()
	within(t, mixed.text(), "loss", m.Loss, (a.Loss+3*b.Loss)/4, 3*x.bounds().loss.error)
	want := make([]float64, len(a.Gradient))
	for i := range want {
		want[i] = (a.Gradient[i] + 3*b.Gradient[i]) / 4
	}
	x.agreeGradients("against the mixture", m.Gradient, want)
}

// onTargets is the trial with fresh targets on tokens that the sequence holds,
// one token or two halves.
func (x trial) onTargets() trial {
	b := *x.Batch
	b.Targets = make([]float64, len(x.Batch.Targets))
	for n := range b.N {
		for range 2 {
			at := rapid.IntRange(0, b.T-1).Draw(x.T, "target")
			b.Target(n)[b.Sequence(n)[at]] += 0.5
		}
	}
	return x.on(&b)
}

// gradientAtOwnPrediction: the residual f - y, or y/f less its mean, is of the
// size of rounding; the gradient is at most that times the bound of a logit. The reduced
// model has the property at eps = 0.
func gradientAtOwnPrediction(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	if x.Spec.Kind == model.KindReduced && x.Spec.Eps > 0 {
		x.Spec.Eps = 0
		support(x.Batch) // the loss that is asked for along with the predictions
	}
	own := *x.Batch
	own.Targets = x.Evaluate().Predictions
	x = x.on(&own)
	e := x.Evaluate()
	entropy := 0.0
	for n := range own.N {
		entropy += task.Entropy(own.Target(n)) / float64(own.N)
	}
	within(t, x.text(), "loss", e.Loss, entropy, 2*x.bounds().loss.error)
	x.agreeGradients("at its own prediction", e.Gradient, make([]float64, len(e.Gradient)))
}

func gibbs(t *rapid.T, s Subject) {
	x := drawTrial(t, s, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	n := rapid.IntRange(0, x.Batch.N-1).Draw(t, "sequence")
	x = x.on(x.Batch.Slice(n, n+1))
	floor := task.Entropy(x.Batch.Target(0)) - math.Log1p(float64(x.Spec.Tokens)*x.Spec.Eps)
	atLeast(t, x.text(), "loss", x.Evaluate().Loss, floor, x.bounds().loss.error)
}
