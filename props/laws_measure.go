package props

import (
	"fmt"
	"math"
	"slices"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

func measureLaws() []Law {
	needs := []Capability{CanMeasure}
	return []Law{
		{ID: "measure-definition", Source: section("1"), Needs: needs, Check: measureDefinition,
			Sentence: "Loss, irreducible loss and sup error are the means over sequences of -sum y log f, -sum y log y and max |f - y|."},
		{ID: "measure-perfect", Source: section("1"), Needs: needs, Check: measurePerfect,
			Sentence: "Predicting the targets gives the irreducible loss and no error, zeros included."},
		{ID: "measure-uniform", Source: section("1"), Needs: needs, Check: measureUniform,
			Sentence: "The uniform prediction has loss log S."},
		{ID: "measure-ranges", Source: section("1"), Needs: needs, Check: measureRanges,
			Sentence: "The irreducible loss is from 0 to log S, the sup error from 0 to 1, and no loss is below the irreducible one (Gibbs)."},
		{ID: "measure-pinsker", Source: section("1"), Needs: needs, Check: measurePinsker,
			Sentence: "The gap of the losses is at least twice the squared sup error: Pinsker's inequality, then Jensen's."},
		{ID: "measure-impossible", Source: section("1"), Needs: needs, Check: measureImpossible,
			Sentence: "A prediction of 0 where the target is not has an infinite loss; where the target is 0 too it costs nothing."},
		{ID: "measure-order", Source: section("1"), Needs: needs, Check: measureOrder,
			Sentence: "Permuting the sequences, or the tokens, changes no metric."},
		{ID: "measure-concatenation", Source: section("1"), Needs: needs, Check: measureConcatenation,
			Sentence: "The metrics of two batches together are the means of theirs weighted by size."},
		{ID: "measure-convex", Source: section("1"), Needs: needs, Check: measureConvex,
			Sentence: "A mixture of predictions is no worse than the mixture of their losses and errors (Jensen)."},
		{ID: "measure-shrinks", Source: section("5"), Needs: needs, Check: measureShrinks,
			Sentence: "Moving the predictions halfway to the targets halves the sup error and at least halves the gap."},
		{ID: "measure-of-evaluation", Source: section("1"), Needs: []Capability{CanMeasure, CanEvaluate},
			Check:    measureOfEvaluation,
			Sentence: "The measured loss of a model's predictions is the model's loss."},
	}
}

// scored is a batch with predictions.
type scored struct {
	t *rapid.T
	s Subject
	b *task.Batch
	f []float64
}

// drawScored draws predictions that are normalised small integers, at least
// least each: from 1 on no loss is infinite.
func drawScored(t *rapid.T, s Subject, least int) scored {
	size := drawTokens(t, 2, 4)
	b := gen.Batches(rapid.IntRange(1, 4).Draw(t, "sequences"), 3, size).Draw(t, "batch")
	return scored{t, s, b, drawPredictions(t, b.N, size, least)}
}

// drawPredictions draws n probability vectors over size tokens, row-major; least is the smallest weight of an entry.
func drawPredictions(t *rapid.T, n, size, least int) []float64 {
	rows := make([][]float64, n)
	var flat []float64
	for i := range rows {
		rows[i] = make([]float64, size)
		for a := range size {
			rows[i][a] = float64(rapid.IntRange(least, 9).Draw(t, "weight"))
		}
		rows[i][0]++ // never all 0
		flat = append(flat, gen.Normalised(rows[i : i+1])[0]...)
	}
	return flat
}

func (x scored) text() question {
	return question{}.With("--tokens %d", x.b.S).Where("predictions %v of %s", x.f, batchText(x.b))
}

func (x scored) measure() Measurement { return askMeasure(x.t, x.s, x.text(), x.b, x.f) }

func (x scored) with(f []float64) scored { x.f = f; return x }

// slack bounds the rounding of a loss: S terms of at most log 40 with a
// logarithm each, N sequences.
func (x scored) slack() float64 { return 8 * float64(x.b.S+x.b.N+8) * x.s.Roundoff() }

// same demands equal metrics up to rounding.
func (x scored) same(got, want Measurement) {
	within(x.t, x.text(), "loss", got.Loss, want.Loss, 2*x.slack())
	within(x.t, x.text(), "irreducible loss", got.Irreducible, want.Irreducible, 2*x.slack())
	within(x.t, x.text(), "sup error", got.SupError, want.SupError, 2*x.slack())
}

// definition is the metrics term by term.
func (x scored) definition() Measurement {
	var m Measurement
	for n := range x.b.N {
		worst := 0.0
		for a, y := range x.b.Target(n) {
			f := x.f[n*x.b.S+a]
			if y > 0 {
				m.Loss -= y * math.Log(f)
				m.Irreducible -= y * math.Log(y)
			}
			worst = math.Max(worst, math.Abs(f-y))
		}
		m.SupError += worst
	}
	size := float64(x.b.N)
	return Measurement{m.Loss / size, m.Irreducible / size, m.SupError / size}
}

func measureDefinition(t *rapid.T, s Subject) {
	x := drawScored(t, s, 1)
	x.same(x.measure(), x.definition())
}

func measurePerfect(t *rapid.T, s Subject) {
	x := drawScored(t, s, 1)
	x = x.with(x.b.Targets)
	m := x.measure()
	within(t, x.text(), "loss less the irreducible loss", m.Loss-m.Irreducible, 0, x.slack())
	within(t, x.text(), "sup error", m.SupError, 0, 0)
}

func measureUniform(t *rapid.T, s Subject) {
	x := drawScored(t, s, 1)
	x = x.with(slices.Repeat([]float64{1 / float64(x.b.S)}, len(x.f)))
	within(t, x.text(), "loss", x.measure().Loss, math.Log(float64(x.b.S)), x.slack())
}

func measureRanges(t *rapid.T, s Subject) {
	x := drawScored(t, s, 0)
	m := x.measure()
	atLeast(t, x.text(), "irreducible loss", m.Irreducible, 0, x.slack())
	atMost(t, x.text(), "irreducible loss", m.Irreducible, math.Log(float64(x.b.S)), x.slack())
	atLeast(t, x.text(), "sup error", m.SupError, 0, 0)
	atMost(t, x.text(), "sup error", m.SupError, 1, x.slack())
	atLeast(t, x.text(), "loss", m.Loss, m.Irreducible, x.slack())
}

// measurePinsker: a sequence's gap is KL(y|f) >= 2 TV^2, and the total
// variation TV is at least max |f - y|, the two rows having the same sum; the
// mean of squares is at least the square of the mean.
func measurePinsker(t *rapid.T, s Subject) {
	x := drawScored(t, s, 0)
	m := x.measure()
	atLeast(t, x.text(), "loss less the irreducible loss", m.Loss-m.Irreducible, 2*m.SupError*m.SupError, 4*x.slack())
}

func measureImpossible(t *rapid.T, s Subject) {
	x := drawScored(t, s, 1)
	n, a := rapid.IntRange(0, x.b.N-1).Draw(t, "sequence"), rapid.IntRange(0, x.b.S-1).Draw(t, "token")
	y, f := x.b.Target(n), x.f[n*x.b.S:(n+1)*x.b.S]
	other := (a + 1) % x.b.S
	f[other], f[a] = f[other]+f[a], 0
	y[other], y[a] = y[other]+y[a], 0
	want := x.definition()
	x.same(x.measure(), want)
	y[a], y[other] = y[other], 0
	if y[a] > 0 {
		m := x.measure()
		demand(t, x.text(), math.IsInf(m.Loss, 1), "loss", "+Inf", fmt.Sprint(m.Loss))
	}
}

func measureOrder(t *rapid.T, s Subject) {
	x := drawScored(t, s, 1)
	order := rapid.Permutation(identity(x.b.N)).Draw(t, "order")
	tokens := rapid.Permutation(identity(x.b.S)).Draw(t, "tokens")
	y := x
	y.b, y.f = gathered(x.b, order), gatheredRows(x.f, x.b.S, order)
	f, targets := make([]float64, len(y.f)), make([]float64, len(y.f))
	for i := range f {
		to := i/x.b.S*x.b.S + tokens[i%x.b.S]
		f[to], targets[to] = y.f[i], y.b.Targets[i]
	}
	y.f, y.b.Targets = f, targets
	y.same(y.measure(), x.measure())
}

func measureConcatenation(t *rapid.T, s Subject) {
	x := drawScored(t, s, 1)
	if x.b.N < 2 {
		leaveOut(t, noClaim, "one sequence")
	}
	at := rapid.IntRange(1, x.b.N-1).Draw(t, "cut")
	a, b := x, x
	a.b, a.f = x.b.Slice(0, at), x.f[:at*x.b.S]
	b.b, b.f = x.b.Slice(at, x.b.N), x.f[at*x.b.S:]
	x.same(x.measure(), mixture(a.measure(), b.measure(), float64(at)/float64(x.b.N)))
}

// mixture is w a + (1-w) b.
func mixture(a, b Measurement, w float64) Measurement {
	mix := func(a, b float64) float64 { return w*a + (1-w)*b }
	return Measurement{mix(a.Loss, b.Loss), mix(a.Irreducible, b.Irreducible), mix(a.SupError, b.SupError)}
}

func mixed(f, g []float64) []float64 {
	out := make([]float64, len(f))
	for i := range out {
		out[i] = (f[i] + g[i]) / 2
	}
	return out
}

func measureConvex(t *rapid.T, s Subject) {
	x := drawScored(t, s, 1)
	y := x.with(drawPredictions(t, x.b.N, x.b.S, 1))
	bound := mixture(x.measure(), y.measure(), 0.5)
	both := x.with(mixed(x.f, y.f))
	m := both.measure()
	atMost(t, both.text(), "loss", m.Loss, bound.Loss, 2*x.slack())
	atMost(t, both.text(), "sup error", m.SupError, bound.SupError, 2*x.slack())
}

func measureShrinks(t *rapid.T, s Subject) {
	x := drawScored(t, s, 1)
	half := x.with(mixed(x.f, x.b.Targets))
	m, h := x.measure(), half.measure()
	within(t, half.text(), "sup error", h.SupError, m.SupError/2, 2*x.slack())
	atMost(t, half.text(), "loss less the irreducible loss", h.Loss-h.Irreducible, (m.Loss-m.Irreducible)/2, 4*x.slack())
}

func measureOfEvaluation(t *rapid.T, s Subject) {
	m := smoothTrial(t, s, model.KindDisentangled, model.KindTransformer)
	e, r := m.Evaluate(), m.bounds()
	x := scored{t, s, m.Batch, e.Predictions}
	within(t, m.text(), "measured loss", x.measure().Loss, e.Loss, r.loss.error+r.prediction+x.slack())
}
