package props

import (
	"fmt"
	"slices"
	"strings"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

func modelLaws() []Law {
	return slices.Concat(gradientLaws(), valueLaws(), attentionLaws(), shiftLaws(), modelSymmetryLaws(),
		transformerLaws(), batchLaws(), convexLaws(), linkLaws())
}

// trial is a drawn model with parameters and a batch of arbitrary tokens: what
// holds for a model holds for every batch.
type trial struct {
	T      *rapid.T
	S      Subject
	Spec   model.Spec
	Layout model.Layout
	Params []float64
	Batch  *task.Batch
}

// headShapes are the shapes of disentangled models: up to three layers.
var headShapes = [][]int{{1, 1}, {1}, {2, 1}, {2}, {1, 2}, {1, 1, 1}, {2, 1, 1}}

// drawModel draws a small model of one of the kinds.
func drawModel(t *rapid.T, kinds ...string) model.Spec {
	m := model.Spec{Kind: rapid.SampledFrom(kindsInScope(t, kinds)).Draw(t, "model"),
		Tokens: drawTokens(t, 2, 4), Length: drawLength(t, 3, 5)}
	switch m.Kind {
	case model.KindDisentangled:
		m.Heads = rapid.SampledFrom(headShapes).Draw(t, "heads")
	case model.KindReduced:
		m.Eps = rapid.SampledFrom([]float64{0.125, 0, 0x1p-10}).Draw(t, "eps")
		observe(t, "eps", m.Eps > 0)
	case model.KindTransformer:
		m.Layers = rapid.IntRange(1, 2).Draw(t, "layers")
	}
	return m
}

// drawTrial draws a model with parameters from 0 to saturating.
func drawTrial(t *rapid.T, s Subject, kinds ...string) trial {
	x := newTrial(t, s, drawModel(t, kinds...))
	params := gen.Parameters(len(x.Params))
	if pinned(t, saturation) {
		params = gen.ParametersOf("saturating", len(x.Params))
	}
	p := params.Draw(t, "params")
	x.Params = p.Values
	tabulate(t, x.Spec.Kind+" parameters", p.Class)
	met(t, saturation, p.Class == "saturating")
	return x
}

// smoothTrial draws a model with parameters at which derivatives of all orders
// are moderate.
func smoothTrial(t *rapid.T, s Subject, kinds ...string) trial {
	return smoothOf(t, s, drawModel(t, kinds...))
}

func smoothOf(t *rapid.T, s Subject, m model.Spec) trial {
	x := newTrial(t, s, m)
	scale := rapid.SampledFrom([]float64{0, 0.25, 0.5, 1}).Draw(t, "scale")
	if m.Kind == model.KindTransformer {
		scale /= 4 // its features grow with each layer
	}
	x.Params = gen.Moderate(len(x.Params), scale).Draw(t, "params").Values
	return x
}

// newTrial draws the batch; the parameters are 0.
func newTrial(t *rapid.T, s Subject, m model.Spec) trial {
	x := trial{T: t, S: s, Spec: m, Layout: layoutOf(t, m)}
	x.Params = make([]float64, x.Layout.Size())
	x.Batch = gen.Batches(rapid.IntRange(1, 3).Draw(t, "sequences"), m.Length, m.Tokens).Draw(t, "batch")
	if m.Kind == model.KindReduced && m.Eps == 0 {
		support(x.Batch)
	}
	return x
}

// layoutOf is the layout of the model's parameters.
func layoutOf(t *rapid.T, m model.Spec) model.Layout {
	k, err := m.Model()
	if err != nil {
		t.Fatalf("a law drew a model that does not exist: %v", err)
	}
	return k.Layout()
}

// support moves each target's mass to tokens that its sequence holds, without
// which the reduced model's loss is infinite at eps = 0.
func support(b *task.Batch) {
	for n := range b.N {
		y := b.Target(n)
		for s, v := range y {
			if !slices.Contains(b.Sequence(n), uint16(s)) {
				y[s] = 0
				y[b.Sequence(n)[b.T-1]] += v
			}
		}
	}
}

// block is the part of flat that a block names.
func (x trial) block(flat []float64, name string) []float64 {
	b, err := x.Layout.Block(name)
	if err != nil {
		x.T.Fatalf("a law named a block that does not exist: %v", err)
	}
	return b.Of(flat)
}

// With is the trial at other parameters.
func (x trial) With(params []float64) trial {
	x.Params = params
	return x
}

// on is the trial on another batch.
func (x trial) on(b *task.Batch) trial {
	x.Batch = b
	return x
}

// Evaluate asks the subject for loss, predictions and gradient.
func (x trial) Evaluate() Evaluation {
	return askEvaluate(x.T, x.S, x.text(), x.Spec, x.Params, x.Batch)
}

// Attention asks the subject for the first layer's weights.
func (x trial) Attention() []float64 {
	return askAttention(x.T, x.S, x.text(), x.Spec, x.Params, x.Batch)
}

// bounds are those of the trial for directions within the named blocks, all if none.
func (x trial) bounds(blocks ...string) bounds {
	touched := func(b string) bool { return len(blocks) == 0 || slices.Contains(blocks, b) }
	return boundsOf(x.Spec, x.Layout, x.Params, touched, x.Batch.N, x.S.Roundoff())
}

// agree demands that got is want up to the rounding of both, gradients apart.
func (x trial) agree(what string, got, want Evaluation) {
	r := x.bounds()
	within(x.T, x.text(), "loss "+what, got.Loss, want.Loss, 2*r.loss.error)
	withinAll(x.T, x.text(), "predictions "+what, got.Predictions, want.Predictions, 2*r.prediction)
}

// agreeGradients demands it of the gradients, block by block.
func (x trial) agreeGradients(what string, got, want []float64) {
	for _, b := range x.Layout {
		withinAll(x.T, x.text(), fmt.Sprintf("gradient of %s %s", b.Name, what),
			b.Of(got), b.Of(want), 2*x.bounds(b.Name).loss.slopeError)
	}
}

// Text is the case in words; entries that are 0 are left out.
func (x trial) text() question {
	m := x.Spec
	c := question{}.With("--model %s --tokens %d --length %d", m.Kind, m.Tokens, m.Length)
	switch m.Kind {
	case model.KindDisentangled:
		c = c.With("--heads %s", headsText(m))
	case model.KindReduced:
		c = c.With("--eps %v", m.Eps)
	case model.KindTransformer:
		c = c.Where("%d layers", m.Layers)
	}
	return c.Where("at %s on %s", paramsText(x.Layout, x.Params), batchText(x.Batch))
}

// headsText is the heads as the flag --heads reads them.
func headsText(m model.Spec) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(m.Heads), " ", ","), "[]")
}

// shown bounds how many parameters a case prints.
const shown = 24

func paramsText(layout model.Layout, params []float64) string {
	var words []string
	rest := 0
	for _, b := range layout {
		for i, v := range b.Of(params) {
			if v == 0 {
				continue
			}
			if len(words) < shown {
				words = append(words, fmt.Sprintf("%s[%d][%d]=%v", b.Name, i/b.Cols, i%b.Cols, v))
			} else {
				rest++
			}
		}
	}
	switch {
	case len(words) == 0:
		return "zero parameters"
	case rest > 0:
		words = append(words, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(words, " ")
}

func batchText(b *task.Batch) string {
	var words []string
	for n := range b.N {
		words = append(words, fmt.Sprintf("%v -> %.4g", b.Sequence(n), b.Target(n)))
	}
	return strings.Join(words, "; ")
}
