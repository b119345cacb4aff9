package props

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props/outcome"
	"causalgrad/theory/graph"
	"github.com/stretchr/testify/require"
)

// spoiled is the built-in subject with some answers replaced.
type spoiled struct {
	builtin
	evaluate  func(m model.Spec, p []float64, b *task.Batch) Evaluation
	attention func(m model.Spec, p []float64, b *task.Batch) []float64
	estimate  func(t task.Spec, b *task.Batch, alpha float64) []float64
	firstStep func(f graph.Forest, chain [][]float64, eps float64) [][]float64
	optimize  func(o optim.Spec, p []float64, g [][]float64) [][]float64
	train     func(r train.Spec) training
	measure   func(b *task.Batch, f []float64) Measurement
}

func (s spoiled) Evaluate(m model.Spec, p []float64, b *task.Batch) (Evaluation, error) {
	if s.evaluate == nil {
		return s.builtin.Evaluate(m, p, b)
	}
	return s.evaluate(m, p, b), nil
}

func (s spoiled) Attention(m model.Spec, p []float64, b *task.Batch) ([]float64, error) {
	if s.attention == nil {
		return s.builtin.Attention(m, p, b)
	}
	return s.attention(m, p, b), nil
}

func (s spoiled) CountEstimate(t task.Spec, b *task.Batch, alpha float64) ([]float64, error) {
	if s.estimate == nil {
		return s.builtin.CountEstimate(t, b, alpha)
	}
	return s.estimate(t, b, alpha), nil
}

func (s spoiled) FirstStep(f graph.Forest, chain [][]float64, eps float64) ([][]float64, error) {
	if s.firstStep == nil {
		return s.builtin.FirstStep(f, chain, eps)
	}
	return s.firstStep(f, chain, eps), nil
}

func (s spoiled) Optimize(o optim.Spec, p []float64, g [][]float64) ([][]float64, error) {
	if s.optimize == nil {
		return s.builtin.Optimize(o, p, g)
	}
	return s.optimize(o, p, g), nil
}

func (s spoiled) Train(r train.Spec) (params, losses []float64, err error) {
	if s.train == nil {
		return s.builtin.Train(r)
	}
	answer := s.train(r)
	return answer.Params, answer.Losses, nil
}

func (s spoiled) Measure(b *task.Batch, f []float64) (Measurement, error) {
	if s.measure == nil {
		return s.builtin.Measure(b, f)
	}
	return s.measure(b, f), nil
}

// right gives the built-in subject's answers to a spoiled one.
func right[T any](answer T, err error) T {
	if err != nil {
		panic(err)
	}
	return answer
}

func rightEvaluation(m model.Spec, p []float64, b *task.Batch) Evaluation {
	return right(builtin{}.Evaluate(m, p, b))
}

func rightAttention(m model.Spec, p []float64, b *task.Batch) []float64 {
	return right(builtin{}.Attention(m, p, b))
}

// requireCaught demands that every law has its spoiled subject, and fails on it:
// a run ends with its first failure, so that many draws cost little and no seed
// misses a mistake that one draw in ten shows.
func requireCaught(t *testing.T, laws []Law, broken map[string]spoiled) {
	t.Helper()
	for _, l := range laws {
		s, ok := broken[l.ID]
		require.True(t, ok, "no subject breaks law %s", l.ID)
		r := Run([]Law{l}, s, Options{Draws: 1000, Shrinks: -1})[0]
		require.Equal(t, outcome.Failed, r.Verdict, "%s", r)
		require.NotContains(t, r.Failure.Case, "did not say", l.ID)
	}
	require.Len(t, broken, len(laws))
}

// requirePassed demands that no law fails on s.
func requirePassed(t *testing.T, laws []Law, s Subject) {
	t.Helper()
	for _, r := range Run(laws, s, Options{}) {
		require.Equal(t, outcome.Passed, r.Verdict, "%s", r)
	}
}

// after changes the answer.
func after(change func(m model.Spec, b *task.Batch, e *Evaluation)) spoiled {
	return spoiled{evaluate: func(m model.Spec, p []float64, b *task.Batch) Evaluation {
		e := rightEvaluation(m, p, b)
		change(m, b, &e)
		return e
	}}
}

