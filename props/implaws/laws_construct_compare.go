package implaws

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"causalgrad/impl/construct"
	"causalgrad/impl/measure"
	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

// compareLaws are about what constructions reach on fresh sequences, and what
// stands beside them.
func compareLaws() []props.Law {
	constructs, compares := []props.Capability{CanConstruct}, []props.Capability{CanYardstick}
	const source = "theory.md section 6"
	return []props.Law{
		{ID: "construct-reaches-count", Source: source, Needs: constructs, Draws: 20, Check: constructReachesCount,
			Sentence: "On fresh sequences the masked construction of a forest comes to the count estimator as B and beta grow, and its share of sequences without a count does not move."},
		{ID: "construct-paired", Source: source, Needs: constructs, Draws: 20, Check: constructPaired,
			Sentence: "All settings of a task are measured on the same sequences, with any number of workers; no loss is below the irreducible one."},
		{ID: "single-parent-order", Source: source, Needs: compares, Draws: 30, Check: singleParentOrder,
			Sentence: "Reordering every position's parents alike permutes the estimators that see one parent and changes no bit of the others."},
		{ID: "single-parent-of-one", Source: source, Needs: compares, Draws: 30, Check: singleParentOfOne,
			Sentence: "Where every position has one parent, seeing one parent is seeing all; the best slot is the one of smallest loss, and none is below the irreducible loss."},
		{ID: "readout-floor", Source: source, Needs: compares, Draws: 40, Check: readoutFloor,
			Sentence: "Where all rows of the chain are the same numbers in some order, the floor is their KL divergence to softmax(c y) at the best c: no other c is lower."},
		{ID: "balanced-beta", Source: source, Needs: compares, Check: balancedBeta,
			Sentence: "e^-beta T = S alpha at the balanced beta, and it is never negative."},
		{ID: "heads-measured", Source: "theory.md section 7", Needs: []props.Capability{CanYardstick, CanSummarise}, Draws: 10, Check: headsMeasured,
			Sentence: "The losses reported of a training run with given heads are those of its parameters, and no step moves a weight further than AdamW can."},
		{ID: "compare-refusals", Source: source, Needs: []props.Capability{CanYardstick, CanConstruct}, Draws: 5, Check: compareRefusals,
			Sentence: "Too few sequences, a pseudo-count of 0, a forest without several parents and a run of no steps are refused by name."},
	}
}

func drawOptions(t *rapid.T) construct.Options {
	return construct.Options{Sequences: rapid.SampledFrom([]int{2, 7, 60, 257}).Draw(t, "sequences"),
		Seed: rapid.Uint64Range(0, 1<<32).Draw(t, "seed"), Workers: 1}
}

func askRows(t *rapid.T, s props.Subject, c props.Case, kind string, spec props.TaskSpec, sets []construct.Settings, o construct.Options) []construct.Row {
	rows := props.Ask(t, c, "measured constructions", func() ([]construct.Row, error) {
		return s.(Constructor).MeasureConstructions(kind, []props.TaskSpec{spec}, sets, o)
	})
	props.Demand(t, c, len(rows) == len(sets), "measured constructions", strconv.Itoa(len(sets)), strconv.Itoa(len(rows)))
	return rows
}

