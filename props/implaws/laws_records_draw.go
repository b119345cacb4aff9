package implaws

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/props"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

// rowPriors have independent rows, which graphs with several parents need.
var rowPriors = []string{"dirichlet:0.1", "dirichlet:1", "dirichlet:3", "floor:0.1,0.25"}

// allPriors are priors of two or more tokens, one of each family.
var allPriors = append(rowPriors[:len(rowPriors):len(rowPriors)], "sticky:0.75,1", "cyclic:0.5,1", "near-deterministic:0.75,1",
	"rank-one:1", "reversible:1", "orbit:1,3")

// drawSpec draws a valid spec whose run takes about a millisecond.
func drawSpec(t *rapid.T) experiment.Spec {
	s := experiment.Default()
	s.ID = rapid.StringMatching(`[a-zA-Z0-9][a-zA-Z0-9._-]{0,8}`).Draw(t, "id")
	s.Length, s.Tokens = rapid.IntRange(4, 6).Draw(t, "length"), rapid.IntRange(2, 3).Draw(t, "tokens")
	s.Model = rapid.SampledFrom([]string{props.Disentangled, props.Disentangled, props.Disentangled, props.Reduced, props.Reduced, props.Transformer}).Draw(t, "model")
	priors := allPriors
	s.Graph, s.Heads = "parents:"+integers(gen.Forests(s.Length, s.Length).Draw(t, "graph").Parents()), []int{1, 1}
	switch {
	case s.Model == props.Disentangled && rapid.Bool().Draw(t, "dag"):
		text, err := json.Marshal(props.ParentLists(gen.DAGs(s.Length, s.Length, 2).Draw(t, "graph")))
		if err != nil {
			t.Fatalf("%v", err) // integers always marshal
		}
		s.Graph, s.Heads, priors = "dag:"+string(text), []int{2, 1}, rowPriors
	case s.Model != props.Reduced:
		s.Graph = rapid.SampledFrom([]string{s.Graph, "chain", "random", "random:uniform", "random:0.25"}).Draw(t, "family")
		s.Heads = rapid.SampledFrom([][]int{{1, 1}, {1}, {2, 1}}).Draw(t, "heads")
	}
	if s.Model == props.Transformer {
		s.Heads = rapid.SampledFrom([][]int{{1, 1}, {1}}).Draw(t, "layers")
	}
	prior := rapid.SampledFrom(priors)
	s.Prior = prior.Draw(t, "prior")
	s.Shifted = rapid.SliceOfN(prior, 0, 2).Draw(t, "shifted")
	s.Eps = rapid.SampledFrom([]float64{0.01, 0.125, 0.5}).Draw(t, "eps")
	s.Optimizer = rapid.SampledFrom([]string{"sgd", "adamw"}).Draw(t, "optimizer")
	s.Schedule = rapid.SampledFrom([]string{"constant", "cosine"}).Draw(t, "schedule")
	s.LR = float64(rapid.Float64Range(1e-3, 0.5).Draw(t, "lr"))
	s.WeightDecay = rapid.SampledFrom([]float64{0, 1e-4, 0x1p-6}).Draw(t, "decay")
	s.InitScale = rapid.SampledFrom([]float64{0, 0.1}).Draw(t, "init")
	s.Steps = rapid.IntRange(1, 12).Draw(t, "steps")
	s.Batch = rapid.SampledFrom([]int{1, 8, 64, 70}).Draw(t, "batch")
	s.Seed = rapid.Uint64().Draw(t, "seed")
	if !strings.HasPrefix(s.Graph, "dag:") {
		s.Precision = rapid.SampledFrom([]string{"", "", experiment.Float32}).Draw(t, "precision")
		s.Stationary = rapid.SampledFrom([]string{"", "", experiment.SVD32}).Draw(t, "stationary")
	}
	s.TestSequences = rapid.SampledFrom([]int{2, 33, 260}).Draw(t, "test sequences")
	return s
}

func integers(values []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(values), " ", ","), "[]")
}

// specCase is the case of a law about specs.
func specCase(specs ...experiment.Spec) props.Case {
	var c props.Case
	for _, s := range specs {
		c = c.Where("spec %s", jsonOf(s))
	}
	return c
}

func jsonOf(v any) string {
	text, err := json.Marshal(v)
	if err != nil { // an infinite number
		return fmt.Sprintf("%+v", v)
	}
	return string(text)
}

// inFolder gives do a fresh folder, which is gone afterwards.
func inFolder(t *rapid.T, do func(folder string)) {
	folder, err := os.MkdirTemp("", "causalgrad-law-")
	if err != nil {
		t.Fatalf("a folder to work in: %v", err)
	}
	defer func() { _ = os.RemoveAll(folder) }() // a file that stays harms nobody
	do(folder)
}

// fileIn writes a file of the law's own.
func fileIn(t *rapid.T, folder, name string, data []byte) string {
	name = filepath.Join(folder, name)
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatalf("a file to work on: %v", err)
	}
	return name
}

func readBack(t *rapid.T, name string) []byte {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("a file to look at: %v", err)
	}
	return data
}

// refuses is props.Refuses for what answers with nothing but an error.
func refuses(t *rapid.T, c props.Case, what string, call func() error, words ...string) {
	props.Refuses(t, c, what, func() (struct{}, error) { return struct{}{}, call() }, words...)
}

// flip flips one bit of the last bytes of data.
func flip(t *rapid.T, data []byte, last int) {
	data[len(data)-1-rapid.IntRange(0, last-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
}

// same demands two values with the same JSON: the same bits of every number.
func sameJSON(t *rapid.T, c props.Case, what string, got, want any) {
	g, w := jsonOf(got), jsonOf(want)
	props.Demand(t, c, g == w, what, w, g)
}

// sameBits demands the same bits, which sees the sign of zero.
func sameBits(t *rapid.T, c props.Case, what string, got, want []float64) {
	g, w := make([]uint64, len(got)), make([]uint64, len(want))
	for i, v := range got {
		g[i] = math.Float64bits(v)
	}
	for i, v := range want {
		w[i] = math.Float64bits(v)
	}
	props.Equal(t, c, what, g, w)
}

// decode reads JSON that a law has written.
func decode(t *rapid.T, text string, to any) {
	if err := json.Unmarshal([]byte(text), to); err != nil {
		t.Fatalf("%v", err)
	}
}
