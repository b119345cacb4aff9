package theorylaws

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"causalgrad/props"
	"causalgrad/theory/graph"
	"pgregory.net/rapid"
)

func inferTreeLaws() []props.Law {
	return []props.Law{
		{ID: "infer-tree-information", Source: "theory.md section 3", Needs: inference, Draws: 40, Check: inferTreeInformation,
			Sentence: "The mutual information of two columns is the sum of their entropies less the joint one, from 0 to the smaller of the two."},
		{ID: "infer-tree-brute-force", Source: "theory.md section 3", Needs: inference, Draws: 40, Check: inferTreeBruteForce,
			Sentence: "No spanning tree has more total information than the tree of Chow and Liu, and no earlier position more than the one named."},
		{ID: "infer-tree-of-the-forest", Source: "theory.md section 3", Needs: inference, Draws: 12, Check: inferTreeOfForest,
			Sentence: "Over all sequences the tree has the total information of the causal forest's edges: data processing leaves no better one."},
		{ID: "infer-discovery-rate", Source: "theory.md section 3", Needs: inference, Check: inferDiscoveryRate,
			Sentence: "The selection at a false discovery rate is the largest step-up set, grows with the rate and ignores the order."},
	}
}

// entropy of a law, nats.
func entropy(law []float64) float64 {
	sum := 0.0
	for _, p := range law {
		if p > 0 {
			sum -= p * math.Log(p)
		}
	}
	return sum
}

func inferTreeInformation(t *rapid.T, s props.Subject) {
	x := drawSequences(t, s)
	columns := rapid.IntRange(1, x.Columns).Draw(t, "first columns")
	tree := x.tree(columns)
	for i := range columns {
		for k := range i {
			joint, left, right := x.contingency(k, i)
			a, b := entropy(left), entropy(right)
			props.Within(t, x.Case, props.At("mutual information", i, k), tree.Information[i][k], a+b-entropy(slices.Concat(joint...)), 2*x.informationSlack())
			props.AtLeast(t, x.Case, props.At("mutual information", i, k), tree.Information[i][k], 0, 0)
			props.AtMost(t, x.Case, props.At("mutual information", i, k), tree.Information[i][k], math.Min(a, b), 2*x.informationSlack())
		}
	}
}

// total is the information of a tree by parents in any order, which must reach
// every position from position 0.
func (x sequences) total(information [][]float64, parents []int) float64 {
	sum := 0.0
	for i, p := range parents {
		props.Demand(x.t, x.Case, (p == graph.Root) == (i == 0) && p < len(parents), fmt.Sprintf("parent of %d", i), "another position, a root at 0 alone", strconv.Itoa(p))
		if i == 0 {
			continue
		}
		sum += information[max(i, p)][min(i, p)]
		steps := 0
		for at := i; at != 0 && steps <= len(parents); at = parents[at] {
			steps++
		}
		props.Demand(x.t, x.Case, steps < len(parents), fmt.Sprintf("line of parents of %d", i), "an end at 0", "a cycle")
	}
	return sum
}

// inferTreeBruteForce lists the spanning trees by their Prüfer sequences. Sums of
// at most four informations below log S are off by less than 1e-14.
func inferTreeBruteForce(t *rapid.T, s props.Subject) {
	x := drawSequences(t, s)
	n := rapid.IntRange(2, min(x.Columns, 5)).Draw(t, "first columns")
	tree := x.tree(n)
	got := x.total(tree.Information, tree.Parent)
	code := make([]int, n-2)
	for {
		sum, edges := 0.0, treeOf(code)
		for _, e := range edges {
			sum += tree.Information[max(e[0], e[1])][min(e[0], e[1])]
		}
		// Weights that are equal up to 1e-12 count as equal.
		props.AtMost(t, x.Case, fmt.Sprintf("total information of the tree %v", edges), sum, got, 1e-12)
		at := 0
		for at < len(code) && code[at] == n-1 {
			code[at], at = 0, at+1
		}
		if at == len(code) {
			break
		}
		code[at]++
	}
	for i, p := range tree.Earlier {
		props.Demand(t, x.Case, (p == graph.Root) == (i == 0) && p < max(i, 1), fmt.Sprintf("earlier position of %d", i), "an earlier one, a root at 0 alone", strconv.Itoa(p))
		for k := range i {
			props.AtMost(t, x.Case, props.At("mutual information", i, k), tree.Information[i][k], tree.Information[i][p], 0)
		}
	}
}