// constructReachesCount: at B = 60, beta = 2e4 the frequencies are the limit up
// to the rounding that law construct-limit derives, and the limit is the count
// estimator.
func constructReachesCount(t *rapid.T, s props.Subject) {
	f := gen.Connected(3, 6).Draw(t, "graph")
	spec := props.TaskSpec{Tokens: rapid.IntRange(2, 3).Draw(t, "tokens"), Length: f.SequenceLength(), Parents: f.Parents(), Alpha: gen.Alphas().Draw(t, "alpha")}
	o := drawOptions(t)
	masked := func(b, beta float64) construct.Settings {
		return construct.Settings{B: b, Beta: beta, Roots: construct.RootsMasked, Eps: 0x1p-20}
	}
	c := props.TaskCase(spec).With("--seed %d", o.Seed).Where("%d sequences", o.Sequences)
	rows := askRows(t, s, c, props.Disentangled, spec, []construct.Settings{masked(0, 0), masked(5, 2), masked(20, 60), masked(60, 2e4)}, o)
	slack := 4*2e4*2*float64(spec.Length)*s.Roundoff() + 1e-24
	for i, r := range rows {
		props.Within(t, c, "share without a count", r.Unmatched, rows[0].Unmatched, 0)
		props.AtMost(t, c, "mean distance to the count estimator", r.Frequency.Mean.Value, r.Frequency.Max, slack)
		props.AtMost(t, c, "distance to the count estimator", r.Frequency.Max, r.Limit.Max, slack)
		if i > 1 { // beta 60 leaves T e^-60
			props.AtMost(t, c, fmt.Sprintf("distance to the limit at B = %v", r.B), r.Limit.Max, 1e-7, slack)
		}
	}
	last := rows[len(rows)-1]
	props.Within(t, c, "distance to the count estimator", last.Frequency.Max, 0, slack)
	props.Within(t, c, "distance to the limit", last.Limit.Max, 0, slack)
}

// constructPaired: losses and their logits are below 500, so a mean of them is
// exact to 1e-12; eps lowers a loss by at most log(1 + S eps).
func constructPaired(t *rapid.T, s props.Subject) {
	kind := rapid.SampledFrom([]string{props.Reduced, props.Disentangled}).Draw(t, "model")
	spec := drawEvidence(t, kind, 6)
	spec.Alpha = gen.Alphas().Draw(t, "alpha")
	o := drawOptions(t)
	sets := []construct.Settings{{B: 3, Beta: 2, Eps: 0.125}, {B: 8, Beta: 1, Roots: construct.RootsSink, Eps: 0.125}}
	c := props.TaskCase(spec).With("--model %s --seed %d", kind, o.Seed).Where("%d sequences", o.Sequences)
	rows := askRows(t, s, c, kind, spec, sets, o)
	o.Workers = rapid.IntRange(2, 5).Draw(t, "workers")
	for i, again := range askRows(t, s, c.Where("%d workers", o.Workers), kind, spec, sets, o) {
		props.Demand(t, c, again == rows[i], "row with several workers", fmt.Sprintf("%+v", rows[i]), fmt.Sprintf("%+v", again))
	}
	slack, floor := 1e-12, math.Log(1+float64(spec.Tokens)*0.125)
	for i, r := range rows {
		props.Demand(t, c, r.CountGap == rows[0].CountGap && r.Unmatched == rows[0].Unmatched, "count estimator beside another setting", fmt.Sprint(rows[0].CountGap), fmt.Sprint(r.CountGap))
		props.Demand(t, c, r.Sequences == o.Sequences && r.Length == spec.Length && r.B == sets[i].B && r.Beta == sets[i].Beta && r.Roots == sets[i].Roots && r.Model == kind,
			"settings of the row", fmt.Sprintf("%+v", sets[i]), fmt.Sprintf("%+v", r))
		props.AtLeast(t, c, "count estimator's loss less the irreducible one", r.CountGap.Value, 0, slack)
		props.AtLeast(t, c, "linear read-out's loss less the irreducible one", r.LinearGap.Value, -floor, slack)
		if kind == props.Reduced {
			props.AtLeast(t, c, "loss less the irreducible one", r.Gap.Value, -floor, slack)
			props.Within(t, c, "the reduced model's loss", r.Gap.Value, r.LinearGap.Value, slack)
			props.Within(t, c, "scale of the reduced model", r.Scale, 0, 0)
		} else {
			props.AtLeast(t, c, "loss less the irreducible one", r.Gap.Value, 0, slack)
			props.AtLeast(t, c, "scale", r.Scale, 0.1, 0)
		}
	}
	text, err := sets[1].Roots.MarshalText()
	props.Demand(t, c, err == nil && string(text) == "sink", "name of the treatment", "sink", string(text))
}

