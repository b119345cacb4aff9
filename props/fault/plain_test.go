package fault

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/theory/close"
)

// The two implementations share no arithmetic, so they agree up to rounding.
// The tolerances below are roundoff times a generous count of the operations on
// a path, relative to the largest entry where entries cancel; a mistake is off by
// 1e-3 or more (single precision by 1e-8).
const (
	roundoff  = 0x1p-53
	chainTol  = 1e4 * roundoff // powers of a kernel, divided by mu >= 1e-4 or so
	vectorTol = 1e5 * roundoff // forward and backward through two or three layers
)

var (
	right = &plain{}
	own   = props.Builtin()
)

// agree compares vectors relative to the largest entry of want (at least floor).
func agree(t require.TestingT, what string, got, want []float64, tolerance, floor float64) {
	scale := floor
	for _, v := range want {
		scale = math.Max(scale, math.Abs(v))
	}
	require.NoError(t, close.AllWithin(got, want, 0, tolerance*scale), what)
}

func flat(rows [][]float64) []float64 {
	var all []float64
	for _, row := range rows {
		all = append(all, row...)
	}
	return all
}

func TestTheoryAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := gen.Forests(3, 7).Draw(t, "forest")
		chain := gen.Chains(2, 4).Draw(t, "chain").Rows()
		mu, err := own.(props.Stationary).Stationary(chain)
		require.NoError(t, err)
		got, err := right.Stationary(chain)
		require.NoError(t, err)
		for a := range mu { // without subtraction every entry is right to rounding
			require.NoError(t, close.Within(got[a], mu[a], 200*roundoff, 0))
		}
		smallest := mu[0]
		for _, m := range mu {
			smallest = math.Min(smallest, m)
		}
		signal, chi2, err := own.(props.Informant).Information(f.Forest, chain)
		require.NoError(t, err)
		gotSignal, gotChi2, err := right.Information(f.Forest, chain)
		require.NoError(t, err)
		agree(t, "signal", flat(gotSignal), flat(signal), chainTol/smallest, 1)
		agree(t, "information", flat(gotChi2), flat(chi2), chainTol/smallest, 1)
	})
}

func TestFirstStepAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := gen.Forests(3, 6).Draw(t, "forest")
		chain := gen.Chains(2, 3).Draw(t, "chain").Rows()
		eps := rapid.SampledFrom([]float64{0, 0.01, 0.5}).Draw(t, "eps")
		want, err := own.(props.FirstStepper).FirstStep(f.Forest, chain, eps)
		require.NoError(t, err)
		got, err := right.FirstStep(f.Forest, chain, eps)
		require.NoError(t, err)
		agree(t, "gradient", flat(got), flat(want), 1e-12, 0) // firststep.Gradient's own bound
	})
}

// taskSpecs draws a forest or a DAG with any prior.
func taskSpecs(t *rapid.T) task.Spec {
	spec := task.Spec{Tokens: rapid.IntRange(2, 4).Draw(t, "tokens"), Length: rapid.IntRange(3, 8).Draw(t, "length")}
	if rapid.Bool().Draw(t, "dag") {
		g := gen.DAGs(spec.Length, spec.Length, 2).Draw(t, "graph")
		for i := range spec.Length + 1 {
			spec.DAG = append(spec.DAG, g.Parents(i))
		}
	} else {
		spec.Parents = gen.Forests(spec.Length, spec.Length).Draw(t, "graph").Parents()
	}
	switch kind := rapid.IntRange(0, 2).Draw(t, "prior"); {
	case kind == 0 && spec.DAG == nil:
		spec.Chain = gen.Chains(spec.Tokens, spec.Tokens).Draw(t, "chain").Rows()
	case kind == 1:
		spec.Alpha, spec.Gamma = gen.Alphas().Draw(t, "alpha"), 0.25
	default:
		spec.Alpha = gen.Alphas().Draw(t, "alpha")
	}
	return spec
}

func TestSamplesAgreeToTheBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := taskSpecs(t)
		seed := rapid.Uint64().Draw(t, "seed")
		want, err := own.(props.Sampler).Sample(spec, 5, seed)
		require.NoError(t, err)
		got, err := right.Sample(spec, 5, seed)
		require.NoError(t, err)
		// A uniform number falls between two values of the same cumulative sum
		// with probability 1e-15 or so: tokens agree.
		require.Equal(t, want.Tokens, got.Tokens)
		require.NoError(t, close.AllWithin(got.Targets, want.Targets, 4*roundoff, 0))
		require.NoError(t, close.AllWithin(got.Chains, want.Chains, 4*roundoff, 0))

		alpha := gen.Alphas().Draw(t, "pseudo-count")
		estimate, err := own.(props.Estimator).CountEstimate(spec, want, alpha)
		require.NoError(t, err)
		again, err := right.CountEstimate(spec, want, alpha)
		require.NoError(t, err)
		require.NoError(t, close.AllWithin(again, estimate, 16*roundoff, 0))

		m, err := own.(props.Measurer).Measure(want, estimate)
		require.NoError(t, err)
		n, err := right.Measure(want, estimate)
		require.NoError(t, err)
		agree(t, "metrics", []float64{n.Loss, n.Irreducible, n.SupError}, []float64{m.Loss, m.Irreducible, m.SupError}, 1e3*roundoff, 1)
	})
}

