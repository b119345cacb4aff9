package implaws

import (
	"fmt"
	"math"
	"slices"

	"causalgrad/impl/measure"
	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

// lossesLaws are about the numbers that a record keeps of trained parameters.
func lossesLaws() []props.Law {
	summarises := []props.Capability{CanSummarise}
	const source = "theory.md sections 1 and 7"
	return []props.Law{
		{ID: "losses-perfect", Source: source, Needs: summarises, Draws: 30, Check: lossesPerfect,
			Sentence: "A model that predicts a known chain's rows has the irreducible loss with a gap of exactly no spread, no sup error and no calibration error."},
		{ID: "losses-constant", Source: source, Needs: summarises, Draws: 30, Check: lossesConstant,
			Sentence: "On a chain with equal rows y every number has its closed form and no spread: log S, H(y), max |1/S - y|, |1/S - y_0|."},
		{ID: "losses-counted", Source: source, Needs: summarises, Draws: 30, Check: lossesCounted,
			Sentence: "On whole rounds of a chain that goes round the count estimator sees the same count in every sequence: its loss, sup and calibration errors follow."},
		{ID: "losses-calibration", Source: source, Needs: summarises, Draws: 20, Check: lossesCalibration,
			Sentence: "Over- and underconfidence of one bin cancel: a uniform prediction on a symmetric chain of two tokens is off by |a - 1/2| a sequence, up or down by the last token."},
		{ID: "losses-identities", Source: source, Needs: summarises, Draws: 30, Check: lossesIdentities,
			Sentence: "Gaps are differences of the means, their errors obey the triangle inequality of paired data, no loss is below the irreducible one, and calibration errors are from 0 to 1."},
		{ID: "losses-workers", Source: "architecture, determinism", Needs: summarises, Draws: 10, Check: lossesWorkers,
			Sentence: "Losses and average attention have the same bits with any number of workers; another stage or purpose has other sequences."},
		{ID: "losses-refusals", Source: source, Needs: summarises, Draws: 5, Check: lossesRefusals,
			Sentence: "A task that does not fit the model, too few sequences and a model without a position block are refused by name."},
	}
}

// summary is a drawn request for losses.
type summary struct {
	props.Case
	t     *rapid.T
	s     props.Subject
	model props.ModelSpec
	spec  props.TaskSpec
	alpha float64
	o     measure.Options
}

func drawSummary(t *rapid.T, s props.Subject, m props.ModelSpec, spec props.TaskSpec) summary {
	o := measure.Options{Sequences: rapid.SampledFrom([]int{2, 9, 60, 257, 600}).Draw(t, "sequences"),
		Seed: rapid.Uint64Range(0, 1<<32).Draw(t, "seed"), Purpose: stream.Test, Workers: 1}
	x := summary{t: t, s: s, model: m, spec: spec, alpha: gen.Alphas().Draw(t, "training alpha"), o: o}
	x.Case = props.TaskCase(spec).With("--model %s --seed %d", m.Kind, o.Seed).Where("%d sequences, training alpha %v", o.Sequences, x.alpha)
	return x
}

func (x summary) losses(params []float64) measure.Losses {
	l := props.Ask(x.t, x.Case, "losses", func() (measure.Losses, error) {
		return x.s.(Summariser).Losses(x.model, params, x.spec, x.alpha, x.o)
	})
	props.Demand(x.t, x.Case, l.Sequences == x.o.Sequences && l.TrainingAlpha == x.alpha, "sequences and training alpha",
		fmt.Sprint(x.o.Sequences, x.alpha), fmt.Sprint(l.Sequences, l.TrainingAlpha))
	return l
}

// slack bounds the rounding of a mean over the sequences of numbers up to size.
func (x summary) slack(size float64) float64 {
	return 8 * float64(x.o.Sequences+x.spec.Tokens+x.spec.Length+8) * x.s.Roundoff() * (size + 1)
}

// spread bounds the standard error that rounding alone makes of equal numbers up
// to size: the variance is a difference of two mean squares.
func (x summary) spread(size float64) float64 { return math.Sqrt(x.slack(size * size)) }

// mean demands a mean without spread.
func (x summary) mean(what string, got measure.Mean, want float64) {
	props.Within(x.t, x.Case, what, got.Value, want, x.slack(math.Abs(want)))
	props.Within(x.t, x.Case, "standard error of "+what, got.StdErr, 0, x.spread(math.Abs(want)))
}

// oneLayer is the smallest disentangled model of a vocabulary and length.
func oneLayer(tokens, length int) props.ModelSpec {
	return props.ModelSpec{Kind: props.Disentangled, Tokens: tokens, Length: length, Heads: []int{1}}
}

// positiveRows draws n rows without zeros.
func positiveRows(t *rapid.T, n, size int) [][]float64 {
	rows, flat := make([][]float64, n), props.DrawPredictions(t, n, size, 1)
	for i := range rows {
		rows[i] = flat[i*size : (i+1)*size]
	}
	return rows
}

// lossesPerfect: the read-out maps the last token to its row's logarithms.
func lossesPerfect(t *rapid.T, s props.Subject) {
	f, size := gen.Forests(3, 8).Draw(t, "graph"), rapid.IntRange(2, 4).Draw(t, "tokens")
	chain := positiveRows(t, size, size)
	spec := props.TaskSpec{Tokens: size, Length: f.SequenceLength(), Parents: f.Parents(), Chain: chain}
	m := oneLayer(size, spec.Length)
	layout := props.LayoutOf(t, m)
	params := make([]float64, layout.Size())
	w := layout[len(layout)-1].Of(params)
	for a, row := range chain {
		for b, p := range row {
			w[a*size+b] = math.Log(p)
		}
	}
	x := drawSummary(t, s, m, spec)
	l := x.losses(params)
	props.Within(t, x.Case, "loss less the irreducible loss", l.Loss.Value-l.Irreducible.Value, 0, x.slack(3))
	x.mean("gap", l.Gap, 0)
	x.mean("sup error", l.SupError, 0)
	props.Within(t, x.Case, "calibration error", l.Calibration.Value, 0, x.slack(1))
	props.Within(t, x.Case, "standard error of the loss beside the irreducible loss's", l.Loss.StdErr, l.Irreducible.StdErr, x.spread(3))
	props.Within(t, x.Case, "loss over the count estimator's", l.OverCount.Value, l.Irreducible.Value-l.Count.Value, x.slack(8))
}

// lossesConstant: zero parameters predict 1/S, whose first token is the likeliest.
func lossesConstant(t *rapid.T, s props.Subject) {
	f, size := gen.Forests(3, 8).Draw(t, "graph"), rapid.IntRange(2, 4).Draw(t, "tokens")
	y := positiveRows(t, 1, size)[0]
	spec := props.TaskSpec{Tokens: size, Length: f.SequenceLength(), Parents: f.Parents(), Chain: slices.Repeat([][]float64{y}, size)}
	m := oneLayer(size, spec.Length)
	x := drawSummary(t, s, m, spec)
	l := x.losses(make([]float64, props.LayoutOf(t, m).Size()))
	entropy, sup, uniform := 0.0, 0.0, 1/float64(size)
	for _, p := range y {
		entropy -= p * math.Log(p)
		sup = math.Max(sup, math.Abs(p-uniform))
	}
	x.mean("loss", l.Loss, math.Log(float64(size)))
	x.mean("irreducible loss", l.Irreducible, entropy)
	x.mean("gap", l.Gap, math.Log(float64(size))-entropy)
	x.mean("sup error", l.SupError, sup)
	x.mean("calibration error", l.Calibration, math.Abs(uniform-y[0]))
}

// lossesCalibration: with rows (a, 1-a) and (1-a, a) the confidence 1/2 misses the
// accuracy by a - 1/2 in k sequences and by 1/2 - a in the others, all in one bin.
// That all n >= 60 last tokens agree has probability 2^-59.
func lossesCalibration(t *rapid.T, s props.Subject) {
	f, a := gen.Forests(3, 8).Draw(t, "graph"), float64(rapid.IntRange(9, 15).Draw(t, "sixteenths"))/16
	spec := props.TaskSpec{Tokens: 2, Length: f.SequenceLength(), Parents: f.Parents(), Chain: [][]float64{{a, 1 - a}, {1 - a, a}}}
	m := oneLayer(2, spec.Length)
	x := drawSummary(t, s, m, spec)
	x.o.Sequences = rapid.SampledFrom([]int{60, 257, 600}).Draw(t, "enough sequences")
	l := x.losses(make([]float64, props.LayoutOf(t, m).Size()))
	n, miss := float64(x.o.Sequences), a-0.5
	x.mean("sup error", l.SupError, miss)
	difference := l.Calibration.Value / miss * n // |2k - n|
	k := math.Round((n + difference) / 2)
	props.Within(t, x.Case, "calibration error over the miss, times n", difference, 2*k-n, n*x.slack(1)/miss)
	props.AtMost(t, x.Case, "sequences of one sign", k, n-1, 0)
}

// lossesCounted: a prefix of k S + 1 positions on one line has k S edges, whose
// parents go round the tokens k times, so k of them carry s_T, whatever the first
// token is; all k are followed by the target's one token.
func lossesCounted(t *rapid.T, s props.Subject) {
	size, k := rapid.IntRange(2, 4).Draw(t, "tokens"), rapid.IntRange(1, 3).Draw(t, "rounds")
	spec := props.TaskSpec{Tokens: size, Length: k*size + 2, Parents: make([]int, k*size+1), Chain: make([][]float64, size)}
	for i := range spec.Parents {
		spec.Parents[i] = i - 1
	}
	for a := range spec.Chain {
		spec.Chain[a] = make([]float64, size)
		spec.Chain[a][(a+1)%size] = 1
	}
	m := oneLayer(size, spec.Length)
	x := drawSummary(t, s, m, spec)
	l := x.losses(make([]float64, props.LayoutOf(t, m).Size()))
	right := (float64(k) + x.alpha) / (float64(k) + float64(size)*x.alpha)
	props.Within(t, x.Case, "pseudo-count of a prior without one", l.Alpha, x.alpha, 0)
	x.mean("irreducible loss", l.Irreducible, 0)
	x.mean("count estimator's loss", l.Count, -math.Log(right))
	x.mean("training count estimator's loss", l.TrainingCount, -math.Log(right))
	x.mean("count estimator's sup error", l.CountSup, 1-right)
	x.mean("count estimator's calibration error", l.CountCalibration, 1-right)
	x.mean("loss over the count estimator's", l.OverCount, math.Log(float64(size))+math.Log(right))
	x.mean("loss over the training count estimator's", l.OverTraining, math.Log(float64(size))+math.Log(right))
}

// lossesIdentities: the standard error of a paired difference is within the sum
// and the difference of the two.
func lossesIdentities(t *rapid.T, s props.Subject) {
	r := props.DrawTraining(t, props.Disentangled, props.Reduced, props.Transformer)
	if r.Task.DAG == nil {
		r.Task.Gamma = rapid.SampledFrom([]float64{0, 0.25}).Draw(t, "gamma")
	}
	x := drawSummary(t, s, r.Model, r.Task)
	l := x.losses(r.Params)
	slack := x.slack(40)
	difference := func(what string, d, a, b measure.Mean) {
		props.Within(t, x.Case, what, d.Value, a.Value-b.Value, slack)
		props.AtMost(t, x.Case, "standard error of "+what, d.StdErr, a.StdErr+b.StdErr, x.spread(40))
		props.AtLeast(t, x.Case, "standard error of "+what, d.StdErr, math.Abs(a.StdErr-b.StdErr), x.spread(40))
	}
	difference("gap", l.Gap, l.Loss, l.Irreducible)
	difference("loss over the count estimator's", l.OverCount, l.Loss, l.Count)
	difference("loss over the training count estimator's", l.OverTraining, l.Loss, l.TrainingCount)
	props.AtLeast(t, x.Case, "gap", l.Gap.Value, -math.Log(1+float64(x.spec.Tokens)*x.model.Eps), slack)
	props.AtLeast(t, x.Case, "count estimator's gap", l.Count.Value, l.Irreducible.Value, slack)
	props.AtLeast(t, x.Case, "training count estimator's gap", l.TrainingCount.Value, l.Irreducible.Value, slack)
	for _, e := range []struct {
		what string
		measure.Mean
	}{{"calibration error", l.Calibration}, {"count estimator's calibration error", l.CountCalibration},
		{"sup error", l.SupError}, {"count estimator's sup error", l.CountSup}} {
		props.AtLeast(t, x.Case, e.what, e.Value, 0, 0)
		props.AtMost(t, x.Case, e.what, e.Value, 1, slack)
		props.AtLeast(t, x.Case, "standard error of "+e.what, e.StdErr, 0, 0)
	}
	prior := fmt.Sprintf("dirichlet:%v", x.spec.Alpha)
	if x.spec.Gamma > 0 {
		prior = fmt.Sprintf("floor:%v,%v", x.spec.Alpha, x.spec.Gamma)
	}
	props.Demand(t, x.Case, l.Prior == prior, "prior", prior, l.Prior)
	props.Within(t, x.Case, "pseudo-count of the prior", l.Alpha, x.spec.Alpha, 0)
	x.alpha = x.spec.Alpha
	same := x.losses(r.Params)
	props.Demand(t, x.Case, same.Count == same.TrainingCount && same.OverCount == same.OverTraining && same.Count == l.Count, "count estimators of one alpha", fmt.Sprint(l.Count), fmt.Sprint(same.TrainingCount))
}

func lossesWorkers(t *rapid.T, s props.Subject) {
	r := props.DrawTraining(t, props.Disentangled, props.Reduced)
	r.Params = gen.Moderate(len(r.Params), 0.5).Draw(t, "params").Values
	x := drawSummary(t, s, r.Model, r.Task)
	x.o.Sequences = rapid.SampledFrom([]int{300, 513, 900}).Draw(t, "several shards")
	want, attention := x.losses(r.Params), x.average(r.Params)
	other := x
	other.o.Stage++
	props.Demand(t, x.Case, other.losses(r.Params).Irreducible != want.Irreducible, "irreducible loss of another stage", "another", "the same")
	other = x
	other.o.Purpose = stream.Shift
	props.Demand(t, x.Case, other.losses(r.Params).Irreducible != want.Irreducible, "irreducible loss of another purpose", "another", "the same")
	x.o.Workers = rapid.IntRange(2, 6).Draw(t, "workers")
	got := x.losses(r.Params)
	props.Demand(t, x.Where("%d workers", x.o.Workers), got == want, "losses", fmt.Sprintf("%+v", want), fmt.Sprintf("%+v", got))
	for h, block := range x.average(r.Params) {
		props.Equal(t, x.Where("%d workers", x.o.Workers), fmt.Sprintf("average attention of head %d", h), block, attention[h])
	}
}

func lossesRefusals(t *rapid.T, s props.Subject) {
	spec := props.TaskSpec{Tokens: 3, Length: 4, Parents: []int{-1, 0, 1}, Alpha: 1}
	m := oneLayer(3, 4)
	x := drawSummary(t, s, m, spec)
	zero := func(m props.ModelSpec) []float64 { return make([]float64, props.LayoutOf(t, m).Size()) }
	x.losses(zero(m))
	few := x.o
	few.Sequences = rapid.IntRange(-1, 1).Draw(t, "too few")
	deep := props.ModelSpec{Kind: props.Transformer, Tokens: 3, Length: 4, Layers: 1}
	for _, bad := range []struct {
		text string
		call func() error
	}{
		{fmt.Sprintf("sequences = %d", few.Sequences), func() error { _, err := s.(Summariser).Losses(m, zero(m), spec, 1, few); return err }},
		{"3 tokens and length 4", func() error {
			_, err := s.(Summariser).Losses(oneLayer(2, 4), zero(oneLayer(2, 4)), spec, 1, x.o)
			return err
		}},
		{"the model has 3 and 5", func() error {
			_, err := s.(Summariser).Losses(oneLayer(3, 5), zero(oneLayer(3, 5)), spec, 1, x.o)
			return err
		}},
		{`"transformer"`, func() error { _, err := s.(Summariser).PositionBlock(deep, zero(deep)); return err }},
		{"params", func() error { _, err := s.(Summariser).PositionBlock(m, zero(m)[1:]); return err }},
	} {
		_, err := props.Guarded(func() (bool, error) { return true, bad.call() })
		props.Refused(t, x.Where("refusal %q", bad.text), "answer", err, bad.text)
	}
}
