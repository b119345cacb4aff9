package experiment

import (
	"fmt"
	"slices"
	"strings"
)

// Preset is one of the paper's experiments with the official configuration.
type Preset struct {
	Spec   Spec
	Figure string // the figure of the paper
	Title  string
}

// quickShifted are the priors of the quick runs: those of the official
// out-of-distribution rows and two structured ones.
var quickShifted = []string{"dirichlet:0.1", "dirichlet:0.3", "dirichlet:1", "dirichlet:3",
	"near-deterministic:0.95,1", "sticky:0.9,1"}

// rowShifted are priors with independent rows, for graphs with several parents:
// from nearly deterministic to nearly uniform rows, and the theorems' floor.
var rowShifted = []string{"dirichlet:0.03", "dirichlet:0.1", "dirichlet:0.3", "dirichlet:1", "dirichlet:3", "dirichlet:10", "floor:0.1,0.2"}

// forestShifted are rowShifted and the chains whose rows depend on each other
// or have a structure of their own.
var forestShifted = append(slices.Clip(rowShifted), "sticky:0.9,1", "cyclic:0.9,1", "near-deterministic:0.95,1", "reversible:1", "rank-one:1")

// Presets lists the paper's single experiments (theory/README.md, section 7); those of
// many-graphs come from ManyGraphs.
func Presets() []Preset {
	single := func(id, graph, figure, title string) Preset {
		return Preset{Figure: figure, Title: title, Spec: Spec{ID: id, Graph: graph, Length: 20, Tokens: 10,
			Prior: "dirichlet:0.1", Model: "disentangled", Heads: []int{1, 1}, Optimizer: "sgd", LR: 1, Schedule: "cosine",
			Steps: 131072, Batch: 1024, Seed: 1, TestSequences: 65536, Shifted: slices.Clone(forestShifted)}}
	}
	multi := Preset{Figure: "5, 7", Title: "two parents, two heads", Spec: Spec{ID: "multi-parent", Graph: "trigram-half",
		Length: 32, Tokens: 5, Prior: "dirichlet:0.1", Model: "disentangled", Heads: []int{2, 1}, Optimizer: "adamw", LR: 1e-2,
		Schedule: "cosine", WeightDecay: 1e-4, InitScale: 1e-4, Steps: 65536, Batch: 1024, Seed: 1, TestSequences: 65536, Shifted: slices.Clone(rowShifted)}}
	mlp := single("mlp-chain", "chain", "8", "transformer with MLP on the chain")
	mlp.Spec.Model, mlp.Spec.Optimizer, mlp.Spec.LR, mlp.Spec.WeightDecay, mlp.Spec.Steps = "transformer", "adamw", 1e-2, 2e-4, 4096
	return []Preset{
		single("single-chain", "chain", "2", "chain"),
		single("single-icl", "icl", "6", "in-context learning pairs"),
		single("single-random", "random:uniform", "6", "random forest"),
		multi, mlp,
	}
}

// ManyGraph is the many-graphs experiment on the forest of a published trial.
func ManyGraph(trial int, parents []int) Spec {
	words := make([]string, len(parents))
	for i, p := range parents {
		words[i] = fmt.Sprint(p)
	}
	return Spec{ID: fmt.Sprintf("many-graphs-%02d", trial), Graph: "parents:" + strings.Join(words, ","), Length: len(parents) + 1,
		Tokens: 3, Prior: "dirichlet:0.1", Model: "disentangled", Heads: []int{1, 1}, Optimizer: "sgd", LR: 1, Schedule: "constant",
		Steps: 16384, Batch: 1024, Seed: 1, TestSequences: 65536, Shifted: slices.Clone(forestShifted)}
}

// Quick are the small runs of the report and of the goldens: chain, icl and
// the given published forests at S = 3, T = 20, gradient descent at rate 1 for
// steps steps.
func Quick(steps int, forests [][]int) []Spec {
	small := func(id, graph string) Spec {
		s := ManyGraph(0, make([]int, 19))
		s.ID, s.Graph, s.Steps, s.Shifted = id, graph, steps, slices.Clone(quickShifted)
		return s
	}
	specs := []Spec{small("quick-chain", "chain"), small("quick-icl", "icl")}
	for trial, parents := range forests {
		s := ManyGraph(trial, parents)
		s.ID, s.Steps, s.Shifted = fmt.Sprintf("quick-forest-%d", trial), steps, slices.Clone(quickShifted)
		specs = append(specs, s)
	}
	return specs
}