// askSingle demands Gibbs' inequality too, up to the rounding of a mean of
// losses below log(2T + S): of at most 257 of them, 1e-15 each.
func askSingle(t *rapid.T, s props.Subject, c props.Case, spec props.TaskSpec, alpha float64, o construct.Options) construct.SingleParents {
	r := props.Ask(t, c, "single parents", func() (construct.SingleParents, error) { return s.(Yardsticks).SingleParents(spec, alpha, o) })
	props.Demand(t, c, len(r.Slots) == len(targetOf(spec)) && r.Best >= 0 && r.Best < len(r.Slots), "parent slots", strconv.Itoa(len(targetOf(spec))), fmt.Sprintf("%d, the best %d", len(r.Slots), r.Best))
	for j, slot := range append(slices.Clone(r.Slots), r.Count) {
		props.AtLeast(t, c, fmt.Sprintf("loss %d less the irreducible one", j), slot.Value, r.Irreducible.Value, 1e-12)
	}
	for j, slot := range r.Slots {
		props.AtLeast(t, c, fmt.Sprintf("loss of slot %d beside the best", j), slot.Value, r.Slots[r.Best].Value, 0)
	}
	return r
}

// singleParentOrder: rows of the tensor are drawn when a sequence first needs
// them, so the same draws meet the same tokens whatever the rows are called.
func singleParentOrder(t *rapid.T, s props.Subject) {
	g := gen.DAGs(4, 8, 3).Draw(t, "graph")
	spec := props.DAGSpec(g.DAG, rapid.IntRange(2, 3).Draw(t, "tokens"), gen.Alphas().Draw(t, "alpha"))
	o := drawOptions(t)
	c := props.TaskCase(spec).With("--seed %d", o.Seed).Where("%d sequences, parents in reverse order", o.Sequences)
	turned := spec
	turned.DAG = nil
	for _, p := range spec.DAG {
		p = slices.Clone(p)
		slices.Reverse(p)
		turned.DAG = append(turned.DAG, p)
	}
	r, other := askSingle(t, s, c, spec, 0.5, o), askSingle(t, s, c, turned, 0.5, o)
	slices.Reverse(other.Slots)
	props.Equal(t, c, "losses of the slots", other.Slots, r.Slots)
	props.Equal(t, c, "losses of all parents, irreducible", []measure.Mean{other.Count, other.Irreducible}, []measure.Mean{r.Count, r.Irreducible})
}

func singleParentOfOne(t *rapid.T, s props.Subject) {
	g := gen.DAGs(4, 8, 1).Draw(t, "graph")
	spec := props.DAGSpec(g.DAG, rapid.IntRange(2, 3).Draw(t, "tokens"), gen.Alphas().Draw(t, "alpha"))
	o := drawOptions(t)
	c := props.TaskCase(spec).With("--seed %d", o.Seed).Where("%d sequences", o.Sequences)
	r := askSingle(t, s, c, spec, 0.5, o)
	props.Equal(t, c, "loss of the one slot", r.Slots, []measure.Mean{r.Count})
	o.Workers = rapid.IntRange(2, 4).Draw(t, "workers")
	props.Equal(t, c.Where("%d workers", o.Workers), "loss of the one slot", askSingle(t, s, c, spec, 0.5, o).Slots, r.Slots)
}