// before changes the question.
func before(change func(m model.Spec, p []float64, b *task.Batch)) spoiled {
	return spoiled{evaluate: func(m model.Spec, p []float64, b *task.Batch) Evaluation {
		q, c := slices.Clone(p), *b
		c.Tokens, c.Targets = slices.Clone(b.Tokens), slices.Clone(b.Targets)
		change(m, q, &c)
		return rightEvaluation(m, q, &c)
	}}
}

// blocks calls visit for each block of a flat vector.
func blocks(m model.Spec, flat []float64, visit func(name string, rows, cols int, part []float64)) {
	for _, b := range right(m.Model()).Layout() {
		visit(b.Name, b.Rows, b.Cols, b.Of(flat))
	}
}

func scaledGradient(c float64) spoiled {
	return after(func(_ model.Spec, _ *task.Batch, e *Evaluation) {
		for i := range e.Gradient {
			e.Gradient[i] *= c
		}
	})
}

// without drops the gradient of entries that a block's name and index name.
func without(drop func(block string, i int) bool) spoiled {
	return after(func(m model.Spec, _ *task.Batch, e *Evaluation) {
		blocks(m, e.Gradient, func(name string, _, _ int, part []float64) {
			for i := range part {
				if drop(name, i) {
					part[i] = 0
				}
			}
		})
	})
}

// summed is the sum over the batch where the mean is meant.
var summed = after(func(_ model.Spec, b *task.Batch, e *Evaluation) {
	e.Loss *= float64(b.N)
	for i := range e.Gradient {
		e.Gradient[i] *= float64(b.N)
	}
})

// regularised adds |p|^2 to the loss.
var regularised = spoiled{evaluate: func(m model.Spec, p []float64, b *task.Batch) Evaluation {
	e := rightEvaluation(m, p, b)
	for i, v := range p {
		e.Loss += 1e-6 * v * v
		e.Gradient[i] += 2e-6 * v
	}
	return e
}}

// transposed reads every square matrix by its columns.
var transposed = before(func(m model.Spec, p []float64, _ *task.Batch) {
	blocks(m, p, func(_ string, rows, cols int, part []float64) {
		if rows == cols {
			copied := slices.Clone(part)
			for i := range part {
				part[i] = copied[i%cols*cols+i/cols]
			}
		}
	})
})

// sampledTarget takes the likeliest token for the row.
var sampledTarget = before(func(_ model.Spec, _ []float64, b *task.Batch) {
	for n := range b.N {
		y := b.Target(n)
		at := slices.Index(y, slices.Max(y))
		clear(y)
		y[at] = 1
	}
})

// wrapped reads the last token where the first is meant.
var wrapped = before(func(_ model.Spec, _ []float64, b *task.Batch) {
	for n := range b.N {
		b.Sequence(n)[0] = b.Sequence(n)[b.T-1]
	}
})

// staleBuffer lets each sequence begin with the token of the one before it.
var staleBuffer = before(func(_ model.Spec, _ []float64, b *task.Batch) {
	for n := b.N - 1; n > 0; n-- {
		b.Sequence(n)[0] = b.Sequence(n - 1)[0]
	}
})

// coldSoftmax spoils attention: scores are divided by 1000.
var coldSoftmax = spoiled{attention: func(m model.Spec, p []float64, b *task.Batch) []float64 {
	q := slices.Clone(p)
	for i := range q {
		q[i] /= 1000
	}
	return rightAttention(m, q, b)
}}

// peeking attends with the token that comes next.
var peeking = spoiled{attention: func(m model.Spec, p []float64, b *task.Batch) []float64 {
	c := *b
	c.Tokens = append(slices.Clone(b.Tokens[1:]), b.Tokens[0])
	return rightAttention(m, p, &c)
}}