// treeOf is the labelled tree of a Prüfer sequence over n-2 of n vertices.
func treeOf(code []int) [][2]int {
	degree := make([]int, len(code)+2)
	for i := range degree {
		degree[i] = 1
	}
	for _, v := range code {
		degree[v]++
	}
	var edges [][2]int
	join := func(v int) {
		leaf := slices.Index(degree, 1)
		edges = append(edges, [2]int{leaf, v})
		degree[leaf]--
		degree[v]--
	}
	for _, v := range code {
		join(v)
	}
	first := slices.Index(degree, 1)
	degree[first] = 0
	return append(edges, [2]int{first, slices.Index(degree, 1)})
}

func inferTreeOfForest(t *rapid.T, s props.Subject) {
	x := drawPopulation(t, s)
	tree := x.tree(x.f.Positions())
	got, want := x.total(tree.Information, tree.Parent), 0.0
	for _, e := range x.f.Edges() {
		want += tree.Information[e.Child][e.Parent]
	}
	props.Within(t, x.Case, "total information", got, want, 4*float64(x.Columns)*x.informationSlack())
}

func inferDiscoveryRate(t *rapid.T, s props.Subject) {
	n := rapid.IntRange(1, 8).Draw(t, "p-values")
	low := float64(rapid.IntRange(1, 31).Draw(t, "rate")) / 128
	high := low + float64(rapid.IntRange(0, 31).Draw(t, "more"))/128
	p := make([]float64, n)
	for i := range p { // between the limits of two ranks, never at one
		p[i] = low * (float64(rapid.IntRange(0, n+1).Draw(t, "limits passed")) + 0.5) / float64(n)
	}
	c := props.Case{}.Where("p-values %v, rates %v and %v", p, low, high)
	ask := func(p []float64, rate float64) []bool {
		chosen := props.Ask(t, c, "selection", func() ([]bool, error) { return s.(Inferrer).Select(p, rate) })
		props.Demand(t, c, len(chosen) == n, "selection", strconv.Itoa(n), strconv.Itoa(len(chosen)))
		return chosen
	}
	few, many := ask(p, low), ask(p, high)
	// The step-up set: all p-values up to the largest p with p n <= rate times
	// the number of p-values up to it.
	limit := -1.0
	for _, v := range p {
		rank := 0
		for _, other := range p {
			if other <= v {
				rank++
			}
		}
		if v*float64(n) <= low*float64(rank) {
			limit = math.Max(limit, v)
		}
	}
	for i, v := range p {
		props.Demand(t, c, few[i] == (v <= limit), fmt.Sprintf("selection of p[%d] = %v", i, v), fmt.Sprint(v <= limit), fmt.Sprint(few[i]))
		props.Demand(t, c, !few[i] || many[i], fmt.Sprintf("selection of p[%d] at the larger rate", i), "true", "false")
	}
	order := props.DrawOrder(t, n)
	moved := make([]float64, n)
	for i, v := range p {
		moved[order[i]] = v
	}
	for i, chosen := range ask(moved, low) {
		props.Demand(t, c, chosen == few[slices.Index(order, i)], "selection in another order", "the same", "another")
	}
	p[0] = rapid.SampledFrom([]float64{-0.5, 1.5, math.NaN()}).Draw(t, "no probability")
	_, err := props.Guarded(func() ([]bool, error) { return s.(Inferrer).Select(p, low) })
	props.Refused(t, c, "selection", err, "p[0]")
}