// readoutFloor: KL(y || softmax(c y)) is convex in c, so the best c is where a
// step either way is no lower. The best c is found to 500/2^50; its rounding
// shows in the divergence to second order alone.
func readoutFloor(t *rapid.T, s props.Subject) {
	size := rapid.IntRange(2, 4).Draw(t, "tokens")
	row := props.DrawPredictions(t, 1, size, 0)
	spec := props.TaskSpec{Tokens: size, Length: 4, Parents: []int{-1, 0, 1}, Chain: make([][]float64, size)}
	for a := range size {
		for b := range size {
			spec.Chain[a] = append(spec.Chain[a], row[(b+a)%size])
		}
	}
	o := drawOptions(t)
	c := props.TaskCase(spec).With("--seed %d", o.Seed).Where("%d sequences", o.Sequences)
	if _, err := spec.Task(); err != nil {
		t.Skip("a chain that is not irreducible")
	}
	f := props.Ask(t, c, "read-out floor", func() (Floor, error) { return s.(Yardsticks).ReadoutFloor(spec, o) })
	// Divergences are sums of S logarithms below 710 in scores of at most 500; the
	// standard error is the root of what equal terms leave of their squares.
	slack := 1e-12
	props.Within(t, c, "floor", f.Gap, divergenceOfScaled(row, f.Scale), slack)
	props.Within(t, c, "standard error of the floor", f.StdErr, 0, 1e-7)
	for _, other := range []float64{0.1, f.Scale * 0.99, f.Scale * 1.01, 2, 500} {
		if other >= 0.1 && other <= 500 {
			props.AtLeast(t, c, fmt.Sprintf("divergence at scale %v less the floor", other), divergenceOfScaled(row, other)-f.Gap, 0, slack)
		}
	}
}

// divergenceOfScaled is KL(y || softmax(c y)).
func divergenceOfScaled(y []float64, c float64) float64 {
	largest, sum, kl := slices.Max(y), 0.0, 0.0
	for _, v := range y {
		sum += math.Exp(c * (v - largest))
	}
	for _, v := range y {
		if v > 0 {
			kl += v * (math.Log(v) - c*(v-largest) + math.Log(sum))
		}
	}
	return kl
}

func balancedBeta(t *rapid.T, s props.Subject) {
	length, tokens := rapid.IntRange(3, 4096).Draw(t, "length"), rapid.IntRange(2, 64).Draw(t, "tokens")
	alpha := rapid.SampledFrom([]float64{0.01, 0.1, 1, 30}).Draw(t, "alpha")
	c := props.Case{}.With("--tokens %d", tokens).Where("T = %d, alpha = %v", length, alpha)
	beta := s.(Yardsticks).BalancedBeta(length, tokens, alpha)
	want := math.Max(0, math.Log(float64(length))-math.Log(float64(tokens)*alpha))
	props.Within(t, c, "balanced beta", beta, want, 64*s.Roundoff()) // logarithms below 9
}

// headsMeasured: AdamW's first update of a weight is at most the rate 0.01, plus
// the rate times the decay 1e-4 times the weight; a later one at most
// (1-b1)/sqrt(1-b2) < 3.2 times that. The read-out starts at 0.
func headsMeasured(t *rapid.T, s props.Subject) {
	spec := drawEvidence(t, props.Disentangled, 5)
	spec.Alpha = gen.Alphas().Draw(t, "alpha")
	run := construct.Training{Heads: rapid.SampledFrom([][]int{{1, 1}, {2, 1}, {1}}).Draw(t, "heads"), Steps: rapid.IntRange(1, 3).Draw(t, "steps"),
		Batch: rapid.SampledFrom([]int{1, 3, 65}).Draw(t, "batch"), Seed: rapid.Uint64Range(0, 1<<32).Draw(t, "seed"), Workers: 1, TestSequences: 20}
	c := props.TaskCase(spec).With("--seed %d", run.Seed).Where("heads %v, %d steps of %d", run.Heads, run.Steps, run.Batch)
	train := func() construct.Reached {
		return props.Ask(t, c, "training", func() (construct.Reached, error) { return s.(Yardsticks).TrainHeads(spec, run) })
	}
	r := train()
	m := props.ModelSpec{Kind: props.Disentangled, Tokens: spec.Tokens, Length: spec.Length, Heads: run.Heads}
	layout := props.LayoutOf(t, m)
	props.Finite(t, c, "parameters", r.Params, layout.Size())
	own := props.Ask(t, c, "losses", func() (measure.Losses, error) {
		return s.(Summariser).Losses(m, r.Params, spec, spec.Alpha, measure.Options{Sequences: run.TestSequences, Seed: run.Seed, Purpose: stream.Test})
	})
	props.Demand(t, c, own == r.Losses, "losses reported", fmt.Sprintf("%+v", own), fmt.Sprintf("%+v", r.Losses))
	for i, w := range layout[len(layout)-1].Of(r.Params) {
		props.AtMost(t, c, fmt.Sprintf("size of W[%d]", i), math.Abs(w), 0.01*(1+3.2*float64(run.Steps-1)), 1e-12)
	}
	run.Workers = 3
	props.Equal(t, c.Where("3 workers"), "parameters", train().Params, r.Params)
}

