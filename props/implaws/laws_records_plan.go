package implaws

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/props"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

func planLaws() []props.Law {
	return []props.Law{
		{ID: "plan-official", Source: "theory.md section 7", Needs: []props.Capability{CanPlan}, Draws: 20, Check: planOfficial,
			Sentence: "At full size the experiments have the official sizes, heads, optimisers, steps and batches, and the forests given."},
		{ID: "plan-sizes", Source: "theory.md section 7", Needs: []props.Capability{CanPlan}, Draws: 20, Check: planSizes,
			Sentence: "A smaller size divides the number of steps, never takes more of anything, and changes nothing else."},
		{ID: "plan-seeds", Source: "theory.md section 7", Needs: []props.Capability{CanPlan, CanSpecify}, Draws: 5, Check: planSeeds,
			Sentence: "Every experiment comes once with each seed from 1 on, valid, and no two of them have one hash."},
	}
}

var planSizeNames = []string{"quick", "default", "full"}

func drawForests(t *rapid.T) [][]int {
	forests := make([][]int, rapid.IntRange(0, 2).Draw(t, "forests"))
	for i := range forests {
		forests[i] = gen.Forests(3, 12).Draw(t, "forest").Parents()
	}
	return forests
}

func askPlan(t *rapid.T, s props.Subject, size string, forests [][]int, seeds int) ([]experiment.Spec, props.Case) {
	c := props.Case{}.With("--size %s", size).With("--seeds %d", seeds).Where("forests %v", forests)
	return props.Ask(t, c, "experiments", func() ([]experiment.Spec, error) { return s.(Planner).Plan(size, forests, seeds) }), c
}

// official is a row of the table of theory.md section 7.
type official struct {
	id, graph, model    string
	tokens, length      int
	heads               []int
	optimizer, schedule string
	rate, decay, init   float64
	steps               int
}

func (o official) spec(s experiment.Spec) experiment.Spec {
	s.Graph, s.Model, s.Tokens, s.Length, s.Heads, s.Optimizer, s.Schedule = o.graph, o.model, o.tokens, o.length, o.heads, o.optimizer, o.schedule
	s.LR, s.WeightDecay, s.InitScale, s.Steps, s.Batch, s.Prior, s.Seed, s.InitialWeights = o.rate, o.decay, o.init, o.steps, 1024, "dirichlet:0.1", 1, ""
	return s
}

// table is theory.md section 7 with a row for every forest.
func table(forests [][]int) []official {
	one := []int{1, 1}
	rows := []official{
		{"single-chain", "chain", props.Disentangled, 10, 20, one, "sgd", "cosine", 1, 0, 0, 131072},
		{"single-icl", "icl", props.Disentangled, 10, 20, one, "sgd", "cosine", 1, 0, 0, 131072},
		{"single-random", "random:uniform", props.Disentangled, 10, 20, one, "sgd", "cosine", 1, 0, 0, 131072},
		{"multi-parent", "trigram-half", props.Disentangled, 5, 32, []int{2, 1}, "adamw", "cosine", 1e-2, 1e-4, 1e-4, 65536},
		{"mlp-chain", "chain", props.Transformer, 10, 20, one, "adamw", "cosine", 1e-2, 2e-4, 0, 4096},
	}
	for i, parents := range forests {
		rows = append(rows, official{"many-graphs-0" + strconv.Itoa(i), "parents:" + integers(parents), props.Disentangled, 3, len(parents) + 1, one,
			"sgd", "constant", 1, 0, 0, 16384})
	}
	return rows
}

func planOfficial(t *rapid.T, s props.Subject) {
	forests := drawForests(t)
	specs, c := askPlan(t, s, "full", forests, 1)
	for _, o := range table(forests) {
		at := slices.IndexFunc(specs, func(s experiment.Spec) bool { return s.ID == o.id })
		props.Demand(t, c, at >= 0, "experiment "+o.id, "in the list", "missing")
		sameJSON(t, c, "experiment "+o.id, specs[at], o.spec(specs[at]))
	}
}

func planSizes(t *rapid.T, s props.Subject) {
	forests := drawForests(t)
	full, _ := askPlan(t, s, "full", forests, 1)
	before := full
	for _, size := range []string{"default", "quick"} {
		specs, c := askPlan(t, s, size, forests, 1)
		props.Demand(t, c, len(specs) == len(full), "experiments", strconv.Itoa(len(full)), strconv.Itoa(len(specs)))
		for i, spec := range specs {
			what := "experiment " + full[i].ID
			props.Demand(t, c, spec.Steps >= 1 && full[i].Steps%spec.Steps == 0, what+": steps", "a divisor of "+strconv.Itoa(full[i].Steps), strconv.Itoa(spec.Steps))
			props.Demand(t, c, spec.Steps <= before[i].Steps && spec.TestSequences <= before[i].TestSequences, what, "no more than the larger size's", jsonOf(spec))
			spec.Steps, spec.TestSequences = full[i].Steps, full[i].TestSequences
			sameJSON(t, c, what+" with the official steps", spec, full[i])
		}
		before = specs
	}
	_, err := props.Guarded(func() ([]experiment.Spec, error) { return s.(Planner).Plan("huge", forests, 1) })
	refuses(t, props.Case{}.With("--size huge"), "size", func() error { return err }, "huge")
}

func planSeeds(t *rapid.T, s props.Subject) {
	forests, size := drawForests(t), rapid.SampledFrom(planSizeNames).Draw(t, "size")
	seeds := rapid.IntRange(1, 3).Draw(t, "seeds")
	once, _ := askPlan(t, s, size, forests, 1)
	specs, c := askPlan(t, s, size, forests, seeds)
	props.Demand(t, c, len(specs) == seeds*len(once), "experiments", strconv.Itoa(seeds*len(once)), strconv.Itoa(len(specs)))
	hashes := map[string]string{}
	for i, spec := range specs {
		want := once[i/seeds]
		want.Seed = uint64(i%seeds + 1)
		sameJSON(t, c, "experiment "+strconv.Itoa(i), spec, want)
		hash := askHash(t, s, c, spec)
		props.Demand(t, c, hashes[hash] == "", "hash of "+jsonOf(spec), "its own", "that of "+hashes[hash])
		hashes[hash] = jsonOf(spec)
	}
	for _, wrong := range []int{0, -1, math.MaxInt} {
		_, err := props.Guarded(func() ([]experiment.Spec, error) { return s.(Planner).Plan(size, nil, wrong) })
		refuses(t, c, "seeds", func() error { return err }, strings.TrimSpace(strconv.Itoa(wrong)))
	}
}
