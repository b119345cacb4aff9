package implaws

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/props"
	"pgregory.net/rapid"
)

// changed returns the spec with another value of one field, valid or not. Only
// lists, which no change shares, are new.
func changed(t *rapid.T, s experiment.Spec) (field string, other experiment.Spec) {
	number := rapid.SampledFrom([]float64{-1, 0, 0.0625, 0.3, 1, 7, 1e13})
	count := rapid.SampledFrom([]int{-1, 0, 1, 2, 3, 5, 9, math.MaxInt32})
	word := func(own string, others ...string) string {
		return rapid.SampledFrom(slices.DeleteFunc(others, func(o string) bool { return o == own })).Draw(t, "word")
	}
	other = s
	field = rapid.SampledFrom(experiment.FieldNames()).Draw(t, "field")
	switch field {
	case "id":
		other.ID = rapid.SampledFrom([]string{s.ID + "x", "", "../" + s.ID, "a b", strings.Repeat("a", 65)}).Draw(t, "id")
	case "graph":
		other.Graph = word(s.Graph, "chain", "wheel", "random", "parents:-1", "parents:0,0,0", "chain:1", "@absent.json")
	case "length":
		other.Length = count.Filter(func(v int) bool { return v != s.Length && v != 0 }).Draw(t, "length")
	case "tokens":
		other.Tokens = count.Filter(func(v int) bool { return v != s.Tokens && v != 0 }).Draw(t, "tokens")
	case "prior":
		other.Prior = word(s.Prior, "dirichlet:0.7", "dirichlet", "dirichlet:-1", "dirichlet:x", "floor:1,2", "rain:1", "point:absent.json", "@absent.csv", "orbit:1,4")
	case "model":
		other.Model = word(s.Model, props.Disentangled, props.Reduced, "rnn", "")
	case "heads":
		other.Heads = rapid.SampledFrom([][]int{nil, {3}, {0, 1}, {1, -1}, {1, 1, 1}, {99, 1}}).Draw(t, "heads")
	case "eps":
		other.Eps = number.Filter(func(v float64) bool { return v != s.Eps }).Draw(t, "eps")
	case "optimizer":
		other.Optimizer = word(s.Optimizer, "sgd", "adamw", "lion", "")
	case "lr":
		other.LR = number.Filter(func(v float64) bool { return v != s.LR }).Draw(t, "lr")
	case "schedule":
		other.Schedule = word(s.Schedule, "constant", "cosine", "step", "")
	case "weight_decay":
		other.WeightDecay = number.Filter(func(v float64) bool { return v != s.WeightDecay }).Draw(t, "decay")
	case "init_scale":
		other.InitScale = number.Filter(func(v float64) bool { return v != s.InitScale }).Draw(t, "init")
	case "steps":
		other.Steps = count.Filter(func(v int) bool { return v != s.Steps }).Draw(t, "steps")
	case "batch":
		other.Batch = count.Filter(func(v int) bool { return v != s.Batch }).Draw(t, "batch")
	case "seed":
		other.Seed ^= 1 << rapid.IntRange(0, 63).Draw(t, "bit")
	case "test_sequences":
		other.TestSequences = count.Filter(func(v int) bool { return v != s.TestSequences }).Draw(t, "sequences")
	case "shifted":
		other.Shifted = append(slices.Clone(s.Shifted), word("", "dirichlet:1", "rain:1", "sticky", "reversible:0"))
	case "initial_weights":
		other.InitialWeights = strings.Repeat("0f", 32)
	case "precision":
		other.Precision = word(s.Precision, "", experiment.Float32, "float16")
	case "stationary":
		other.Stationary = word(s.Stationary, "", experiment.SVD32, "eigen")
	}
	return field, other
}

// impossible returns the spec with a value that is wrong beside any others.
func impossible(t *rapid.T, s experiment.Spec) (field string, other experiment.Spec) {
	number := func(wrong ...float64) float64 {
		return rapid.SampledFrom(append(wrong, -1, math.NaN(), math.Inf(1), math.Inf(-1))).Draw(t, "number")
	}
	count := func(wrong ...int) int {
		return rapid.SampledFrom(append(wrong, -1, math.MinInt32, math.MaxInt32)).Draw(t, "count")
	}
	word := func(wrong ...string) string { return rapid.SampledFrom(wrong).Draw(t, "word") }
	other = s
	field = rapid.SampledFrom([]string{"id", "graph", "length", "tokens", "prior", "model", "heads", "eps", "optimizer", "lr", "schedule",
		"weight_decay", "init_scale", "steps", "batch", "test_sequences", "shifted", "precision", "stationary"}).Draw(t, "field")
	switch field {
	case "id":
		other.ID = word("", "../x", "a b", ".x", strings.Repeat("a", 65))
	case "graph":
		other.Graph = word("", "wheel", "chain:1", "parents:0,0,0", "parents:", "parents:-1,x", "dag:[[]]", "dag:x", "random:2", "random:x", "@absent.json", "@absent.png")
	case "length":
		other.Graph, other.Length = word("chain", "random"), count(0, 1)
	case "tokens":
		other.Tokens = count(1)
	case "prior":
		other.Prior = word("", "dirichlet", "dirichlet:0", "dirichlet:-1", "dirichlet:x", "floor:1,2", "floor:1", "sticky:2,1", "rain:1", "orbit:x", "point:[[1]]", "point:absent", "@absent")
	case "model":
		other.Model = word("", "rnn", "Reduced")
	case "heads":
		other.Model = rapid.SampledFrom([]string{props.Disentangled, props.Transformer}).Draw(t, "model")
		other.Heads = rapid.SampledFrom([][]int{nil, {0, 1}, {1, -1}, {1 << 20, 1}, {1, 1, 1, 1, 1, 1, 1, 1, 1}}).Draw(t, "heads")
	case "eps":
		other.Eps = number(1.5)
	case "optimizer":
		other.Optimizer = word("", "lion", "SGD")
	case "lr":
		other.LR = number(0, 1e13)
	case "schedule":
		other.Schedule = word("", "step")
	case "weight_decay":
		other.WeightDecay = number(2)
	case "init_scale":
		other.InitScale = number(1000)
	case "steps":
		other.Steps = count(0)
	case "batch":
		other.Batch = count(0)
	case "test_sequences":
		other.TestSequences = count(0, 1)
	case "shifted":
		other.Shifted = append(slices.Clone(s.Shifted), word("", "dirichlet", "rain:1", "reversible:0"))
	case "precision":
		other.Precision = word("float16", "Float32")
	case "stationary":
		other.Stationary = word("svd", "none")
	}
	return field, other
}

// altered changes, inserts or drops some bytes.
func altered(t *rapid.T, text []byte) []byte {
	text = bytes.Clone(text)
	for range rapid.IntRange(1, 3).Draw(t, "changes") {
		if len(text) == 0 {
			break
		}
		i := rapid.IntRange(0, len(text)-1).Draw(t, "place")
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			text[i] = byte(rapid.IntRange(0, 255).Draw(t, "byte"))
		case 1:
			text = slices.Insert(text, i, rapid.SampledFrom([]byte("0123456789.-eE:,[]{}\"'\n\t #&*!|>%@x")).Draw(t, "byte"))
		case 2:
			text = slices.Delete(text, i, min(len(text), i+rapid.IntRange(1, 8).Draw(t, "bytes")))
		}
	}
	return text
}