func compareRefusals(t *rapid.T, s props.Subject) {
	forest := props.TaskSpec{Tokens: 2, Length: 4, Parents: []int{-1, 0, 1}, Alpha: 1}
	dag := props.TaskSpec{Tokens: 2, Length: 4, DAG: [][]int{{}, {0}, {0}, {0}, {1}}, Alpha: 1}
	o := construct.Options{Sequences: 4, Workers: 1}
	few := construct.Options{Sequences: rapid.IntRange(-1, 1).Draw(t, "sequences"), Workers: 1}
	c := props.TaskCase(dag)
	askSingle(t, s, c, dag, 1, o)
	set := []construct.Settings{{B: 1, Beta: 1}}
	askRows(t, s, c, props.Disentangled, dag, set, o)
	for _, bad := range []struct {
		text string
		call func() error
	}{
		{"several parents", func() error { _, err := s.(Yardsticks).SingleParents(forest, 1, o); return err }},
		{"alpha = 0", func() error { _, err := s.(Yardsticks).SingleParents(dag, 0, o); return err }},
		{fmt.Sprintf("sequences = %d", few.Sequences), func() error { _, err := s.(Yardsticks).SingleParents(dag, 1, few); return err }},
		{fmt.Sprintf("sequences = %d", few.Sequences), func() error { _, err := s.(Yardsticks).ReadoutFloor(dag, few); return err }},
		{fmt.Sprintf("sequences = %d", few.Sequences), func() error {
			_, err := s.(Constructor).MeasureConstructions(props.Disentangled, []props.TaskSpec{dag}, set, few)
			return err
		}},
		{"needs a forest", func() error {
			_, err := s.(Constructor).MeasureConstructions(props.Reduced, []props.TaskSpec{dag}, set, o)
			return err
		}},
		{"steps = 0", func() error {
			_, err := s.(Yardsticks).TrainHeads(dag, construct.Training{Heads: []int{1, 1}, Batch: 1, TestSequences: 2, Workers: 1})
			return err
		}},
		{"heads[1] = 0", func() error {
			_, err := s.(Yardsticks).TrainHeads(dag, construct.Training{Heads: []int{1, 0}, Steps: 1, Batch: 1, TestSequences: 2, Workers: 1})
			return err
		}},
		{"batch = 0", func() error {
			_, err := s.(Yardsticks).TrainHeads(dag, construct.Training{Heads: []int{1, 1}, Steps: 1, TestSequences: 2, Workers: 1})
			return err
		}},
		{"sequences = 1", func() error {
			_, err := s.(Yardsticks).TrainHeads(dag, construct.Training{Heads: []int{1, 1}, Steps: 1, Batch: 1, TestSequences: 1, Workers: 1})
			return err
		}},
	} {
		_, err := props.Guarded(func() (bool, error) { return true, bad.call() })
		props.Refused(t, c.Where("refusal %q", bad.text), "answer", err, bad.text)
	}
}
