package implaws

import (
	"fmt"
	"math"
	"slices"

	"causalgrad/props"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

// validateLaws are about descriptions that make no sense, and about the variants
// of a task.
func validateLaws() []props.Law {
	validates := []props.Capability{CanValidate}
	varies := []props.Capability{CanVary}
	const source = "architecture, errors"
	return []props.Law{
		{ID: "validate-model", Source: source, Needs: validates, Draws: 20, Check: validateModel,
			Sentence: "A model of possible shape is accepted; each number out of range is refused by its name and value."},
		{ID: "validate-optimizer", Source: source, Needs: validates, Draws: 20, Check: validateOptimizer,
			Sentence: "Rates, decays and schedules in range are accepted; each one out of it is refused by its value."},
		{ID: "validate-task", Source: source, Needs: validates, Draws: 20, Check: validateTask,
			Sentence: "A task whose graph, length, vocabulary and prior fit is accepted; one that contradicts itself is refused by what does not fit."},
		{ID: "validate-train", Source: source, Needs: validates, Draws: 20, Check: validateTrain,
			Sentence: "A training run whose parts fit is accepted; one whose parameters, batch, block or task do not is refused by name."},
		{ID: "wrapped-count", Source: "theory.md section 1, Bayes", Needs: varies, Draws: 60, Check: wrappedCount,
			Sentence: "The official forest estimator is the counts with every root's parent taken to be position T-2, plus alpha, normalised."},
		{ID: "single-parent-count", Source: "theory.md section 6", Needs: varies, Draws: 60, Check: singleParentCount,
			Sentence: "The estimator of one slot counts the positions of the target's arity whose parent in that slot agrees with the target's; other slots are refused."},
		{ID: "task-other-prior", Source: "theory.md section 1", Needs: []props.Capability{CanVary, props.CanSample}, Draws: 30, Check: taskOtherPrior,
			Sentence: "A task put under another prior samples what a task made with that prior does; a DAG under a prior of one chain is refused."},
	}
}

// mistake is a description that must be refused with a text.
type mistake struct {
	text string
	call func() error
}

// accepted demands no error of the description that the mistakes start from.
func accepted(t *rapid.T, c props.Case, what string, call func() error) {
	_, err := props.Guarded(func() (bool, error) { return true, call() })
	props.Demand(t, c, err == nil, what, "accepted", fmt.Sprint(err))
}

// eachRefused demands that every mistake is.
func eachRefused(t *rapid.T, c props.Case, mistakes []mistake) {
	for _, m := range mistakes {
		_, err := props.Guarded(func() (bool, error) { return true, m.call() })
		props.Refused(t, c.Where("with %q", m.text), "answer", err, m.text)
	}
}

func validateModel(t *rapid.T, s props.Subject) {
	v := s.(Validator)
	m := wideModel(t, props.Disentangled, props.Reduced, props.Transformer)
	c := props.Case{}.Where("model %+v", m)
	accepted(t, c, "model", func() error { return v.ValidateModel(m) })
	change := func(text string, set func(m *props.ModelSpec)) mistake {
		return mistake{text, func() error { own := m; set(&own); return v.ValidateModel(own) }}
	}
	low := rapid.IntRange(-3, 1).Draw(t, "low")
	mistakes := []mistake{
		change(fmt.Sprintf("tokens = %d", low), func(m *props.ModelSpec) { m.Tokens = low }),
		change("tokens = 513", func(m *props.ModelSpec) { m.Tokens = 513 }),
		change(fmt.Sprintf("length = %d", low), func(m *props.ModelSpec) { m.Length = low }),
		change("length = 1048577", func(m *props.ModelSpec) { m.Length = 1<<20 + 1 }),
		change(`kind = "rnn"`, func(m *props.ModelSpec) { m.Kind = "rnn" }),
	}
	switch m.Kind {
	case props.Disentangled:
		mistakes = append(mistakes,
			change("heads", func(m *props.ModelSpec) { m.Heads = nil }),
			change("heads", func(m *props.ModelSpec) { m.Heads = slices.Repeat([]int{1}, 7) }),
			change(fmt.Sprintf("heads[0] = %d", low-1), func(m *props.ModelSpec) { m.Heads = []int{low - 1} }),
			change("heads[1] = 65", func(m *props.ModelSpec) { m.Heads = []int{1, 65} }),
			change("parameters, want at most", func(m *props.ModelSpec) { m.Heads = slices.Repeat([]int{8}, 6) }))
	case props.Reduced:
		for _, eps := range []float64{-1, 1, math.NaN(), math.Inf(1)} {
			mistakes = append(mistakes, change(fmt.Sprintf("eps = %v", eps), func(m *props.ModelSpec) { m.Eps = eps }))
		}
	case props.Transformer:
		mistakes = append(mistakes,
			change(fmt.Sprintf("layers = %d", low-1), func(m *props.ModelSpec) { m.Layers = low - 1 }),
			change("layers = 7", func(m *props.ModelSpec) { m.Layers = 7 }),
			change("parameters, want at most", func(m *props.ModelSpec) { m.Tokens, m.Length, m.Layers = 512, 4096, 6 }))
	}
	eachRefused(t, c, mistakes)
}

func validateOptimizer(t *rapid.T, s props.Subject) {
	v := s.(Validator)
	o := props.DrawOptimizer(t, s, "sgd", "adamw")
	c := props.Case{}.Where("optimiser %+v", o)
	accepted(t, c, "optimiser", func() error { return v.ValidateOptimizer(o) })
	change := func(text string, set func(o *props.OptimizerSpec)) mistake {
		return mistake{text, func() error { own := o; set(&own); return v.ValidateOptimizer(own) }}
	}
	mistakes := []mistake{
		change(`kind = "adam"`, func(o *props.OptimizerSpec) { o.Kind = "adam" }),
		change(`schedule = "linear"`, func(o *props.OptimizerSpec) { o.Schedule = "linear" }),
		change("cosine schedule: 0 steps", func(o *props.OptimizerSpec) { o.Schedule, o.Steps = "cosine", 0 }),
	}
	for _, rate := range []float64{0, -0.5, 2e12, math.NaN(), math.Inf(1)} {
		mistakes = append(mistakes, change(fmt.Sprintf("learning rate = %v", rate), func(o *props.OptimizerSpec) { o.LR = rate }))
	}
	for _, decay := range []float64{-0.5, 1.5, math.NaN()} {
		mistakes = append(mistakes, change(fmt.Sprintf("weight decay = %v", decay), func(o *props.OptimizerSpec) { o.Decay = decay }))
	}
	eachRefused(t, c, mistakes)
}

func validateTask(t *rapid.T, s props.Subject) {
	v := s.(Validator)
	k := props.DrawTask(t)
	c := props.TaskCase(k)
	accepted(t, c, "task", func() error { return v.ValidateTask(k) })
	change := func(text string, set func(k *props.TaskSpec)) mistake {
		return mistake{text, func() error { own := k; set(&own); return v.ValidateTask(own) }}
	}
	pair := [][]float64{{0.5, 0.5}, {0.25, 0.75}}
	mistakes := []mistake{
		change(fmt.Sprintf("length = %d", k.Length+1), func(k *props.TaskSpec) { k.Length++ }),
		change("both chain and alpha", func(k *props.TaskSpec) { k.Chain = pair }),
		change("both parents and dag", func(k *props.TaskSpec) { k.Parents, k.DAG = []int{-1, 0}, [][]int{{}, {0}, {1}, {2}} }),
		change("alpha = -1", func(k *props.TaskSpec) { k.Alpha = -1 }),
		change("tokens", func(k *props.TaskSpec) { k.Tokens = 1 }),
		change("chain[0]", func(k *props.TaskSpec) { k.Alpha, k.Chain = 0, [][]float64{{0.5, 0.6}, {0.5, 0.5}} }),
	}
	if k.Tokens != 2 {
		mistakes = append(mistakes, change(fmt.Sprintf("tokens = %d, but the chain has 2", k.Tokens), func(k *props.TaskSpec) { k.Alpha, k.Chain = 0, pair }))
	}
	if k.DAG != nil {
		mistakes = append(mistakes,
			change("independent rows", func(k *props.TaskSpec) { k.Alpha, k.Tokens, k.Chain = 0, 2, pair }),
			change("parents need a tensor", func(k *props.TaskSpec) {
				k.Tokens, k.DAG = 512, slices.Clone(k.DAG)
				k.DAG[k.Length] = []int{0, 1, 2}
			}))
	}
	eachRefused(t, c, mistakes)
}

func validateTrain(t *rapid.T, s props.Subject) {
	v := s.(Validator)
	r := props.DrawTraining(t, props.Disentangled, props.Reduced, props.Transformer)
	c := props.TrainingCase(t, r)
	accepted(t, c, "run", func() error { return v.ValidateTrain(r) })
	change := func(text string, set func(r *props.TrainSpec)) mistake {
		return mistake{text, func() error { own := r; set(&own); return v.ValidateTrain(own) }}
	}
	few := rapid.IntRange(-2, 0).Draw(t, "few")
	eachRefused(t, c, []mistake{
		change(fmt.Sprintf("batch = %d", few), func(r *props.TrainSpec) { r.Batch = few }),
		change("batch = 16777217", func(r *props.TrainSpec) { r.Batch = 1<<24 + 1 }),
		change(fmt.Sprintf("params: %d numbers", len(r.Params)-1), func(r *props.TrainSpec) { r.Params = r.Params[1:] }),
		change(`block "B7"`, func(r *props.TrainSpec) { r.Only = "B7" }),
		change(fmt.Sprintf("the model has %d", r.Model.Tokens), func(r *props.TrainSpec) { r.Task.Tokens++ }),
		change("learning rate = 0", func(r *props.TrainSpec) { r.Optimizer.LR = 0 }),
		change("kind", func(r *props.TrainSpec) { r.Model.Kind = "rnn" }),
	})
}

// countedRows normalises counts plus alpha.
func countedRows(counts []float64, alpha float64) []float64 {
	total := float64(len(counts)) * alpha
	for _, n := range counts {
		total += n
	}
	row := make([]float64, len(counts))
	for v, n := range counts {
		row[v] = (n + alpha) / total
	}
	return row
}

func wrappedCount(t *rapid.T, s props.Subject) {
	f := props.DrawForest(t, 3, 8)
	spec := props.TaskSpec{Tokens: rapid.IntRange(2, 4).Draw(t, "tokens"), Length: f.SequenceLength(), Parents: f.Parents(), Alpha: 1}
	b, alpha := props.DrawTokens(t, spec), props.DrawAlpha(t)
	c := props.TaskCase(spec).Where("the estimator's alpha is %v", alpha).Where("sequences %v", b.Tokens)
	var want []float64
	for n := range b.N {
		x, counts := b.Sequence(n), make([]float64, spec.Tokens)
		for i, p := range spec.Parents {
			if x[(p+spec.Length-1)%(spec.Length-1)] == x[spec.Length-1] { // -1 is the last of the prefix
				counts[x[i]]++
			}
		}
		want = append(want, countedRows(counts, alpha)...)
	}
	got := props.Ask(t, c, "official estimate", func() ([]float64, error) { return s.(TaskVariants).WrappedCount(spec, b, alpha) })
	props.WithinAll(t, c, "official estimate", got, want, 4*float64(b.S+b.T)*s.Roundoff())
}

func singleParentCount(t *rapid.T, s props.Subject) {
	g := gen.DAGs(3, 8, 3).Draw(t, "graph")
	spec := props.DAGSpec(g.DAG, rapid.IntRange(2, 3).Draw(t, "tokens"), 1)
	b, alpha, target := props.DrawTokens(t, spec), props.DrawAlpha(t), targetOf(spec)
	c := props.TaskCase(spec).Where("the estimator's alpha is %v", alpha).Where("sequences %v", b.Tokens)
	for slot := range target {
		var want []float64
		for n := range b.N {
			x, counts := b.Sequence(n), make([]float64, spec.Tokens)
			for i, p := range spec.DAG[:spec.Length] {
				if len(p) == len(target) && x[p[slot]] == x[target[slot]] {
					counts[x[i]]++
				}
			}
			want = append(want, countedRows(counts, alpha)...)
		}
		got := props.Ask(t, c, "estimate of a slot", func() ([]float64, error) { return s.(TaskVariants).SingleParentCount(spec, slot, b, alpha) })
		props.WithinAll(t, c.Where("slot %d", slot), "estimate", got, want, 4*float64(b.S+b.T)*s.Roundoff())
	}
	for _, slot := range []int{-1, len(target)} {
		_, err := props.Guarded(func() ([]float64, error) { return s.(TaskVariants).SingleParentCount(spec, slot, b, alpha) })
		props.Refused(t, c, "answer", err, fmt.Sprintf("parent slot = %d", slot))
	}
}

func taskOtherPrior(t *rapid.T, s props.Subject) {
	spec, seed := props.DrawTask(t), props.DrawSeed(t)
	other := spec
	other.Alpha = rapid.SampledFrom([]float64{0.5, 2}).Draw(t, "other alpha")
	c := props.TaskCase(spec).With("--seed %d", seed).Where("then alpha %v", other.Alpha)
	n := rapid.IntRange(1, 20).Draw(t, "sequences")
	own := props.AskSample(t, s, c, other, n, seed)
	type batch struct {
		tokens  []uint16
		targets []float64
	}
	moved := props.Ask(t, c, "sample under another prior", func() (batch, error) {
		b, err := s.(TaskVariants).SampleUnder(spec, other, n, seed)
		if err != nil {
			return batch{}, err
		}
		return batch{b.Tokens, b.Targets}, nil
	})
	props.Equal(t, c, "tokens under another prior", moved.tokens, own.Tokens)
	props.Equal(t, c, "targets under another prior", moved.targets, own.Targets)
	if spec.DAG != nil {
		other = props.TaskSpec{Tokens: 2, Length: spec.Length, DAG: spec.DAG, Chain: [][]float64{{0.5, 0.5}, {0.25, 0.75}}}
		_, err := props.Guarded(func() (bool, error) { _, err := s.(TaskVariants).SampleUnder(spec, other, n, seed); return true, err })
		props.Refused(t, c, "answer", err, "independent rows")
	}
}
