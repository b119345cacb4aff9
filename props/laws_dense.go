package props

import (
	"math"

	"pgregory.net/rapid"
)

// denseLaws compare the model with its second implementation.
func denseLaws() []Law {
	both := []Capability{CanEvaluate, CanEvaluateDense}
	return []Law{
		{ID: "dense-evaluation", Source: "theory.md section 2", Needs: both, Draws: 60, Check: denseEvaluation,
			Sentence: "The dense matrices of section 2 have the loss, the predictions and the gradient of the structured model, up to the rounding of both."},
		{ID: "dense-attention", Source: "theory.md section 2", Needs: []Capability{CanAttend, CanEvaluateDense}, Draws: 60, Check: denseAttention,
			Sentence: "The dense first layer's attention is the structured one's, exactly 0 above the diagonal."},
		{ID: "dense-kinds", Source: "theory.md section 2", Needs: []Capability{CanEvaluateDense}, Draws: 10, Check: denseKinds,
			Sentence: "A model without a dense variant, or of a forbidden shape, is refused by name."},
	}
}

func askDense(x trial) FullEvaluation {
	c := x.text().where("dense")
	e := ask(x.t, c, "dense evaluation", func() (FullEvaluation, error) {
		return x.s.(DenseEvaluator).EvaluateDense(x.spec, x.params, x.batch)
	})
	finite(x.t, c, "dense predictions", e.Predictions, x.batch.N*x.batch.S)
	finite(x.t, c, "dense gradient", e.Gradient, len(x.params))
	finite(x.t, c, "dense attention", e.Attention, x.batch.N*x.spec.firstHeads()*x.batch.T*x.batch.T)
	return e
}

// denseEvaluation: what bounds the rounding of one evaluation in any order of
// summation bounds both; agree and agreeGradients allow for two.
func denseEvaluation(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, disentangled, reduced)
	structured, dense := x.evaluate(), askDense(x)
	x.agree("of the dense matrices", dense.Evaluation, structured)
	x.agreeGradients("of the dense matrices", dense.Gradient, structured.Gradient)
}

// denseAttention is compared at saturating parameters too: the error is relative.
func denseAttention(t *rapid.T, s Subject) {
	x := drawTrial(t, s, disentangled, reduced)
	structured, dense := x.attention(), askDense(x).Attention
	slack := math.Min(2*x.reach().attention, 1)
	for i, w := range dense {
		query, key := i/x.batch.T%x.batch.T, i%x.batch.T
		what := at("dense attention", query, key)
		if key > query {
			within(t, x.text(), what, w, 0, 0)
		}
		within(t, x.text(), what, w, structured[i], slack*math.Max(w, structured[i])+tinyWeight)
	}
}

// tinyWeight is far above what is lost to underflow: e^-700 of a softmax.
const tinyWeight = 1e-290

func denseKinds(t *rapid.T, s Subject) {
	small := newTrial(t, s, ModelSpec{Kind: reduced, Tokens: 2, Length: 3, Eps: 0.5})
	askDense(small)
	for _, bad := range []struct {
		spec ModelSpec
		text string
	}{
		{ModelSpec{Kind: transformer, Tokens: 2, Length: 3, Layers: 1}, `"transformer"`},
		{ModelSpec{Kind: disentangled, Tokens: 1, Length: 3, Heads: []int{1}}, "tokens = 1"},
		{ModelSpec{Kind: disentangled, Tokens: 2, Length: 3, Heads: []int{rapid.IntRange(-2, 0).Draw(t, "heads")}}, "heads[0]"},
		{ModelSpec{Kind: reduced, Tokens: 2, Length: 3, Eps: -0.5}, "eps = -0.5"},
		{ModelSpec{Kind: reduced, Tokens: 2, Length: 4, Eps: 0.5}, "params"},
		{ModelSpec{Kind: disentangled, Tokens: 2, Length: 3}, "heads"},
	} {
		c := Case{}.where("dense %+v", bad.spec)
		_, err := guarded(func() (FullEvaluation, error) {
			return s.(DenseEvaluator).EvaluateDense(bad.spec, small.params, small.batch)
		})
		refused(t, c, "answer", err, bad.text)
	}
}