// everyModelLaw: for each law a small mistake that it must notice.
func everyModelLaw() map[string]spoiled {
	faint := scaledGradient(1 + 1e-9)
	relativeLoss := after(func(_ model.Spec, _ *task.Batch, e *Evaluation) { e.Loss *= 1 + 1e-10 })
	negative := scaledGradient(-1)
	broken := map[string]spoiled{
		"gradient-exact-disentangled": faint, "gradient-exact-reduced": faint, "gradient-exact-transformer": faint,
		"gradient-difference-disentangled": without(func(b string, _ int) bool { return b == "A0.0" }),
		"gradient-difference-reduced":      scaledGradient(1 + 1e-4),
		"gradient-difference-transformer":  without(func(b string, _ int) bool { return b == "mlp0.b1" }),
		"prediction-distribution": after(func(_ model.Spec, _ *task.Batch, e *Evaluation) {
			e.Predictions[0] += 1e-13
		}),
		"loss-cross-entropy": after(func(m model.Spec, _ *task.Batch, e *Evaluation) {
			e.Loss -= m.Eps // misplaced
		}),
		"loss-finite": after(func(_ model.Spec, b *task.Batch, e *Evaluation) {
			e.Loss = meanCrossEntropy(b, e.Predictions, 0)
		}),
		"zero-parameters": summed,
		"zero-reduced": before(func(_ model.Spec, _ []float64, b *task.Batch) {
			for n := range b.N {
				b.Sequence(n)[b.T-1] = b.Sequence(n)[0]
			}
		}),
		"readout-first": after(func(m model.Spec, _ *task.Batch, e *Evaluation) { e.Gradient[0] += 1e-30 }),
		"eps-in-loss-alone": after(func(m model.Spec, b *task.Batch, e *Evaluation) {
			for i := range e.Predictions {
				e.Predictions[i] = (e.Predictions[i] + m.Eps) / (1 + float64(b.S)*m.Eps)
			}
		}),
		"target-linearity": sampledTarget, "gradient-vanishes-at-own-prediction": sampledTarget,
		"gibbs":                        after(func(_ model.Spec, _ *task.Batch, e *Evaluation) { e.Loss *= 0.9 }),
		"evaluation-exact-reduced":     relativeLoss,
		"evaluation-exact-transformer": relativeLoss, "evaluation-exact-disentangled": relativeLoss,

		"attention-distribution": {attention: func(m model.Spec, p []float64, b *task.Batch) []float64 {
			a := rightAttention(m, p, b)
			a[1] = 1e-300 // a mask that is only nearly one
			return a
		}},
		"attention-uniform-at-zero": {attention: func(m model.Spec, p []float64, b *task.Batch) []float64 {
			a := rightAttention(m, p, b)
			for i := range a {
				a[i] *= float64(i/b.T%b.T+1) / float64(b.T) // 1/T for 1/i
			}
			return a
		}},
		"attention-causal": peeking,
		"attention-of-positions": {attention: func(m model.Spec, p []float64, b *task.Batch) []float64 {
			a := rightAttention(m, p, b)
			for n := range b.N {
				if b.Sequence(n)[0] == 0 {
					slices.Reverse(a[n*b.T*b.T+b.T:][:2])
				}
			}
			return a
		}},
		"attention-hard":               coldSoftmax,
		"attention-exact-disentangled": peeking, "attention-exact-transformer": peeking, "attention-exact-reduced": coldSoftmax,
		"masked-parameters": transposed, "idle-queries": transposed,
		"absent-tokens": before(func(_ model.Spec, _ []float64, b *task.Batch) { b.Tokens[0] = (b.Tokens[0] + 1) % uint16(b.S) }),

		"shift-reduced-positions": regularised, "shift-reduced-tokens": regularised, "shift-scores": regularised,
		"shift-logits": regularised, "exchange-features": regularised, "exchange-embeddings": regularised,

		"model-token-relabelling": after(func(_ model.Spec, _ *task.Batch, e *Evaluation) { e.Predictions[0] *= 1 + 1e-9 }),
		"head-permutation":        without(func(b string, _ int) bool { return strings.HasSuffix(b, ".1") }),
		"equal-heads":             without(func(b string, _ int) bool { return strings.HasSuffix(b, ".1") }),
		"inert-head": after(func(m model.Spec, _ *task.Batch, e *Evaluation) {
			e.Loss *= 1 + 1e-9*float64(m.Heads[0])
		}),
		"position-relabelling": wrapped, "unlinked-neighbours": wrapped,

		"relu-homogeneity":    regularised,
		"hidden-permutation":  without(func(b string, i int) bool { return b == "mlp0.b0" && i == 0 }),
		"feature-permutation": without(func(b string, i int) bool { return b == "mlp0.b1" && i == 0 }),
		"silent-mlp": before(func(m model.Spec, p []float64, _ *task.Batch) {
			blocks(m, p, func(name string, _, cols int, part []float64) {
				if name == "wpe" {
					copy(part[cols:], slices.Clone(part)) // shifted by one
				}
			})
		}),

		"batch-order": after(func(_ model.Spec, b *task.Batch, e *Evaluation) {
			e.Loss += 1e-9 * float64(b.Tokens[0]) // the first sequence counts for more
		}),
		"batch-concatenation": summed, "batch-duplication": summed, "sequence-independence": staleBuffer,
		"convex-in-readout": scaledGradient(1.5), "smooth-in-readout": negative, "descent": negative,

		"reduced-in-disentangled": {evaluate: func(m model.Spec, p []float64, b *task.Batch) Evaluation {
			if m.Kind == model.KindReduced {
				return transposed.evaluate(m, p, b)
			}
			return rightEvaluation(m, p, b)
		}},
		"hard-attention-counts": wrapped,
		"construction-count-estimator": {estimate: func(t task.Spec, b *task.Batch, alpha float64) []float64 {
			return right(builtin{}.CountEstimate(t, b, alpha+1e-6))
		}},
		"first-step-sampled": {firstStep: func(f graph.Forest, chain [][]float64, eps float64) [][]float64 {
			g := right(builtin{}.FirstStep(f, chain, eps))
			for i, row := range g {
				for k := range row {
					row[k] *= float64(i + 1) // the factor 1/i
				}
			}
			return g
		}},
	}
	return broken
}

