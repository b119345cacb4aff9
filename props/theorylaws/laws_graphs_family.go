package theorylaws

import (
	"fmt"
	"slices"
	"strconv"

	"causalgrad/props"
	"pgregory.net/rapid"
)

func graphFamilyLaws() []props.Law {
	return []props.Law{
		{ID: "graph-families", Source: "theory.md section 1", Needs: graphs, Check: graphFamilies, Draws: 20,
			Sentence: "The chain, the in-context-learning pairs, the manual forest and the trigram graph have the parents that the paper gives them."},
		{ID: "graph-random-law", Source: "theory.md section 1", Needs: graphs, Check: graphRandomLaw, Draws: 20, FalseAlarm: props.SampleAlarm,
			Sentence: "A random forest's position is a root with the given probability, and each earlier position is as likely as the others to be the parent."},
		{ID: "graph-random-seed", Source: "theory.md section 1", Needs: graphs, Check: graphRandomSeed, Draws: 30, FalseAlarm: 1e-45,
			Sentence: "A random forest is a function of its seed; probability 0 leaves one root, probability 1 no edge."},
	}
}

func graphFamilies(t *rapid.T, s props.Subject) {
	length := rapid.SampledFrom([]int{3, 4, 5, 6, 7, 20, 100, 1024, 4096}).Draw(t, "length")
	chain, pairs, trigram := make([]int, length-1), make([]int, length-1), make([][]int, length+1)
	for i := range chain {
		chain[i], pairs[i] = i-1, -1
		if i%2 == 1 {
			pairs[i] = i - 1
		}
	}
	for i := 2; i <= length; i++ {
		trigram[i] = []int{(i - 1) / 2, i - 1}
	}
	for _, family := range []struct {
		name   string
		length int
		want   written
	}{
		{"chain", length, written{parents: chain}},
		{"icl", length, written{parents: pairs}},
		{"manual", rapid.SampledFrom([]int{0, 6}).Draw(t, "length of manual"), written{parents: []int{-1, 0, 0, 1, 2}}},
		{"trigram-half", length, written{dag: trigram}},
	} {
		source := GraphSource{Text: family.name, Length: family.length}
		askGraph(t, s, source).same(t, sourceCase(source), family.want)
	}
}

// graphRandomLaw counts one position's parent over many seeds. Forests of
// different seeds are independent.
func graphRandomLaw(t *rapid.T, s props.Subject) {
	const n = 400
	length := rapid.IntRange(3, 8).Draw(t, "length")
	i := rapid.IntRange(0, length-2).Draw(t, "position")
	family := rapid.SampledFrom([]struct {
		name string
		root float64
	}{{"random", 0.5}, {"random:0.2", 0.2}, {"random:0.9", 0.9}, {"random:uniform", 1 / float64(i+1)}}).Draw(t, "family")
	first := rapid.Uint64().Draw(t, "seed")
	probability := []float64{family.root} // of a root, then of each earlier position
	for range i {
		probability = append(probability, (1-family.root)/float64(i))
	}
	if i == 0 {
		probability[0] = 1
	}
	counts := make([]int, i+1)
	c := sourceCase(GraphSource{Text: family.name, Length: length})
	for k := range uint64(n) {
		g := askGraph(t, s, GraphSource{Text: family.name, Length: length, Seed: first + k})
		props.Demand(t, c, len(g.Parents) == length-1, "graph", fmt.Sprintf("a forest of %d positions", length-1), strconv.Itoa(len(g.Parents)))
		counts[g.Parents[i]+1]++
	}
	what := func(cell int) string { return fmt.Sprintf("parent %d of position %d", cell-1, i) }
	props.Counted(t, c.Where("%d seeds from %d", n, first), what, counts, n, probability, props.SampleAlarm)
}

// graphRandomSeed: two seeds of the uniform family give one forest of 39
// positions with probability 1/39!, below 1e-45.
func graphRandomSeed(t *rapid.T, s props.Subject) {
	const length = 40
	seed := rapid.Uint64().Draw(t, "seed")
	family := rapid.SampledFrom([]string{"random", "random:0.3", "random:uniform"}).Draw(t, "family")
	source := GraphSource{Text: family, Length: length, Seed: seed}
	g := askGraph(t, s, source)
	askGraph(t, s, source).same(t, sourceCase(source), g.written())
	uniform := func(seed uint64) []int {
		return askGraph(t, s, GraphSource{Text: "random:uniform", Length: length, Seed: seed}).Parents
	}
	props.Demand(t, sourceCase(source), !slices.Equal(uniform(seed), uniform(seed+1)), "forests of two seeds", "different ones", "the same")
	for _, extreme := range []struct {
		text  string
		edges int
	}{{"random:0", length - 2}, {"random:1", 0}} {
		source := GraphSource{Text: extreme.text, Length: length, Seed: seed}
		edges := askGraph(t, s, source).Edges
		props.Demand(t, sourceCase(source), len(edges) == extreme.edges, "edges", strconv.Itoa(extreme.edges), strconv.Itoa(len(edges)))
	}
}
