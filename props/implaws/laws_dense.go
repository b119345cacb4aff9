package implaws

import (
	"math"

	"causalgrad/props"
	"pgregory.net/rapid"
)

// denseLaws compare the model with its second implementation.
func denseLaws() []props.Law {
	both := []props.Capability{props.CanEvaluate, CanEvaluateDense}
	return []props.Law{
		{ID: "dense-evaluation", Source: "theory.md section 2", Needs: both, Draws: 60, Check: denseEvaluation,
			Sentence: "The dense matrices of section 2 have the loss, the predictions and the gradient of the structured model, up to the rounding of both."},
		{ID: "dense-attention", Source: "theory.md section 2", Needs: []props.Capability{props.CanAttend, CanEvaluateDense}, Draws: 60, Check: denseAttention,
			Sentence: "The dense first layer's attention is the structured one's, exactly 0 above the diagonal."},
		{ID: "dense-kinds", Source: "theory.md section 2", Needs: []props.Capability{CanEvaluateDense}, Draws: 10, Check: denseKinds,
			Sentence: "A model without a dense variant, or of a forbidden shape, is refused by name."},
	}
}

func askDense(x props.Trial) FullEvaluation {
	c := x.Text().Where("dense")
	e := props.Ask(x.T, c, "dense evaluation", func() (FullEvaluation, error) {
		return x.S.(DenseEvaluator).EvaluateDense(x.Spec, x.Params, x.Batch)
	})
	props.Finite(x.T, c, "dense predictions", e.Predictions, x.Batch.N*x.Batch.S)
	props.Finite(x.T, c, "dense gradient", e.Gradient, len(x.Params))
	props.Finite(x.T, c, "dense attention", e.Attention, x.Batch.N*x.Spec.FirstHeads()*x.Batch.T*x.Batch.T)
	return e
}

// denseEvaluation: what bounds the rounding of one evaluation in any order of
// summation bounds both; Agree and AgreeGradients allow for two.
func denseEvaluation(t *rapid.T, s props.Subject) {
	x := props.SmoothTrial(t, s, props.Disentangled, props.Reduced)
	structured, dense := x.Evaluate(), askDense(x)
	x.Agree("of the dense matrices", dense.Evaluation, structured)
	x.AgreeGradients("of the dense matrices", dense.Gradient, structured.Gradient)
}

// denseAttention is compared at saturating parameters too: the error is relative.
func denseAttention(t *rapid.T, s props.Subject) {
	x := props.DrawTrial(t, s, props.Disentangled, props.Reduced)
	structured, dense := x.Attention(), askDense(x).Attention
	slack := math.Min(2*x.AttentionReach(), 1)
	for i, w := range dense {
		query, key := i/x.Batch.T%x.Batch.T, i%x.Batch.T
		what := props.At("dense attention", query, key)
		if key > query {
			props.Within(t, x.Text(), what, w, 0, 0)
		}
		props.Within(t, x.Text(), what, w, structured[i], slack*math.Max(w, structured[i])+tinyWeight)
	}
}

// tinyWeight is far above what is lost to underflow: e^-700 of a softmax.
const tinyWeight = 1e-290

func denseKinds(t *rapid.T, s props.Subject) {
	small := props.NewTrial(t, s, props.ModelSpec{Kind: props.Reduced, Tokens: 2, Length: 3, Eps: 0.5})
	askDense(small)
	for _, bad := range []struct {
		spec props.ModelSpec
		text string
	}{
		{props.ModelSpec{Kind: props.Transformer, Tokens: 2, Length: 3, Layers: 1}, `"transformer"`},
		{props.ModelSpec{Kind: props.Disentangled, Tokens: 1, Length: 3, Heads: []int{1}}, "tokens = 1"},
		{props.ModelSpec{Kind: props.Disentangled, Tokens: 2, Length: 3, Heads: []int{rapid.IntRange(-2, 0).Draw(t, "heads")}}, "heads[0]"},
		{props.ModelSpec{Kind: props.Reduced, Tokens: 2, Length: 3, Eps: -0.5}, "eps = -0.5"},
		{props.ModelSpec{Kind: props.Reduced, Tokens: 2, Length: 4, Eps: 0.5}, "params"},
		{props.ModelSpec{Kind: props.Disentangled, Tokens: 2, Length: 3}, "heads"},
	} {
		c := props.Case{}.Where("dense %+v", bad.spec)
		_, err := props.Guarded(func() (FullEvaluation, error) {
			return s.(DenseEvaluator).EvaluateDense(bad.spec, small.Params, small.Batch)
		})
		props.Refused(t, c, "answer", err, bad.text)
	}
}