func TestEveryModelLawCatchesAMistake(t *testing.T) { requireCaught(t, modelLaws(), everyModelLaw()) }

// TestWideArithmetic checks the laws' own arithmetic on identities whose error
// is visible in 106 bits: a result may be off by a few of 2^-104.
func TestWideArithmetic(t *testing.T) {
	one := wide{hi: 1}
	near := func(got, want wide, what string) {
		require.LessOrEqual(t, math.Abs(got.minus(want).hi), 0x1p-100*math.Max(math.Abs(want.hi), 1), what)
	}
	for _, v := range []float64{0.1, 1, 3, 7.5, 1e-3, 40} {
		x := wide{hi: v}
		what := fmt.Sprint(v)
		near(one.over(x).times(x), one, "reciprocal "+what)
		near(x.sqrt().times(x.sqrt()), x, "root "+what)
		near(x.exp().log(), x, "exp and log "+what)
		near(x.plus(one).exp().over(x.exp()), one.exp(), "exp of a sum "+what)
		near(x.exp().times(x.negative().exp()), one, "exp of the negative "+what)
		near(x.times(x).log(), x.log().plus(x.log()), "log of a square "+what)
	}
	// e to 106 bits, from its series.
	e, term := one, one
	for n := 1.0; n < 35; n++ {
		term = term.over(wide{hi: n})
		e = e.plus(term)
	}
	near(one.exp(), e, "e")
}

// TestDualNumbers: (x^2/(1+x) + exp(-x) log(x))' by hand.
func TestDualNumbers(t *testing.T) {
	x := dual{wide{hi: 0.75}, wide{hi: 1}}
	y := x.times(x).over(x.plus(constant(1))).plus(constant(0).minus(x).exp().times(x.log()))
	v := 0.75
	want := (v*v+2*v)/((1+v)*(1+v)) - math.Exp(-v)*math.Log(v) + math.Exp(-v)/v
	require.LessOrEqual(t, math.Abs(y.slope.hi-want), 16*0x1p-53)
}

// TestRoundingBoundsAreSharp: the bounds must not hide single precision. At
// moderate parameters they are below its unit roundoff, 2^-24.
func TestRoundingBoundsAreSharp(t *testing.T) {
	for _, m := range []model.Spec{
		{Kind: model.KindDisentangled, Tokens: 3, Length: 4, Heads: []int{1, 1}},
		{Kind: model.KindReduced, Tokens: 3, Length: 4, Eps: 0.125},
		{Kind: model.KindTransformer, Tokens: 2, Length: 3, Layers: 1},
	} {
		layout := right(m.Model()).Layout()
		params := slices.Repeat([]float64{0.25}, layout.Size())
		r := boundsOf(m, layout, params, func(string) bool { return true }, 2, 0x1p-53)
		for what, v := range map[string]float64{"loss": r.loss.error, "prediction": r.prediction, "gradient": r.loss.slopeError} {
			require.Less(t, v, 0x1p-24, "%s of %s", what, m.Kind)
			require.Positive(t, v, "%s of %s", what, m.Kind)
		}
	}
}
