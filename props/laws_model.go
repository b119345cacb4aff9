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

// The kinds of ModelSpec.
const (
	disentangled = "disentangled"
	reduced      = "reduced"
	transformer  = "transformer"
)

// trial is a drawn model with parameters and a batch of arbitrary tokens: what
// holds for a model holds for every batch.
type trial struct {
	t      *rapid.T
	s      Subject
	spec   ModelSpec
	layout model.Layout
	params []float64
	batch  *task.Batch
}

// headShapes are the shapes of disentangled models: up to three layers.
var headShapes = [][]int{{1, 1}, {1}, {2, 1}, {2}, {1, 2}, {1, 1, 1}, {2, 1, 1}}

// drawModel draws a small model of one of the kinds.
func drawModel(t *rapid.T, kinds ...string) ModelSpec {
	m := ModelSpec{Kind: rapid.SampledFrom(kinds).Draw(t, "model"),
		Tokens: rapid.IntRange(2, 4).Draw(t, "tokens"), Length: rapid.IntRange(3, 5).Draw(t, "length")}
	switch m.Kind {
	case disentangled:
		m.Heads = rapid.SampledFrom(headShapes).Draw(t, "heads")
	case reduced:
		m.Eps = rapid.SampledFrom([]float64{0.125, 0, 0x1p-10}).Draw(t, "eps")
		Observe(t, "eps", m.Eps > 0)
	case transformer:
		m.Layers = rapid.IntRange(1, 2).Draw(t, "layers")
	}
	return m
}

// drawTrial draws a model with parameters from 0 to saturating.
func drawTrial(t *rapid.T, s Subject, kinds ...string) trial {
	x := newTrial(t, s, drawModel(t, kinds...))
	p := gen.Parameters(len(x.params)).Draw(t, "params")
	x.params = p.Values
	Tabulate(t, x.spec.Kind+" parameters", p.Class)
	return x
}

// smoothTrial draws a model with parameters at which derivatives of all orders
// are moderate.
func smoothTrial(t *rapid.T, s Subject, kinds ...string) trial {
	return smoothOf(t, s, drawModel(t, kinds...))
}

func smoothOf(t *rapid.T, s Subject, m ModelSpec) trial {
	x := newTrial(t, s, m)
	scale := rapid.SampledFrom([]float64{0, 0.25, 0.5, 1}).Draw(t, "scale")
	if m.Kind == transformer {
		scale /= 4 // its features grow with each layer
	}
	x.params = gen.Moderate(len(x.params), scale).Draw(t, "params").Values
	return x
}

// newTrial draws the batch; the parameters are 0.
func newTrial(t *rapid.T, s Subject, m ModelSpec) trial {
	x := trial{t: t, s: s, spec: m, layout: layoutOf(t, m)}
	x.params = make([]float64, x.layout.Size())
	x.batch = gen.Batches(rapid.IntRange(1, 3).Draw(t, "sequences"), m.Length, m.Tokens).Draw(t, "batch")
	if m.Kind == reduced && m.Eps == 0 {
		support(x.batch)
	}
	return x
}

func layoutOf(t *rapid.T, m ModelSpec) model.Layout {
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
	b, err := x.layout.Block(name)
	if err != nil {
		x.t.Fatalf("a law named a block that does not exist: %v", err)
	}
	return b.Of(flat)
}

// with is the trial at other parameters.
func (x trial) with(params []float64) trial {
	x.params = params
	return x
}

// on is the trial on another batch.
func (x trial) on(b *task.Batch) trial {
	x.batch = b
	return x
}

func (x trial) evaluate() Evaluation {
	return askEvaluate(x.t, x.s, x.text(), x.spec, x.params, x.batch)
}

func (x trial) attention() []float64 {
	return askAttention(x.t, x.s, x.text(), x.spec, x.params, x.batch)
}

// reach bounds the trial for directions within the named blocks, all if none.
func (x trial) reach(blocks ...string) reaches {
	touched := func(b string) bool { return len(blocks) == 0 || slices.Contains(blocks, b) }
	return reachOf(x.spec, x.layout, x.params, touched, x.batch.N, x.s.Roundoff())
}

// agree demands that got is want up to the rounding of both, gradients apart.
func (x trial) agree(what string, got, want Evaluation) {
	r := x.reach()
	within(x.t, x.text(), "loss "+what, got.Loss, want.Loss, 2*r.loss.error)
	withinAll(x.t, x.text(), "predictions "+what, got.Predictions, want.Predictions, 2*r.prediction)
}

// agreeGradients demands it of the gradients, block by block.
func (x trial) agreeGradients(what string, got, want []float64) {
	for _, b := range x.layout {
		withinAll(x.t, x.text(), fmt.Sprintf("gradient of %s %s", b.Name, what),
			b.Of(got), b.Of(want), 2*x.reach(b.Name).loss.slip)
	}
}

// text is the case in words; entries that are 0 are left out.
func (x trial) text() Case {
	m := x.spec
	c := Case{}.with("--model %s --tokens %d --length %d", m.Kind, m.Tokens, m.Length)
	switch m.Kind {
	case disentangled:
		c = c.with("--heads %s", headsText(m))
	case reduced:
		c = c.with("--eps %v", m.Eps)
	case transformer:
		c = c.where("%d layers", m.Layers)
	}
	return c.where("at %s on %s", paramsText(x.layout, x.params), batchText(x.batch))
}

// headsText is the heads as the flag --heads reads them.
func headsText(m ModelSpec) string {
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
