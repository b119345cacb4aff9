package implaws

import (
	"fmt"
	"math"
	"slices"

	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

// transferLaws are about relabelled tokens, chains sorted by their spectrum and
// float32 numbers.
func transferLaws() []props.Law {
	transfers := []props.Capability{CanTransfer}
	const source = "theory.md sections 1 and 2"
	return []props.Law{
		{ID: "relabel-token-blind", Source: source, Needs: transfers, Draws: 20, Check: relabelTokenBlind,
			Sentence: "The reduced model with A2 = beta I knows no token: whatever A1, relabelled sequences have relabelled predictions and the same loss."},
		{ID: "relabel-two-tokens", Source: source, Needs: transfers, Draws: 20, Check: relabelTwoTokens,
			Sentence: "With two tokens, exchanging them in the weights keeps every defect and negates the change of the loss."},
		{ID: "relabel-ranges", Source: source, Needs: transfers, Draws: 20, Check: relabelRanges,
			Sentence: "A mean defect is from 0 to the largest, which is at most 1; a mean change of loss is at most the mean absolute one; workers change no bit."},
		{ID: "spectra-bands", Source: source, Needs: transfers, Draws: 4, Check: spectraBands,
			Sentence: "Every chain is in one band of each kind, but for those of rank one in the first alone; a band's second eigenvalue lies in it, and losses are differences."},
		{ID: "float32-sample", Source: "theory.md section 7", Needs: []props.Capability{CanRound, props.CanSample}, Draws: 30, Check: float32Sample,
			Sentence: "Chains in float32 are the sampler's rounded entry by entry, none to 0, and the target is a row of them; without it nothing changes; a DAG is refused."},
		{ID: "float32-training", Source: "theory.md section 7", Needs: []props.Capability{CanRound, CanResume}, Draws: 30, Check: float32Training,
			Sentence: "A step in float32 is the rounding of rounded parameters less the rate times the rounded gradient at them; workers change no bit."},
	}
}

func (x summary) relabelling(params []float64) measure.Relabelling {
	r := props.Ask(x.t, x.Case, "relabelling", func() (measure.Relabelling, error) {
		return x.s.(Transferrer).Relabel(x.model, params, x.spec, x.alpha, x.o)
	})
	want := 5 // of 3! - 1 or more
	if x.spec.Tokens == 2 {
		want = 1
	}
	props.Demand(x.t, x.Case, r.Permutations == want && r.Sequences == x.o.Sequences, "permutations and sequences",
		fmt.Sprint(want, x.o.Sequences), fmt.Sprint(r.Permutations, r.Sequences))
	return r
}

// drawReduced draws a request about a reduced model on a forest.
func drawReduced(t *rapid.T, s props.Subject, tokens int) (x summary, params []float64) {
	f := gen.Forests(3, 7).Draw(t, "graph")
	spec := props.TaskSpec{Tokens: tokens, Length: f.SequenceLength(), Parents: f.Parents(), Alpha: gen.Alphas().Draw(t, "alpha")}
	m := props.ModelSpec{Kind: props.Reduced, Tokens: tokens, Length: spec.Length, Eps: 0.0625}
	x = drawSummary(t, s, m, spec)
	return x, gen.Moderate(props.LayoutOf(t, m).Size(), 2).Draw(t, "params").Values
}

// relabelTokenBlind: sums over tokens run in another order.
func relabelTokenBlind(t *rapid.T, s props.Subject) {
	x, params := drawReduced(t, s, rapid.IntRange(2, 4).Draw(t, "tokens"))
	a2 := params[x.spec.Length*x.spec.Length:]
	clear(a2)
	for v := range x.spec.Tokens {
		a2[v*x.spec.Tokens+v] = 1.5
	}
	r, slack := x.relabelling(params), x.slack(4)
	props.Within(t, x.Case, "largest defect", r.Worst, 0, slack)
	props.Within(t, x.Case, "mean defect", r.Defect.Value, 0, slack)
	props.Within(t, x.Case, "change of the loss", r.LossShift.Value, 0, slack)
}

func relabelTwoTokens(t *rapid.T, s props.Subject) {
	x, params := drawReduced(t, s, 2)
	exchanged := slices.Clone(params)
	slices.Reverse(exchanged[x.spec.Length*x.spec.Length:]) // [a][b] to [1-a][1-b]
	one, two, slack := x.relabelling(params), x.relabelling(exchanged), x.slack(4)
	props.Within(t, x.Case, "mean defect of the exchanged weights", two.Defect.Value, one.Defect.Value, slack)
	props.Within(t, x.Case, "largest defect of the exchanged weights", two.Worst, one.Worst, slack)
	props.Within(t, x.Case, "mean absolute change of the loss", two.LossShift.Value, one.LossShift.Value, slack)
	props.Within(t, x.Case, "change of the loss of the exchanged weights", two.LossChange.Value, -one.LossChange.Value, slack)
	props.Within(t, x.Case, "its standard error", two.LossChange.StdErr, one.LossChange.StdErr, x.spread(4))
}

func relabelRanges(t *rapid.T, s props.Subject) {
	r := props.DrawTraining(t, props.Disentangled, props.Reduced, props.Transformer)
	r.Params = gen.Moderate(len(r.Params), 0.5).Draw(t, "params").Values
	x := drawSummary(t, s, r.Model, r.Task)
	l, slack := x.relabelling(r.Params), x.slack(8)
	props.AtLeast(t, x.Case, "mean defect", l.Defect.Value, 0, 0)
	props.AtMost(t, x.Case, "mean defect", l.Defect.Value, l.Worst, slack)
	props.AtMost(t, x.Case, "largest defect", l.Worst, 1, slack)
	props.AtMost(t, x.Case, "change of the loss", math.Abs(l.LossChange.Value), l.LossShift.Value, slack)
	props.AtLeast(t, x.Case, "distance to the count estimator", l.CountDistance.Value, 0, 0)
	props.AtMost(t, x.Case, "distance to the count estimator", l.CountDistance.Value, 1, slack)
	x.o.Workers = rapid.IntRange(2, 5).Draw(t, "workers")
	again := x.relabelling(r.Params)
	props.Demand(t, x.Where("%d workers", x.o.Workers), again == l, "relabelling", fmt.Sprintf("%+v", l), fmt.Sprintf("%+v", again))
}

// spectraBands: a band of fewer than two chains is left out.
func spectraBands(t *rapid.T, s props.Subject) {
	x, params := drawReduced(t, s, rapid.IntRange(2, 4).Draw(t, "tokens"))
	x.o.Sequences, x.o.Purpose = rapid.IntRange(20, 40).Draw(t, "of each prior"), stream.Shift
	sorted := func(spec props.TaskSpec) (measure.Spectra, error) {
		return props.Guarded(func() (measure.Spectra, error) {
			return s.(Transferrer).SortSpectra(x.model, params, spec, x.alpha, x.o)
		})
	}
	all, err := sorted(x.spec)
	props.Demand(t, x.Case, err == nil, "sorted chains", "an answer", fmt.Sprint(err))
	counts, lost, rankOne := map[string]int{}, map[string]int{}, 0
	limits := map[string][2]float64{"rank one": {0, 1e-7}, "|l2| below 0.3": {1e-7, 0.3}, "|l2| 0.3 to 0.6": {0.3, 0.6},
		"|l2| 0.6 to 0.9": {0.6, 0.9}, "|l2| from 0.9": {0.9, 1}}
	bands := map[string]int{"gap": 5, "second eigenvalue": 3, "effective rank": 3}
	for _, b := range all.Bands {
		counts[b.Kind] += b.Sequences
		lost[b.Kind]++
		if b.Name == "rank one" {
			rankOne = b.Sequences
		}
		limit, ok := limits[b.Name]
		if !ok {
			limit = [2]float64{0, 1}
		}
		slack := x.slack(40)
		props.AtLeast(t, x.Case, "second eigenvalue of "+b.Name, b.Second.Value, limit[0], slack)
		props.AtMost(t, x.Case, "second eigenvalue of "+b.Name, b.Second.Value, limit[1], slack)
		props.Within(t, x.Case, "loss over the count estimator's of "+b.Name, b.Over.Value, b.Gap.Value-b.CountGap.Value, slack)
		props.AtLeast(t, x.Case, "count estimator's gap of "+b.Name, b.CountGap.Value, 0, slack)
		props.AtLeast(t, x.Case, "gap of "+b.Name, b.Gap.Value, -math.Log(1+0.0625*float64(x.spec.Tokens)), slack)
		props.AtMost(t, x.Case, "sup error of "+b.Name, math.Max(b.SupError.Value, b.CountSup.Value), 1, slack)
	}
	for _, kind := range []string{"gap", "second eigenvalue", "effective rank"} {
		want := len(all.Pool) * x.o.Sequences
		if kind != "gap" {
			want -= rankOne
		}
		props.AtMost(t, x.Case, "chains in bands of "+kind, float64(counts[kind]), float64(want), 0)
		props.AtLeast(t, x.Case, "chains in bands of "+kind, float64(counts[kind]), float64(want-(bands[kind]-lost[kind])), 0)
	}
	x.o.Workers = 3
	again, err := sorted(x.spec)
	props.Demand(t, x.Case, err == nil && slices.Equal(again.Bands, all.Bands), "bands with 3 workers", fmt.Sprintf("%+v", all.Bands), fmt.Sprintf("%+v (%v)", again.Bands, err))
	dag := props.TaskSpec{Tokens: x.spec.Tokens, Length: x.spec.Length, DAG: make([][]int, x.spec.Length+1), Alpha: 1}
	dag.DAG[x.spec.Length] = []int{0}
	_, err = sorted(dag)
	props.Refused(t, props.TaskCase(dag), "answer", err, "want a forest")
}

// float32Sample: chains are drawn before tokens, and every sequence takes as many
// random numbers as another of its chain, so rounding moves no later draw.
func float32Sample(t *rapid.T, s props.Subject) {
	f := props.DrawForest(t, 3, 7)
	spec := props.TaskSpec{Tokens: rapid.IntRange(2, 4).Draw(t, "tokens"), Length: f.SequenceLength(), Parents: f.Parents(), Alpha: rapid.SampledFrom([]float64{1, 0.01, 0.1}).Draw(t, "alpha")}
	seed, n := props.DrawSeed(t), rapid.IntRange(1, 20).Draw(t, "sequences")
	c := props.TaskCase(spec).With("--seed %d", seed)
	rounded := func(r task.Numbers) (chains, targets []float64, tokens []uint16) {
		b := props.Ask(t, c.Where("%+v", r), "sample", func() (*task.Batch, error) { return s.(Rounder).SampleRounded(spec, r, n, seed) })
		props.Finite(t, c, "chains", b.Chains, n*spec.Tokens*spec.Tokens)
		for k := range n {
			last := int(b.Sequence(k)[spec.Length-1])
			props.Equal(t, c.Where("%+v", r), "target", b.Target(k), b.Chain(k)[last*spec.Tokens:(last+1)*spec.Tokens])
		}
		return b.Chains, b.Targets, b.Tokens
	}
	own := props.AskSample(t, s, c, spec, n, seed)
	chains, targets, tokens := rounded(task.Numbers{})
	props.Equal(t, c, "chains", chains, own.Chains)
	props.Equal(t, c, "targets", targets, own.Targets)
	props.Equal(t, c, "tokens", tokens, own.Tokens)
	single, _, _ := rounded(task.Numbers{Float32: true, SVD32: rapid.Bool().Draw(t, "laws too")})
	for i, v := range own.Chains {
		want := float64(float32(v))
		if want == 0 {
			want = math.SmallestNonzeroFloat32
		}
		props.Within(t, c, fmt.Sprintf("entry %d of the chains in float32", i), single[i], want, 0)
	}
	laws, _, last := rounded(task.Numbers{SVD32: true})
	props.Equal(t, c, "chains with laws in float32", laws, own.Chains)
	for k := range n {
		props.Within(t, c, "last token with laws in float32", float64(last[(k+1)*spec.Length-1]), float64(own.Sequence(k)[spec.Length-1]), 0)
	}
	dag := props.TaskSpec{Tokens: 2, Length: 4, DAG: [][]int{{}, {0}, {0}, {0}, {1}}, Alpha: 1}
	_, err := props.Guarded(func() (*task.Batch, error) {
		return s.(Rounder).SampleRounded(dag, task.Numbers{Float32: true}, n, seed)
	})
	props.Refused(t, props.TaskCase(dag), "answer", err, "forests alone")
}

func float32Training(t *rapid.T, s props.Subject) {
	r := props.DrawTraining(t, props.Disentangled, props.Reduced, props.Transformer)
	r.Params = gen.Moderate(len(r.Params), 0.3).Draw(t, "params").Values // multiples of 0.3/8 are no float32
	train := func(r props.TrainSpec) []float64 {
		return props.Ask(t, props.TrainingCase(t, r), "training in float32", func() ([]float64, error) {
			params, losses, err := s.(Rounder).TrainRounded(r)
			if err == nil && len(losses) != r.Steps {
				err = fmt.Errorf("%d losses", len(losses))
			}
			return params, err
		})
	}
	single := func(values []float64) []float64 {
		out := slices.Clone(values)
		for i, v := range out {
			out[i] = float64(float32(v))
		}
		return out
	}
	c := props.TrainingCase(t, r).Where("in float32")
	many := r
	many.Workers = rapid.IntRange(2, 4).Draw(t, "workers")
	all := train(r)
	props.Equal(t, c, "parameters with several workers", train(many), all)
	props.Equal(t, c, "parameters rounded", single(all), all)
	r.Steps = 0
	start := train(r)
	props.Equal(t, c, "parameters without a step", start, single(r.Params))
	first := r
	first.Params, first.Steps = start, 1
	want := slices.Clone(start)
	for i, g := range single(askGradientAt(t, s, first, 0).gradient) {
		want[i] -= float64(r.Optimizer.LR * g)
	}
	r.Steps = 1
	props.Equal(t, c, "parameters after one step", train(r), single(want))
}