func modelSpecs(t *rapid.T) model.Spec {
	m := model.Spec{Kind: "reduced", Tokens: rapid.IntRange(2, 4).Draw(t, "tokens"), Length: rapid.IntRange(3, 6).Draw(t, "length")}
	if rapid.Bool().Draw(t, "disentangled") {
		m.Kind = "disentangled"
		m.Heads = rapid.SampledFrom([][]int{{1}, {1, 1}, {2, 1}, {1, 2}, {1, 1, 1}}).Draw(t, "heads")
	} else {
		m.Eps = rapid.SampledFrom([]float64{0, 0.01, 0.3}).Draw(t, "eps")
	}
	return m
}

func sizeOf(t require.TestingT, m model.Spec) (model.Layout, int) {
	built, err := m.Model()
	require.NoError(t, err)
	return built.Layout(), built.Layout().Size()
}

func TestModelsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := modelSpecs(t)
		_, size := sizeOf(t, m)
		params := gen.Parameters(size).Draw(t, "parameters").Values
		b := gen.Batches(3, m.Length, m.Tokens).Draw(t, "batch")
		// A score that is a sum of terms of size 300 is right to 300 roundoffs,
		// and a softmax multiplies that by the score's derivative.
		scale := 1.0
		for _, v := range params {
			scale = math.Max(scale, math.Abs(v))
		}
		tolerance := vectorTol * scale * scale

		want, err := own.(props.Evaluator).Evaluate(m, params, b)
		require.NoError(t, err)
		got, err := right.Evaluate(m, params, b)
		require.NoError(t, err)
		if m.Kind == "reduced" && m.Eps == 0 && scale > 8 {
			return // f underflows: loss and gradient blow up what rounding leaves
		}
		require.NoError(t, close.Within(got.Loss, want.Loss, tolerance, tolerance))
		agree(t, "predictions", got.Predictions, want.Predictions, tolerance, 1)
		agree(t, "gradient", got.Gradient, want.Gradient, tolerance, scale)

		weights, err := own.(props.Attender).Attention(m, params, b)
		require.NoError(t, err)
		again, err := right.Attention(m, params, b)
		require.NoError(t, err)
		agree(t, "attention", again, weights, tolerance, 1)
	})
}

func TestOptimizersAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := optim.Spec{
			Kind:     rapid.SampledFrom([]string{"sgd", "adamw"}).Draw(t, "kind"),
			Schedule: rapid.SampledFrom([]string{"constant", "cosine"}).Draw(t, "schedule"),
			LR:       rapid.SampledFrom([]float64{1, 0.01}).Draw(t, "rate"), Decay: 0.125, Steps: 5,
		}
		params := gen.Moderate(3, 2).Draw(t, "parameters").Values
		var gradients [][]float64
		for range 6 {
			gradients = append(gradients, gen.Moderate(3, 1).Draw(t, "gradient").Values)
		}
		want, err := own.(props.Optimizer).Optimize(o, params, gradients)
		require.NoError(t, err)
		got, err := right.Optimize(o, params, gradients)
		require.NoError(t, err)
		agree(t, "parameters", flat(got), flat(want), 1e3*roundoff, 1)
	})
}

func TestTrainingAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := modelSpecs(t)
		m.Eps = 0.1
		layout, size := sizeOf(t, m)
		spec := train.Spec{Model: m, Batch: 65 + rapid.IntRange(0, 10).Draw(t, "batch"), Steps: 3, Workers: 2,
			Seed: rapid.Uint64().Draw(t, "seed"), Params: gen.Moderate(size, 0.5).Draw(t, "parameters").Values,
			Task: task.Spec{Tokens: m.Tokens, Length: m.Length, Alpha: 1,
				Parents: gen.Forests(m.Length, m.Length).Draw(t, "forest").Parents()},
			Optimizer: optim.Spec{Kind: "sgd", Schedule: "cosine", LR: 0.5, Decay: 0.01, Steps: 4}}
		if at := rapid.IntRange(-1, len(layout)-1).Draw(t, "block"); at >= 0 {
			spec.Only = layout[at].Name
		}
		want, losses, err := own.(props.Trainer).Train(spec)
		require.NoError(t, err)
		got, again, err := right.Train(spec)
		require.NoError(t, err)
		agree(t, "losses", again, losses, vectorTol, 1)
		agree(t, "parameters", got, want, vectorTol, 1)
	})
}

// TestBeyond: plain says what it does not cover, and refuses what makes no sense.
func TestBeyond(t *testing.T) {
	b := task.NewBatch(1, 3, 2)
	transformer := model.Spec{Kind: "transformer", Tokens: 2, Length: 3}
	_, err := right.Evaluate(transformer, nil, b)
	require.ErrorIs(t, err, errBeyond)
	_, _, err = right.Train(train.Spec{Model: transformer, Only: "wte"})
	require.ErrorIs(t, err, errBeyond)
	_, err = right.Evaluate(model.Spec{Kind: "reduced", Tokens: 2, Length: 3}, make([]float64, 12), b)
	require.ErrorContains(t, err, "12 parameters, want 13")
	_, err = right.Optimize(optim.Spec{Kind: "lion"}, nil, nil)
	require.ErrorContains(t, err, `optimizer "lion"`)
	_, _, err = right.Train(train.Spec{Model: model.Spec{Kind: "reduced", Tokens: 2, Length: 3}, Only: "A9"})
	require.ErrorContains(t, err, `block "A9"`)
}
